import SignalIO

/// Rows of a report as a table for spreadsheets.
enum CSVReport {
  private static let columns: [(name: String, cell: @Sendable (ReportRow) -> String)] = [
    ("urgency", { "\($0.urgency)" }),
    ("asset", { text($0.asset) }),
    ("path", { text($0.path) }),
    ("status", { $0.status.rawValue }),
    ("state", { text($0.diagnosis?.state ?? "") }),
    ("probability", { $0.diagnosis.map { Format.fixed($0.probability, digits: 4) } ?? "" }),
    ("alarm", { $0.isAlarm ? "yes" : "no" }),
    ("velocity_mm_s", { $0.severity.map { Format.fixed($0.velocity, digits: 3) } ?? "" }),
    ("zone", { $0.severity?.zone?.rawValue ?? "" }),
    ("action", { text($0.action) }),
    ("deadline", { text($0.deadline) }),
    ("reason", { text($0.reason) }),
    ("severity_note", { text($0.severityNote ?? "") }),
    ("channel", { text($0.diagnosis?.recording.channel ?? "") }),
    ("seconds", { $0.diagnosis.map { Format.number($0.recording.seconds, digits: 3) } ?? "" }),
    ("rpm", { $0.diagnosis?.speed.map { Format.number($0.rpm, digits: 2) } ?? "" }),
    ("content_sha256", { $0.contentHash ?? "" }),
    ("settings_sha256", { $0.settingsHash }),
    ("model_sha256", { $0.modelHash }),
  ]

  static var header: String { CSVText.row(columns.map { $0.name }) }

  static func row(_ row: ReportRow) -> String { CSVText.row(columns.map { $0.cell(row) }) }

  private static func text(_ text: String) -> String { CSVText.field(Format.harmless(text)) }
}
