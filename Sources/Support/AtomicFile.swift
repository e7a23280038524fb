/// Whole files written so that a reader sees the old file or the new one, never a part.
///
/// See ``AtomicFileWriter`` for how, and for content too large to hold in memory.
package enum AtomicFile {
  /// Replaces the file at `path` by `bytes`.
  package static func write(_ bytes: [UInt8], to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    try writer.append(bytes)
    try writer.commit()
  }

  /// Replaces the file at `path` by `text` in UTF-8.
  package static func write(_ text: String, to path: String) throws(AtomicFileError) {
    try write(Array(text.utf8), to: path)
  }
}

/// Why a file could not be written; `reason` is the system's word, for instance `No space left on device`.
///
/// Whatever stood at `path` before is untouched, and no temporary file stays behind.
package enum AtomicFileError: Error, Sendable, Equatable {
  /// The folder is missing or not writable, or `path` is a folder.
  case cannotCreate(path: String, reason: String)
  /// The content did not go through, for instance because the disk is full.
  case cannotWrite(path: String, reason: String)
  /// The finished content could not be moved to its name.
  case cannotReplace(path: String, reason: String)
}

extension AtomicFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotCreate(let path, let reason):
      "cannot create \(path): \(reason). Check that its folder exists and may be written to."
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason). Nothing was changed there; free some space or choose another place."
    case .cannotReplace(let path, let reason):
      "cannot replace \(path): \(reason). The old file is unchanged; check the permissions of its folder."
    }
  }
}
