import Support

/// Of a row what a summary needs; the row itself stays on disk.
package struct ReportEntry: Sendable, Equatable {
  package let path: String
  package let asset: String
  package let status: ReportRow.Status
  package let reason: String
  package let state: String?
  package let probability: Double
  package let isAlarm: Bool
  package let isUnknown: Bool
  package let hasWarnings: Bool
  package let urgency: Int
  package let action: String
  package let deadline: String
  package let velocity: Double?
  package let zone: SeverityZone?
  /// Which file of rows holds the row, and where.
  package let file: Int
  package let place: RecordLog.Place
  /// Of the recording when the row was made or found to hold; nil where that was another run's.
  package let stamp: FileStamp?

  package init(_ row: ReportRow, file: Int = 0, at place: RecordLog.Place, stamp: FileStamp? = nil) {
    path = row.path
    asset = row.asset
    status = row.status
    reason = row.reason
    state = row.diagnosis?.state
    probability = row.diagnosis?.probability ?? 0
    isAlarm = row.isAlarm
    isUnknown = row.diagnosis?.isUnknown ?? false
    hasWarnings = row.diagnosis.map { !$0.warnings.isEmpty } ?? false
    urgency = row.urgency
    action = row.action
    deadline = row.deadline
    velocity = row.severity?.velocity
    zone = row.severity?.zone
    self.file = file
    self.place = place
    self.stamp = stamp
  }

  /// Most urgent first, then byte-wise by path: an order that depends on the rows alone.
  package static func isBefore(_ a: ReportEntry, _ b: ReportEntry) -> Bool {
    if a.urgency != b.urgency { return a.urgency > b.urgency }
    return a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
  }
}

/// How many rows came to what.
package struct ReportCounts: Sendable, Equatable, Codable {
  package var total = 0
  package var ok = 0
  package var warning = 0
  package var skipped = 0
  package var failed = 0
  /// Rows, of those diagnosed, that call for somebody.
  package var alarms = 0
  /// Rows, of those diagnosed, without a state that is likelier than all others together.
  package var unknown = 0

  package init(_ entries: [ReportEntry]) {
    total = entries.count
    for entry in entries {
      switch entry.status {
      case .ok: ok += 1
      case .warning: warning += 1
      case .skipped: skipped += 1
      case .failed: failed += 1
      }
      if entry.isAlarm { alarms += 1 }
      if entry.isUnknown { unknown += 1 }
    }
  }

  package var diagnosed: Int { ok + warning }
}
