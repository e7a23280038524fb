import Foundation

/// Finds recordings of real machines, which are not part of the project.
///
/// They are looked for in the folder that the environment variable `FAULT_DIAG_DATA` names, else in `../shared/data`
/// beside the package. Use as `@Test(.enabled(if: RealData.has("cwru"), RealData.explanation))`.
package enum RealData {
  /// The folder of the set `name`, for instance `cwru`; nil where it is absent.
  package static func folder(_ name: String) -> URL? {
    let folder = root.appendingPathComponent(name)
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? folder : nil
  }

  package static func has(_ name: String) -> Bool { folder(name) != nil }

  /// Why a test that needs real recordings was skipped.
  package static let explanation = """
    No real recordings were found in \(root.path): set FAULT_DIAG_DATA to a folder that holds them \
    (one folder for each set, such as cwru or mimii) to run this test.
    """

  private static let root: URL = {
    if let path = ProcessInfo.processInfo.environment["FAULT_DIAG_DATA"], !path.isEmpty {
      return URL(fileURLWithPath: path, isDirectory: true)
    }
    // Tests/TestSupport/RealData.swift: the package root is three levels up.
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared/data", isDirectory: true)
  }()
}
