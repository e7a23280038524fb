import FaultDiag
import Foundation
import SignalIO

extension StoredReport {
  /// The options that the rows were made with.
  func options() throws(FaultDiagError) -> RowOptions {
    do {
      return try RowOptions.parse(settings.arguments)
    } catch {
      throw .badReport(path: path, found: "options that this program does not know")
    }
  }

  /// Makes the folder current from which the paths of the rows lead to files: this one, the report's, or the one above it.
  func enterFolder() {
    guard let first = rows.first(where: { $0.contentHash != nil })?.path, !first.hasPrefix("/") else {
      return
    }
    let own = FilePath.folder(of: FilePath.absolute(path))
    for folder in [FileManager.default.currentDirectoryPath, own, FilePath.folder(of: own)]
    where FilePath.isRegularFile(FilePath.joined(folder, first)) {
      _ = FileManager.default.changeCurrentDirectoryPath(folder)
      return
    }
  }
}
