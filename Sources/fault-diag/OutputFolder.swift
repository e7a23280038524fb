import Foundation

/// A folder that results go into.
enum OutputFolder {
  /// Makes it and those above it where they are missing.
  static func make(_ path: String) throws(CommandError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotMakeFolder(path: path, reason: (error as NSError).localizedDescription)
    }
  }
}
