import SignalIO
import Support

/// The report's files for programs and for spreadsheets, a row at a time: each is whole or not there.
struct ReportTables {
  /// A row as either file has it, made on any thread.
  struct Row: Sendable {
    let json: String
    let csv: String

    /// - Parameter json: of the row as final files have it.
    init(_ row: ReportRow, json: String) {
      self.json = json
      csv = CSVReport.row(row)
    }
  }

  private let json: AtomicFileWriter
  private let csv: AtomicFileWriter
  private var separator = "\n"

  /// Begins both files in `folder` with what stands above the rows of `files`.
  init(_ files: ReportFiles, in folder: String) throws(AtomicFileError) {
    json = try AtomicFileWriter(path: FilePath.joined(folder, ReportFiles.jsonName))
    csv = try AtomicFileWriter(path: FilePath.joined(folder, ReportFiles.csvName))
    try json.append(text: "{\n\"schema_version\": \(ReportFiles.schemaVersion),\n")
    try json.append(text: "\"settings\": \(ReportJSON.text(files.settings, pretty: false)),\n")
    try json.append(
      text: "\"counts\": \(ReportJSON.text(ReportCounts(files.entries), pretty: false)),\n\"rows\": [")
    try csv.append(text: CSVReport.header)
  }

  /// Appends the next row: a line of either file.
  mutating func append(_ row: Row) throws(AtomicFileError) {
    try json.append(text: separator + row.json)
    try csv.append(text: row.csv)
    separator = ",\n"
  }

  /// Ends both files and gives them their names.
  func commit() throws(AtomicFileError) {
    try json.append(text: "\n]\n}\n")
    try json.commit()
    try csv.commit()
  }
}
