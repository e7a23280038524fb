/// A report as one line for Nagios, Icinga and their relatives, with performance data.
///
/// Format and exit codes: Monitoring Plugins Development Guidelines, sections 2 and 2.6.
package struct NagiosLine: Sendable, Equatable {
  package enum Service: Int32, Sendable {
    case ok = 0
    case warning = 1
    case critical = 2
    case unknown = 3

    var word: String {
      switch self {
      case .ok: "OK"
      case .warning: "WARNING"
      case .critical: "CRITICAL"
      case .unknown: "UNKNOWN"
      }
    }
  }

  package let service: Service
  package let text: String

  /// Critical on an alarm; warning where recordings failed, could not be judged or ask for attention; unknown where
  /// nothing was diagnosed or judged. A weakened verdict alone wakes nobody.
  package init(_ entries: [ReportEntry]) {
    let counts = ReportCounts(entries)
    let attention = entries.filter { !$0.isAlarm && $0.urgency >= 2 && $0.status != .failed }.count
    service =
      counts.alarms > 0
      ? .critical
      : counts.diagnosed == 0 || counts.unknown == counts.diagnosed
        ? .unknown : counts.failed > 0 || counts.unknown > 0 || attention > 0 ? .warning : .ok
    var parts = ["\(counts.alarms) of \(counts.diagnosed) recordings in alarm"]
    if let worst = entries.filter({ $0.isAlarm }).min(by: ReportEntry.isBefore) {
      let zone = worst.zone.map { " zone \($0.rawValue)" } ?? ""
      parts.append("\(Self.plain(worst.asset)) \(Self.plain(worst.state ?? ""))\(zone)")
    }
    if attention > 0 { parts.append("\(attention) to look at") }
    if counts.unknown > 0 { parts.append("\(counts.unknown) unknown") }
    if counts.failed > 0 { parts.append("\(counts.failed) failed") }
    let performance = [
      "total=\(counts.total);;;0", "ok=\(counts.ok);;;0", "warnings=\(counts.warning);;;0",
      "skipped=\(counts.skipped);;;0", "failed=\(counts.failed);0;;0", "unknown=\(counts.unknown);0;;0",
      "alarms=\(counts.alarms);;0;0",
    ]
    text = Self.line(service, parts.joined(separator: ", ")) + " | " + performance.joined(separator: " ")
  }

  /// A line without performance data, for a run that came to nothing.
  package init(_ service: Service, _ reason: String) {
    self.service = service
    text = Self.line(service, Self.plain(reason))
  }

  private static func line(_ service: Service, _ reason: String) -> String {
    "\(service.word) - \(reason)"
  }

  /// Without control characters and without the bar that begins performance data.
  private static func plain(_ text: String) -> String { Format.harmless(text).replacing("|", with: "/") }
}
