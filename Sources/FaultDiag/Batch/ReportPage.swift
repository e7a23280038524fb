import Plotting
import SignalIO
import Support

/// The page of a report: first what to do, most urgent first, then every recording with its pictures.
///
/// HTML that fetches nothing and needs no script, light and dark, for paper and for small screens. It is written a row at
/// a time. Whatever comes from files or their names is escaped.
package struct ReportPage {
  package let files: ReportFiles
  /// Opens a row's recording again, for its pictures; nil where that cannot be done any more.
  package let open: (ReportRow) -> RecordingSource?

  package static let name = "report.html"
  /// Rows that are drawn, from the most urgent on. Their pictures are 80 kB a row, so that 500 rows stay below 20 MB.
  static let pictureLimit = 200

  package init(_ files: ReportFiles, open: @escaping (ReportRow) -> RecordingSource?) {
    self.files = files
    self.open = open
  }

  package func write(to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    func append(_ text: String) throws(AtomicFileError) { try writer.append(Array(text.utf8)) }
    let counts = ReportCounts(files.entries)
    try append(Self.head + "<h1>Condition of \(counts.diagnosed) recordings</h1>\n" + Self.summary(counts))
    try append("<table class=\"summary\">\n<thead><tr>" + Self.headings.map { "<th>\($0)</th>" }.joined())
    try append("</tr></thead>\n<tbody>\n")
    var number = 0
    try files.forEachRow { row throws(AtomicFileError) in
      number += 1
      try append(Self.line(row, number: number))
    }
    try append("</tbody>\n</table>\n")
    number = 0
    try files.forEachRow { row throws(AtomicFileError) in
      number += 1
      guard row.status != .skipped else { return }
      let panels = number <= Self.pictureLimit ? pictures(of: row) : []
      try append(ReportSection(row: row, number: number, panels: panels).html)
    }
    try append("<footer>\(Self.escaped(footer))</footer>\n</body>\n</html>\n")
    try writer.commit()
  }

  private func pictures(of row: ReportRow) -> [Panel] {
    guard let diagnosis = row.diagnosis, let source = open(row) else { return [] }
    let excerpt = try? RecordingExcerpt(source, channel: diagnosis.recording.channel)
    return excerpt.flatMap { try? RecordingPictures.panels(of: $0, diagnosis) } ?? []
  }

  private var footer: String {
    "\(files.settings.program), model \(files.settings.model.name) \(files.settings.model.hash.prefix(12))"
      + (files.settings.arguments.isEmpty ? "" : ", " + files.settings.arguments.joined(separator: " "))
      + ". A finding is a reason to look, not to shut down."
  }

  static func escaped(_ text: String) -> String { SVGWriter.escaped(Format.harmless(text)) }

  // MARK: - The first page

  private static let headings = [
    "asset", "finding", "severity", "confidence and alternatives", "action", "deadline", "status",
  ]

  private static func summary(_ counts: ReportCounts) -> String {
    let parts = [
      "\(counts.alarms) alarms", "\(counts.unknown) unknown", "\(counts.warning) with warnings",
      "\(counts.ok) in order", "\(counts.failed) failed", "\(counts.skipped) skipped",
    ]
    return "<p class=\"counts\">\(parts.joined(separator: " · "))</p>\n"
  }

  private static func line(_ row: ReportRow, number: Int) -> String {
    let link =
      row.status == .skipped ? escaped(row.asset) : "<a href=\"#r\(number)\">\(escaped(row.asset))</a>"
    let cells = [
      link, escaped(row.diagnosis.map(ReportSection.finding) ?? "-"), escaped(ReportSection.severity(row)),
      escaped(row.diagnosis.map(ReportSection.confidence) ?? "-"), escaped(row.action), escaped(row.deadline),
      escaped(
        row.status.rawValue + (row.status == .failed || row.status == .skipped ? ": \(row.reason)" : "")),
    ]
    let data = zip(headings, cells).map { "<td data-name=\"\($0)\">\($1)</td>" }.joined()
    return "<tr class=\"u\(row.urgency)\">\(data)</tr>\n"
  }

  private static let head = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>fault-diag report</title>
    <style>
    \(sheet)\(PlotStyle.sheet)</style>
    </head>
    <body>

    """

  private static let sheet = """
    :root { color-scheme: light dark; }
    body { margin: 0 auto; padding: 14px; max-width: 1560px; font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif;
      color: #1f2328; background: #ffffff; overflow-wrap: anywhere; }
    h1 { font-size: 1.4rem; margin: 0.2rem 0; }
    h2 { font-size: 1.1rem; margin: 0; }
    p { margin: 0.3rem 0; max-width: 80ch; }
    a { color: inherit; }
    table { border-collapse: collapse; width: 100%; margin: 0.6rem 0; }
    th, td { text-align: left; vertical-align: top; padding: 4px 8px; border-bottom: 1px solid #d8dce0; }
    th { font-weight: 600; font-size: 0.85rem; }
    td:first-child { border-left: 5px solid transparent; }
    tr.u4 td:first-child, tr.u3 td:first-child { border-left-color: #c4322b; }
    tr.u2 td:first-child { border-left-color: #c77700; }
    tr.u1 td:first-child { border-left-color: #b8a300; }
    section { border-top: 1px solid #8c959f; margin-top: 18px; padding-top: 10px; break-inside: avoid-page; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0.4rem 0; }
    dt { font-weight: 600; }
    dd { margin: 0; }
    .plots { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 370px), 1fr)); }
    figure { margin: 0; }
    figure svg { display: block; width: 100%; height: auto; max-width: 720px; }
    footer { margin-top: 20px; font-size: 0.85rem; }
    @media (max-width: 700px) {
      table.summary, .summary tbody, .summary tr, .summary td { display: block; }
      .summary thead { display: none; }
      .summary tr { margin-bottom: 10px; }
      .summary td { border: 0; padding: 1px 8px; }
      .summary td::before { content: attr(data-name) ": "; font-size: 0.85rem; opacity: 0.75; }
      dl { grid-template-columns: 1fr; }
    }
    @media (prefers-color-scheme: dark) { body { color: #e3e6e9; background: #14171a; } th, td { border-color: #30363c; } }
    @media print { body { max-width: none; } section { break-before: auto; } }

    """
}
