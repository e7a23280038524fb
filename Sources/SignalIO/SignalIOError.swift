/// What can go wrong between a file and its features. Text is made in `description`, in one order:
/// what, where, found, expected, what to try.
package enum SignalIOError: Error, Sendable, Equatable {
  /// The file does not exist or cannot be opened; `reason` is the system's word.
  case cannotOpen(path: String, reason: String)
  case emptyFile(path: String)
  /// No reader recognises the file.
  case unknownFormat(path: String, found: String)
  /// The file is damaged or is not what it claims to be.
  case malformed(path: String, location: String, found: String, expected: String)
  /// The file is sound but holds no samples that can be used.
  case noSamples(path: String, found: String)
  case noSuchChannel(path: String, wanted: String, available: [String])
  /// A setting has a value that cannot be used.
  case badSetting(name: String, found: String, expected: String)
  /// A size that the file claims exceeds what the file can hold or what the program accepts.
  case tooLarge(path: String, claimed: String, limit: String)
  /// The catalogue has no bearing of that name; `near` lists the most similar names, best first.
  case unknownBearing(name: String, near: [String])
  /// A file could not be written; `reason` is the system's or the library's word.
  case cannotWrite(path: String, reason: String)
  /// A side-car, folder file or label table says something that cannot be used; `key` names the place in it.
  case badMetadata(path: String, key: String, found: String, expected: String)
  /// Neither the file nor anything beside it says how many samples a second it has.
  case sampleRateUnknown(path: String)
  /// Fewer samples than one window takes.
  case tooShort(path: String, found: String, expected: String)
}

extension SignalIOError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "cannot open \(path): \(reason). Check the path and its permissions."
    case .emptyFile(let path):
      "\(path) is empty: found 0 bytes, expected a recording. Export it again."
    case .unknownFormat(let path, let found):
      "\(path) is not a recording of a known format: found \(found). Try --format, or export as WAV, CSV, MAT or NPY."
    case .malformed(let path, let location, let found, let expected):
      "\(path) is damaged at \(location): found \(found), expected \(expected). Export or copy it again."
    case .noSamples(let path, let found):
      "\(path) holds no usable samples: found \(found). Name the variable or column with --channel."
    case .noSuchChannel(let path, let wanted, let available):
      "\(path) has no channel '\(wanted)'; it has \(available.joined(separator: ", ")). Choose one with --channel."
    case .badSetting(let name, let found, let expected):
      "\(name) cannot be \(found): expected \(expected)."
    case .tooLarge(let path, let claimed, let limit):
      "\(path) claims \(claimed), more than \(limit). It is damaged or hostile; export it again."
    case .unknownBearing(let name, let near):
      "no bearing '\(name)' in the catalogue; \(near.isEmpty ? "nothing there is similar" : "similar names: " + near.joined(separator: ", ")). "
        + "Give its geometry with --geometry n,d,D,angle (rolling elements, their diameter and the pitch diameter "
        + "in millimetres, contact angle in degrees)."
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason). Nothing was left there; check that its folder exists, "
        + "may be written to and has room."
    case .badMetadata(let path, let key, let found, let expected):
      "\(path) cannot be used at \(key): found \(found), expected \(expected). Correct the file."
    case .sampleRateUnknown(let path):
      "\(path) does not state its sample rate: found none in the file or beside it, expected a number of hertz. "
        + "Give --sample-rate, or sample_rate in \(path).json or fault-diag.toml."
    case .tooShort(let path, let found, let expected):
      "\(path) is too short: found \(found), expected at least \(expected). Record longer."
    }
  }
}
