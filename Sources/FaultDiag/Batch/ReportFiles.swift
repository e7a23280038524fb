import Support

/// Writes the final files of a report from rows on disk, a row at a time: each is whole or not there.
///
/// They hold nothing of when, where or how fast they were made: the same rows give the same bytes.
package struct ReportFiles {
  package let settings: ReportSettings
  /// In the report's order.
  package let entries: [ReportEntry]
  /// The files of rows that the entries name.
  package let sources: [RowsFile]

  package static let schemaVersion = 1
  package static let jsonName = "report.json"
  package static let csvName = "report.csv"

  package init(settings: ReportSettings, entries: [ReportEntry], sources: [RowsFile]) {
    self.settings = settings
    self.entries = entries
    self.sources = sources
  }

  /// Calls `body` with every row, in order; memory is one row.
  package func forEachRow(_ body: (ReportRow) throws(AtomicFileError) -> Void) throws(AtomicFileError) {
    for entry in entries {
      guard let row = sources[entry.file].row(at: entry.place) else {
        throw .cannotWrite(
          path: sources[entry.file].log.path, reason: "a row that was written is not there any more")
      }
      try body(row)
    }
  }

  /// The whole report: settings, counts, and the rows, one a line.
  package func writeJSON(to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    func append(_ text: String) throws(AtomicFileError) { try writer.append(Array(text.utf8)) }
    try append("{\n\"schema_version\": \(Self.schemaVersion),\n")
    try append("\"settings\": \(ReportJSON.text(settings, pretty: false)),\n")
    try append("\"counts\": \(ReportJSON.text(ReportCounts(entries), pretty: false)),\n\"rows\": [")
    var separator = "\n"
    try forEachRow { row throws(AtomicFileError) in
      try append(separator + ReportJSON.text(row.finished, pretty: false))
      separator = ",\n"
    }
    try append("\n]\n}\n")
    try writer.commit()
  }

  /// A table for spreadsheets: no cell is taken for a formula, and none holds a control character.
  package func writeCSV(to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    try writer.append(Array(CSVReport.header.utf8))
    try forEachRow { row throws(AtomicFileError) in try writer.append(Array(CSVReport.row(row).utf8)) }
    try writer.commit()
  }

  /// Replaces a file of rows by one that is complete and holds the current rows only.
  package func writeRows(_ header: RowsFile.Header, to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    var header = header
    header.isComplete = true
    try writer.append(Array((ReportJSON.text(header, pretty: false) + "\n").utf8))
    try forEachRow { row throws(AtomicFileError) in
      try writer.append(Array((ReportJSON.text(row, pretty: false) + "\n").utf8))
    }
    try writer.commit()
  }
}
