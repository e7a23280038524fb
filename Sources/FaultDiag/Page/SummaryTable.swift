/// The first page: a line for every input, in the report's order.
enum SummaryTable {
  private static let headings = [
    "asset", "finding", "severity", "confidence and alternatives", "action", "deadline", "status",
  ]

  static func head(_ counts: ReportCounts) -> String {
    let parts = [
      (counts.alarms, "in alarm"), (counts.unknown, "unknown"), (counts.warning, "with warnings"),
      (counts.ok, "ok"), (counts.failed, "failed"), (counts.skipped, "skipped"),
    ]
    let words = parts.map { "\($0.0) \($0.1)" }.joined(separator: " · ")
    let noun = counts.diagnosed == 1 ? "recording" : "recordings"
    return
      "<h1>Condition of \(counts.diagnosed) \(noun)</h1>\n<p>\(words)</p>\n<table class=\"summary\">\n<thead><tr>"
      + headings.map { PageText.cell("th", $0) }.joined() + "</tr></thead>\n<tbody>\n"
  }

  static let end = "</tbody>\n</table>\n"

  /// - Parameter number: of the row, from 1; its section is called so.
  static func line(_ row: ReportRow, number: Int) -> String {
    let name = PageText.escaped(row.asset)
    let asset =
      (row.diagnosis == nil ? name : "<a href=\"#r\(number)\">\(name)</a>")
      + (row.asset == row.path ? "" : "<br/><span class=\"small\">\(PageText.escaped(row.path))</span>")
    let isDiagnosed = row.diagnosis != nil
    let words = [
      row.diagnosis?.finding ?? "not judged", isDiagnosed ? severity(row) : "none",
      row.diagnosis?.confidence ?? "none",
      row.action.isEmpty ? "none" : row.action, row.deadline.isEmpty ? "none" : row.deadline,
      row.status.rawValue + (row.reason.isEmpty ? "" : ": \(row.reason)"),
    ]
    let cells = zip(headings, [asset] + words.map { PageText.escaped($0) })
      .map { "<td data-name=\"\($0)\">\($1)</td>" }
    return "<tr class=\"u\(row.urgency)\">\(cells.joined())</tr>\n"
  }

  /// The zone, or why there is none.
  static func severity(_ row: ReportRow) -> String {
    guard let severity = row.severity else { return row.severityNote ?? "not measured" }
    let velocity = "\(Format.fixed(severity.velocity, digits: 2)) mm/s"
    return severity.zone.map { "zone \($0.rawValue), \(velocity)" }
      ?? velocity + (row.severityNote.map { "; \($0)" } ?? "")
  }
}

extension Diagnosis {
  /// The state, and what is suspected beside it.
  var finding: String {
    (suspected.map { "\(state), \($0.state) suspected" } ?? state)
      + (novelty?.isAlarm == true ? ", unlike the healthy state" : "")
  }

  /// How likely the state and two others are.
  var confidence: String {
    let states = [StateProbability(state: state, probability: probability)] + alternatives.prefix(2)
    let known = states.filter { $0.probability > 0 }
    return known.map { "\($0.state) \(Format.percent($0.probability))" }.joined(separator: ", ")
  }
}
