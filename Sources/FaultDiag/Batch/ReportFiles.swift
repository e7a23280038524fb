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

  /// Calls `body`, in order, with what `make` makes of every row and its number, from 1, on all threads.
  func forEachRow<Made: Sendable>(
    _ make: @Sendable (ReportRow, Int) -> Made, _ body: (Made) throws(AtomicFileError) -> Void
  ) throws(AtomicFileError) {
    for start in stride(from: 0, to: entries.count, by: Self.together) {
      let part = entries[start..<min(start + Self.together, entries.count)]
      let made = Parallel.map(part.count, threads: threads) { [sources] index in
        let entry = part[start + index]
        return sources[entry.file].row(at: entry.place).map { make($0, start + index + 1) }
      }
      for (entry, made) in zip(part, made) {
        guard let made else { throw missing(entry) }
        try body(made)
      }
    }
  }

  /// Writes the page, the JSON and the table for spreadsheets into `folder`.
  ///
  /// A row is decoded twice: decoding and making text of it again is what the files cost, so whatever has one place for a row is
  /// written in one pass.
  ///
  /// - Parameters:
  ///   - folder: must be there.
  ///   - open: opens a row's recording again, for its pictures; nil where that is not the one any more that was diagnosed.
  package func write(
    to folder: String, open: @escaping @Sendable (ReportRow) -> RecordingSource?
  ) throws(AtomicFileError) {
    let page = ReportPage(self, open: open)
    let writer = try AtomicFileWriter(path: FilePath.joined(folder, ReportPage.name))
    var tables = try ReportTables(self, in: folder)
    try writer.append(text: ReportPage.head + SummaryTable.head(ReportCounts(entries)))
    try forEachRow {
      (row: ReportTables.Row($0), line: SummaryTable.line($0, number: $1))
    } _: { made throws(AtomicFileError) in
      try tables.append(made.row)
      try writer.append(text: made.line)
    }
    try tables.commit()
    try writer.append(text: SummaryTable.end)
    try page.writeSections(to: writer)
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
