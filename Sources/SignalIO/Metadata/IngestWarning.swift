/// What was odd about a recording's surroundings but did not stop it from being read.
package enum IngestWarning: Sendable, Equatable {
  /// A key that means nothing to us; `nearest` is the known key it resembles.
  case unknownKey(path: String, key: String, nearest: String?)
  /// Several side-cars stand beside one recording; only the first counts.
  case severalSideCars(used: String, ignored: [String])
  /// `rec.json` beside `rec.wav` could be a side-car but cannot be read.
  case unreadableCompanion(path: String, reason: String)
  /// A rate stated outside the file replaces the one in its header.
  case sampleRateOverridden(path: String, header: Double, used: Double, source: MetadataSource)
  /// Rows of a label table name files that were not found, or fit several; `example` is the first.
  case unmatchedLabels(table: String, count: Int, example: String)
}

extension IngestWarning: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownKey(let path, let key, let nearest):
      "\(path): unknown key '\(key)' was ignored." + (nearest.map { " Did you mean '\($0)'?" } ?? "")
    case .severalSideCars(let used, let ignored):
      "\(used) was used as side-car; \(ignored.joined(separator: ", ")) ignored. Keep only one."
    case .unreadableCompanion(let path, let reason):
      "\(path) stands beside a recording of the same name but was not read as its side-car: \(reason)"
    case .sampleRateOverridden(let path, let header, let used, let source):
      "\(path) states \(ConfigurationValue.spelling(of: header)) Hz itself, but "
        + "\(ConfigurationValue.spelling(of: used)) Hz from \(source) is used."
    case .unmatchedLabels(let table, let count, let example):
      "\(table): \(count) \(count == 1 ? "row names" : "rows name") no recording that was found, or several "
        + "('\(example)')."
    }
  }
}

extension MetadataSource: CustomStringConvertible {
  package var description: String {
    switch self {
    case .flag(let name): name
    case .sideCar(let path): "side-car \(path)"
    case .file(let detail): detail.isEmpty ? "the file itself" : "the file itself (\(detail))"
    case .folder(let path): path
    case .estimate(let detail): "an estimate (\(detail))"
    }
  }
}
