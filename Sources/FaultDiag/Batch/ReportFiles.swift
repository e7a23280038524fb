import Support

/// Writes the final files of a report from rows on disk, some rows at a time: each is whole or not there.
///
/// They hold nothing of when, where or how fast they were made: the same rows give the same bytes.
package struct ReportFiles {
  package let settings: ReportSettings
  /// In the report's order.
  package let entries: [ReportEntry]
  /// The files of rows that the entries name.
  package let sources: [RowsFile]
  package let threads: Int

  package static let schemaVersion = 1
  package static let jsonName = "report.json"
  package static let csvName = "report.csv"

  /// Rows that are in memory together, whatever the number of threads.
  private static let together = 64

  package init(settings: ReportSettings, entries: [ReportEntry], sources: [RowsFile], threads: Int) {
    self.settings = settings
    self.entries = entries
    self.sources = sources
    self.threads = threads
  }

  /// Calls `body`, in order, with what `make` makes of every row on all threads.
  package func forEachRow<Made: Sendable>(
    _ make: @Sendable (ReportRow) -> Made, _ body: (Made) throws(AtomicFileError) -> Void
  ) throws(AtomicFileError) {
    for start in stride(from: 0, to: entries.count, by: Self.together) {
      let part = entries[start..<min(start + Self.together, entries.count)]
      let made = Parallel.map(part.count, threads: threads) { [sources] index in
        let entry = part[part.startIndex + index]
        return sources[entry.file].row(at: entry.place).map(make)
      }
      for (entry, made) in zip(part, made) {
        guard let made else {
          throw .cannotWrite(
            path: sources[entry.file].log.path, reason: "a row that was written is not there any more")
        }
        try body(made)
      }
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
    try forEachRow {
      ReportJSON.text($0.finished, pretty: false)
    } _: { row throws(AtomicFileError) in
      try append(separator + row)
      separator = ",\n"
    }
    try append("\n]\n}\n")
    try writer.commit()
  }

  /// A table for spreadsheets: no cell is taken for a formula, and none holds a control character.
  package func writeCSV(to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    try writer.append(Array(CSVReport.header.utf8))
    try forEachRow {
      CSVReport.row($0)
    } _: { row throws(AtomicFileError) in
      try writer.append(Array(row.utf8))
    }
    try writer.commit()
  }

  /// Replaces a file of rows by one that is complete and holds the current rows only.
  package func writeRows(_ header: RowsFile.Header, to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    var header = header
    header.isComplete = true
    try writer.append(Array((ReportJSON.text(header, pretty: false) + "\n").utf8))
    try forEachRow {
      ReportJSON.text($0, pretty: false) + "\n"
    } _: { row throws(AtomicFileError) in
      try writer.append(Array(row.utf8))
    }
    try writer.commit()
  }
}
