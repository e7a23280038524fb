import FaultDiag
import Foundation
import SignalIO

/// A report.json read back, with every row's own bytes.
struct StoredReport {
  let path: String
  let settings: ReportSettings
  let rows: [ReportRow]
  private let lines: [String: String]

  private struct Content: Decodable {
    var schemaVersion: Int
    var settings: ReportSettings
    var rows: [ReportRow]
  }

  init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SignalIOError.cannotOpen(path: path, reason: "no such file, or no permission to read it")
    }
    let text = String(decoding: data, as: UTF8.self)
    let content: Content
    do {
      content = try ReportJSON.value(Content.self, from: text)
    } catch {
      throw CommandError.badReport(path: path, found: "something else")
    }
    // A row is a line: see ReportFiles.writeJSON.
    let rowLines = text.split(separator: "\n").map { $0.hasSuffix(",") ? String($0.dropLast()) : String($0) }
      .filter { $0.hasPrefix("{") && $0.count > 1 }
    guard rowLines.count == content.rows.count else {
      throw CommandError.badReport(path: path, found: "lines that another program laid out")
    }
    self.path = path
    settings = content.settings
    rows = content.rows
    lines = Dictionary(zip(content.rows.map(\.path), rowLines), uniquingKeysWith: { first, _ in first })
  }

  /// The options that the rows were made with.
  func options() throws(CommandError) -> RowOptions {
    do {
      return try RowOptions.parse(settings.arguments)
    } catch {
      throw .badReport(path: path, found: "options that this program does not know")
    }
  }

  /// The row's bytes in the file.
  func text(of row: ReportRow) -> String? { lines[row.path] }

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
