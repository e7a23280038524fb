import Plotting

/// One recording's part of the page: its finding, what it rests on, and its pictures.
struct ReportSection {
  let row: ReportRow
  let number: Int
  let panels: [Panel]

  var html: String {
    let facts = facts.map { "<dt>\(ReportPage.escaped($0.0))</dt><dd>\(ReportPage.escaped($0.1))</dd>\n" }
    let figures = panels.map { "<figure>\(Figure([$0]).inlined)</figure>\n" }
    let plots = figures.isEmpty ? "" : "<div class=\"plots\">\n\(figures.joined())</div>\n"
    return
      "<section id=\"r\(number)\">\n<h2>\(ReportPage.escaped(row.asset))</h2>\n<dl>\n\(facts.joined())</dl>\n"
      + evidence + plots + "</section>\n"
  }

  private var facts: [(String, String)] {
    var result = [
      ("file", row.path), ("status", row.status.rawValue + (row.reason.isEmpty ? "" : ": \(row.reason)")),
    ]
    guard let diagnosis = row.diagnosis else { return result }
    result.append(("finding", Self.finding(diagnosis) + ", " + Self.confidence(diagnosis)))
    if !row.action.isEmpty {
      result.append(("action", row.action + (row.deadline.isEmpty ? "" : ", \(row.deadline)")))
    }
    result.append(("severity", Self.severity(row)))
    result.append(("recording", diagnosis.recording.summary))
    let windows = diagnosis.windows
    result.append(("windows", "\(windows.agreeing) of \(windows.total) say the same"))
    if let novelty = diagnosis.novelty {
      result.append(("health", (novelty.rows + novelty.details).joined(separator: "; ")))
    }
    result += diagnosis.quality.map { ("quality", $0.message) }
    result += diagnosis.metadata.map { ($0.name, "\($0.value) (\($0.source))") }
    result += diagnosis.warnings.map { ("warning", "\($0.message). \($0.advice)") }
    result.append(("model", "\(diagnosis.model.name) \(diagnosis.model.hash.prefix(12))"))
    if let hash = row.contentHash { result.append(("content", "SHA-256 \(hash.prefix(16))")) }
    return result
  }

  /// Lines at the bearing's own frequencies; nothing where they could not be looked for.
  private var evidence: String {
    guard let found = row.diagnosis?.evidence, !found.isEmpty else { return "" }
    let heads = ["lines", "found", "expected", "level", "chance", "best band", "sidebands"]
    let rows = found.map { line -> String in
      let cells = [
        line.family.rawValue + (line.isPresent ? " (present)" : ""),
        "\(Format.fixed(line.foundHz, digits: 1)) Hz",
        "\(Format.fixed(line.expectedHz, digits: 1)) Hz, \(Format.fixed(line.expectedOrder, digits: 3)) × shaft",
        Format.decibels(line.decibels, digits: 1), Format.decibels(line.chanceDecibels, digits: 1),
        line.band?.text ?? "-", line.sidebandDecibels.map { Format.decibels($0, digits: 1) } ?? "-",
      ]
      return "<tr>" + cells.map { "<td>\(ReportPage.escaped($0))</td>" }.joined() + "</tr>\n"
    }
    return "<table>\n<thead><tr>" + heads.map { "<th>\($0)</th>" }.joined() + "</tr></thead>\n<tbody>\n"
      + rows.joined() + "</tbody>\n</table>\n"
  }

  // MARK: - Words that the first page uses too

  static func finding(_ diagnosis: Diagnosis) -> String {
    diagnosis.suspected.map { "\(diagnosis.state), \($0.state) suspected" } ?? diagnosis.state
  }

  static func confidence(_ diagnosis: Diagnosis) -> String {
    let states = [StateProbability(state: diagnosis.state, probability: diagnosis.probability)]
    return (states + diagnosis.alternatives.prefix(2)).filter { $0.probability > 0 }
      .map { "\($0.state) \(Format.percent($0.probability))" }.joined(separator: ", ")
  }

  static func severity(_ row: ReportRow) -> String {
    guard let severity = row.severity else { return row.severityNote ?? "-" }
    let velocity = "\(Format.fixed(severity.velocity, digits: 2)) mm/s"
    return severity.zone.map { "zone \($0.rawValue), \(velocity)" }
      ?? velocity + (row.severityNote.map { " (\($0))" } ?? "")
  }
}
