import Support

/// What can go wrong with a stored model. Text is made in `description`, in one order: what, where, found,
/// expected, what to try.
package enum NeuralNetError: Error, Sendable, Equatable {
  /// The file does not exist or cannot be read; `reason` is the system's word.
  case cannotRead(path: String, reason: String)
  /// The file could not be written; what stood there before is untouched.
  case cannotWrite(AtomicFileError)
  /// The file ends before its own header says it should. In bytes.
  case cut(path: String, found: Int, expected: Int)
  /// The file is damaged or is not what it claims to be.
  case malformed(path: String, location: String, found: String, expected: String)
  /// A size that the file claims exceeds what the program accepts.
  case tooLarge(path: String, claimed: String, limit: String)
  /// The file was written by a later program whose format this one does not know.
  case newerVersion(path: String, found: Int, supported: Int, writtenBy: String)
  /// The file is a sound container but lacks an entry of the metadata.
  case missingMetadata(path: String, key: String, expected: String)
  /// An entry of the metadata has a value that cannot be used.
  case badMetadata(path: String, key: String, found: String, expected: String)
  case missingTensor(path: String, name: String, expected: String)
  /// Tensors that the model does not have.
  case unexpectedTensors(path: String, names: [String])
  case wrongShape(path: String, name: String, found: [Int], expected: [Int])
  case wrongDataType(path: String, name: String, found: String, expected: String)
}

extension NeuralNetError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotRead(let path, let reason):
      "cannot read \(path): \(reason). Check the path and its permissions."
    case .cannotWrite(let error):
      error.description
    case .cut(let path, let found, let expected):
      "\(path) is cut short: found \(found) bytes, expected \(expected). Copy it again, or take an older checkpoint."
    case .malformed(let path, let location, let found, let expected):
      "\(path) is not a sound model file, at \(location): found \(found), expected \(expected). "
        + "Name a .safetensors file that this program wrote, or copy it again."
    case .tooLarge(let path, let claimed, let limit):
      "\(path) claims \(claimed), more than \(limit). It is damaged or not a model file; copy it again."
    case .newerVersion(let path, let found, let supported, let writtenBy):
      "\(path) has format version \(found), written by \(writtenBy); this program reads versions up to \(supported). "
        + "Update the program, or train the model again with this one."
    case .missingMetadata(let path, let key, let expected):
      "\(path) has no metadata entry '\(key)': expected \(expected). "
        + "It may be a file of another program or of another version of this one; name one that this version wrote."
    case .badMetadata(let path, let key, let found, let expected):
      "\(path) has an unusable metadata entry '\(key)': found \(found), expected \(expected). "
        + "It may be a file of another program or of another version of this one; name one that this version wrote."
    case .missingTensor(let path, let name, let expected):
      "\(path) has no tensor '\(name)': expected \(expected). It holds a model of another plan; train again."
    case .unexpectedTensors(let path, let names):
      "\(path) has tensors that the model lacks: found \(Self.listed(names)), expected none beside the model's. "
        + "It holds a model of another plan; train again."
    case .wrongShape(let path, let name, let found, let expected):
      "\(path) has tensor '\(name)' in another shape: found \(found), expected \(expected). "
        + "It holds a model of another plan; train again."
    case .wrongDataType(let path, let name, let found, let expected):
      "\(path) has tensor '\(name)' in another type: found \(found), expected \(expected). "
        + "Convert it with the program that wrote it."
    }
  }

  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? shown + " and \(names.count - 5) more" : shown
  }
}
