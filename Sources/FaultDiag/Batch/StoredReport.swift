import Foundation
import SignalIO

/// A report.json read back, with every row's own bytes.
package struct StoredReport {
  package let path: String
  package let settings: ReportSettings
  package let rows: [ReportRow]
  private let lines: [String: String]

  private struct Content: Decodable {
    var schemaVersion: Int
    var settings: ReportSettings
    var rows: [ReportRow]
  }

  /// Throws `SignalIOError.cannotOpen` or ``FaultDiagError/badReport(path:found:)``.
  package init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SignalIOError.cannotOpen(path: path, reason: "no such file, or no permission to read it")
    }
    let text = String(decoding: data, as: UTF8.self)
    let content: Content
    do {
      content = try ReportJSON.value(Content.self, from: text)
    } catch {
      throw FaultDiagError.badReport(path: path, found: "something else")
    }
    // A row is a line: see ReportTables.
    let rowLines = text.split(separator: "\n").map { $0.hasSuffix(",") ? String($0.dropLast()) : String($0) }
      .filter { $0.hasPrefix("{") && $0.count > 1 }
    guard rowLines.count == content.rows.count else {
      throw FaultDiagError.badReport(path: path, found: "lines that another program laid out")
    }
    self.path = path
    settings = content.settings
    rows = content.rows
    lines = Dictionary(zip(content.rows.map(\.path), rowLines), uniquingKeysWith: { first, _ in first })
  }

  /// The row's bytes in the file.
  package func text(of row: ReportRow) -> String? { lines[row.path] }
}
