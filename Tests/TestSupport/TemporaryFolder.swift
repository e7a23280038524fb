import Foundation

/// A folder for one test, removed when the value goes away.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    let template = FileManager.default.temporaryDirectory.appendingPathComponent(
      "fault-diag-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: template, withIntermediateDirectories: true)
    // The name the system uses, where the temporary folder is a link.
    path = template.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes `text` below the folder, making folders on the way; returns the full path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  @discardableResult
  package func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return path + "/" + name
  }
}
