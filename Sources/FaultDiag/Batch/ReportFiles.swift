import SignalIO
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
  package static let pageName = "report.html"
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

  /// Calls `body`, in order, with what `make` makes of every row, its JSON and its number, from 1, on all threads.
  func forEachRow<Made: Sendable>(
    _ make: @Sendable (_ row: ReportRow, _ json: String, _ number: Int) -> Made,
    _ body: (Made) throws(AtomicFileError) -> Void
  ) throws(AtomicFileError) {
    for start in stride(from: 0, to: entries.count, by: Self.together) {
      let part = entries[start..<min(start + Self.together, entries.count)]
      let made = Parallel.map(part.count, threads: threads) { [sources] index in
        let entry = part[start + index]
        return sources[entry.file].finishedRow(at: entry.place).map {
          make($0.row, $0.json, start + index + 1)
        }
      }
      for (entry, made) in zip(part, made) {
        guard let made else { throw missing(entry) }
        try body(made)
      }
    }
  }

  /// Writes the page, the JSON and the table for spreadsheets into `folder`.
  ///
  /// A row is decoded once, as decoding is what the files cost beside the pictures. The page's sections stand below a table of
  /// all rows, so they wait in a file of their own.
  ///
  /// - Parameters:
  ///   - folder: must be there.
  ///   - open: opens a row's recording again, for its pictures; nil where that is not the one any more that was diagnosed.
  package func write(
    to folder: String, open: @escaping @Sendable (ReportRow, FileStamp?) -> RecordingSource?
  ) throws(AtomicFileError) {
    let path = FilePath.joined(folder, ReportFiles.pageName)
    let writer = try AtomicFileWriter(path: path)
    let sections = try AtomicFileWriter(path: path + ".sections")
    var page = ReportPage(self, sections: sections, open: open)
    var tables = try ReportTables(self, in: folder)
    try writer.append(text: ReportPage.head + SummaryTable.head(ReportCounts(entries)))
    try forEachRow {
      (row: $0, number: $2, table: ReportTables.Row($0, json: $1), line: SummaryTable.line($0, number: $2))
    } _: { made throws(AtomicFileError) in
      try tables.append(made.table)
      try writer.append(text: made.line)
      try page.add(made.row, number: made.number)
    }
    try tables.commit()
    try page.finish()
    try writer.append(text: SummaryTable.end)
    try writer.append(contentsOf: sections)
    try writer.append(text: page.footer)
    try writer.commit()
  }

  /// Replaces a file of rows by one that is complete and holds the current rows only, byte for byte.
  package func writeRows(_ header: RowsFile.Header, to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    var header = header
    header.isComplete = true
    try writer.append(text: ReportJSON.text(header, pretty: false) + "\n")
    for entry in entries {
      guard let line = sources[entry.file].log.line(at: entry.place) else { throw missing(entry) }
      try writer.append(text: line + "\n")
    }
    try writer.commit()
  }

  private func missing(_ entry: ReportEntry) -> AtomicFileError {
    .cannotWrite(path: sources[entry.file].log.path, reason: "a row that was written is not there any more")
  }
}
