/// One recording's part of the page: its finding, its pictures, what the finding rests on, and where its facts are from.
struct RecordingSection {
  let row: ReportRow
  let diagnosis: Diagnosis
  /// Of the row, from 1.
  let number: Int
  let pictures: SectionPictures
  let isOpen: Bool

  /// A link to what is inside opens it: the name stands there and not on the whole.
  var html: String {
    "<details\(isOpen ? " open=\"open\"" : "")>\n<summary>\(PageText.cell("h2", row.asset)) "
      + PageText.escaped("\(diagnosis.finding); \(diagnosis.confidence)")
      + "</summary>\n<div id=\"r\(number)\">\n" + PageText.facts(facts) + pictures.html
      + PageText.part("Lines of the bearing", diagnosis.evidenceTable)
      + PageText.part("What repeats", diagnosis.repetitionTable)
      + PageText.part("Compared with the healthy state", diagnosis.noveltyTable)
      + PageText.part("Nearest labelled recordings", diagnosis.referenceTable)
      + PageText.part("Data quality", PageText.list(diagnosis.quality.map(\.message)))
      + PageText.part("Facts and their sources", diagnosis.metadataTable) + "</div>\n</details>\n"
  }

  private var facts: [(name: String, text: String)] {
    var result = [(name: "file", text: row.path), (name: "finding", text: diagnosis.finding)]
    result.append((name: "confidence", text: diagnosis.confidence))
    if !row.action.isEmpty {
      result.append((name: "action", text: row.action))
      result.append((name: "deadline", text: row.deadline))
    }
    result.append((name: "severity", text: severity))
    result += diagnosis.judgement
    result += diagnosis.warnings.map { (name: "warning", text: "\($0.message). \($0.advice)") }
    result.append((name: "model", text: "\(diagnosis.model.name), SHA-256 \(diagnosis.model.hash)"))
    if let hash = row.contentHash { result.append((name: "content", text: "SHA-256 \(hash)")) }
    result.append((name: "settings", text: "SHA-256 \(row.settingsHash)"))
    return result
  }

  private var severity: String {
    let words = SummaryTable.severity(row)
    guard let severity = row.severity, severity.zone != nil, let limits = severity.limits else {
      return words
    }
    let boundaries = limits.map { Format.number($0, digits: 2) }.joined(separator: ", ")
    return "\(words) (machine group \(severity.machineGroup ?? "?"), mounting \(severity.mounting ?? "?"); "
      + "zones B, C, D begin at \(boundaries) mm/s)"
  }
}
