import Foundation

/// Finds the golden files that the scripts in `Tools/Reference` wrote.
package enum Golden {
  /// The path of `Tests/Golden/<name>`, from wherever the calling test lies.
  package static func path(_ name: String) -> String {
    // This file's own place: a default argument would be the caller's, at any depth.
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden").appendingPathComponent(name).path
  }
}
