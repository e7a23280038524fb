import SignalIO

/// What a report says of one input: what it is, what came of it, how urgent that is, and what to do.
///
/// The JSON form has the same content under snake-case keys, sorted. Rows of the same input, settings and model are the
/// same to the byte, but for ``workSeconds``, which final files leave out.
package struct ReportRow: Sendable, Equatable, Codable {
  package static let currentSchemaVersion = 1

  package enum Status: String, Sendable, Codable, CaseIterable {
    /// Diagnosed, and nothing weakens the verdict.
    case ok
    /// Diagnosed, with warnings.
    case warning
    /// No recording, or one that was met already.
    case skipped
    /// A recording that could not be diagnosed.
    case failed
  }

  package var schemaVersion = ReportRow.currentSchemaVersion
  /// As the input was named, or found below a folder that was.
  package var path: String
  /// The machine that the metadata name, else the path.
  package var asset: String
  package var status: Status
  /// Why ``status`` is not `ok`; empty where it is.
  package var reason: String
  /// SHA-256 of the file's bytes; absent where they could not be read.
  package var contentHash: String?
  /// SHA-256 of everything besides content and model that decides this row.
  package var settingsHash: String
  /// SHA-256 of the model.
  package var modelHash: String
  /// Absent where there is none.
  package var diagnosis: Diagnosis?
  /// Absent where the velocity could not be measured; ``severityNote`` then says why.
  package var severity: VibrationSeverity?
  /// Why there is no velocity, or no zone.
  package var severityNote: String?
  /// The row of the table of actions that applies: `normal`, `outer`, ..., `suspected`, `unknown`, `failed`.
  package var finding: String
  /// 0 nothing to do, 1 watch, 2 plan, 3 soon, 4 now.
  package var urgency: Int
  /// What to do, in words that a user may edit.
  package var action: String
  /// Until when, in words that a user may edit.
  package var deadline: String
  /// Seconds that the row took; only in rows as they come.
  package var workSeconds: Double?

  package init(
    path: String, asset: String? = nil, status: Status, reason: String = "", contentHash: String? = nil,
    settingsHash: String, modelHash: String, diagnosis: Diagnosis? = nil, severity: VibrationSeverity? = nil,
    severityNote: String? = nil, advice: Advice = .none
  ) {
    self.path = path
    self.asset = asset ?? path
    self.status = status
    self.reason = reason
    self.contentHash = contentHash
    self.settingsHash = settingsHash
    self.modelHash = modelHash
    self.diagnosis = diagnosis
    self.severity = severity
    self.severityNote = severityNote
    finding = advice.finding
    urgency = advice.urgency
    action = advice.action
    deadline = advice.deadline
  }

  /// Whether somebody should be called: a stated fault, a sound unlike the healthy state's, or zone D.
  package var isAlarm: Bool { diagnosis?.isAlarm == true || severity?.zone == .d }

  /// As final files have it.
  package var finished: ReportRow {
    var row = self
    row.workSeconds = nil
    return row
  }

  /// A row's JSON as final files have it. Keys are sorted, so that the seconds come last and are cut off: making text of a
  /// row once more takes as long as ten thousand samples of a recording do.
  static func finished(_ json: String) -> String {
    guard let comma = json.utf8.lastIndex(of: UInt8(ascii: ",")),
      json[comma...].hasPrefix(",\"work_seconds\":")
    else { return json }
    return json[..<comma] + "}"
  }
}

/// What follows from a row, as the table of actions has it.
package struct Advice: Sendable, Equatable {
  package var finding: String
  package var urgency: Int
  package var action: String
  package var deadline: String

  package init(finding: String, urgency: Int, action: String, deadline: String) {
    self.finding = finding
    self.urgency = urgency
    self.action = action
    self.deadline = deadline
  }

  /// Of what is no recording.
  package static let none = Advice(finding: "none", urgency: 0, action: "", deadline: "")
}
