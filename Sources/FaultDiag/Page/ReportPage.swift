import Plotting
import SignalIO
import Support

/// The page of a report: first what to do, most urgent first, then every recording with its pictures.
///
/// HTML that fetches nothing and needs no script, and is well-formed XML besides. It is written a few rows at a time, so
/// memory is an excerpt of a recording for each thread. ``ReportFiles`` writes what stands above
/// the sections. Whatever comes from files or their names is escaped (`PageText`).
struct ReportPage {
  private let files: ReportFiles
  /// Where sections are written, in order.
  private let sections: AtomicFileWriter
  /// Opens a row's recording again, for its pictures; nil where that is not the one any more that was diagnosed.
  private let open: @Sendable (ReportRow, FileStamp?) -> RecordingSource?
  /// Bytes of pictures that may still be drawn.
  private var left = Self.pictureBytes
  private var waiting: [Item] = []

  /// A row that waits for its section.
  private struct Item: Sendable {
    let number: Int
    let row: ReportRow
    let diagnosis: Diagnosis

    func section(_ pictures: SectionPictures, of files: ReportFiles) -> (html: String, pictureBytes: Int) {
      let isOpen = row.urgency > 0 || files.entries.count <= few
      let section = RecordingSection(
        row: row, diagnosis: diagnosis, number: number, pictures: pictures, isOpen: isOpen)
      return (section.html, pictures.html.utf8.count)
    }
  }

  /// Bytes of pictures: 500 recordings stay below 20 MB. The most urgent are drawn first.
  static let pictureBytes = 14_000_000
  /// Recordings up to which all are drawn with every picture and shown without a click.
  static let few = 20
  /// Recordings up to which those in order have every picture, too.
  static let many = 150
  /// Rows whose pictures are drawn side by side, whatever the number of threads.
  private static let together = 32

  init(
    _ files: ReportFiles, sections: AtomicFileWriter,
    open: @escaping @Sendable (ReportRow, FileStamp?) -> RecordingSource?
  ) {
    self.files = files
    self.sections = sections
    self.open = open
  }

  /// The next row; its section is written when enough are there to be drawn side by side. A row without a diagnosis has none.
  mutating func add(_ row: ReportRow, number: Int) throws(AtomicFileError) {
    guard let diagnosis = row.diagnosis else { return }
    waiting.append(Item(number: number, row: row, diagnosis: diagnosis))
    if waiting.count == Self.together { try flush() }
  }

  /// Writes the last sections.
  mutating func finish() throws(AtomicFileError) { try flush() }

  private mutating func flush() throws(AtomicFileError) {
    let draws = left > 0
    let sections = Parallel.map(waiting.count, threads: files.threads) { [files, waiting, open] index in
      let item = waiting[index]
      let stamp = files.entries[item.number - 1].stamp
      return item.section(
        draws
          ? Self.pictures(of: item.row, item.diagnosis, rowCount: files.entries.count) {
            open(item.row, stamp)
          }
          : .leftOut, of: files)
    }
    for (item, section) in zip(waiting, sections) {
      // A row's turn decides, and not what its neighbours were drawn with.
      let section = draws && left <= 0 ? item.section(.leftOut, of: files) : section
      left -= section.pictureBytes
      try self.sections.append(text: section.html)
    }
    waiting.removeAll(keepingCapacity: true)
  }

  private static func pictures(
    of row: ReportRow, _ diagnosis: Diagnosis, rowCount: Int, _ open: () -> RecordingSource?
  ) -> SectionPictures {
    guard let source = open() else { return .gone }
    let isInOrder = row.urgency == 0 && row.status == .ok
    let names =
      isInOrder && rowCount > many ? RecordingPictures.essential : RecordingPictures.names
    do throws(SignalIOError) {
      let excerpt = try RecordingExcerpt(source, channel: diagnosis.recording.channel)
      return try SectionPictures(
        RecordingPictures.panels(names, of: excerpt, diagnosis), words: excerpt.words)
    } catch {
      return .gone
    }
  }

  /// What the rows were made with, and the end of the page.
  var footer: String {
    let settings = files.settings
    var facts = [
      (name: "program", text: settings.program),
      (name: "options", text: settings.arguments.joined(separator: " ")),
      (name: "model", text: "\(settings.model.name), SHA-256 \(settings.model.hash)"),
    ]
    if let hash = settings.baselineHash { facts.append((name: "baseline", text: "SHA-256 \(hash)")) }
    facts.append((name: "actions and limits", text: "SHA-256 \(settings.tablesHash)"))
    return "<footer>\n<h2>Settings</h2>\n\(PageText.facts(facts))"
      + "<p>A finding is a reason to look, not to shut down. report.json holds the same for programs.</p>\n</footer>\n</body>\n</html>\n"
  }

  /// Empty elements are closed, so that readers of XML read the page, too.
  static let head = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>fault-diag report</title>
    <style>
    \(PageStyle.sheet)</style>
    </head>
    <body>

    """
}
