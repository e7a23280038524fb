import Foundation

/// Finds the golden files that the scripts in `Tools/Reference` wrote.
package enum Golden {
  package static func path(_ name: String, file: String = #filePath) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden").appendingPathComponent(name).path
  }
}
