/// What a report comes to, for a terminal: counts, then the machines with something to do, most urgent first.
package struct ReportSummary: Sendable, Equatable, Encodable {
  /// The most urgent row of an asset.
  package struct Item: Sendable, Equatable, Encodable {
    package var urgency: Int
    package var asset: String
    package var path: String
    package var state: String
    package var zone: SeverityZone?
    package var action: String
    package var deadline: String
    /// Further rows of the asset with something to do.
    package var others: Int
  }

  package var schemaVersion = ReportRow.currentSchemaVersion
  package var counts: ReportCounts
  package var mostUrgent: [Item]
  /// Assets with something to do that are not in ``mostUrgent``.
  package var more: Int

  /// - `entries`: in the report's order.
  package init(_ entries: [ReportEntry], limit: Int = 10) {
    counts = ReportCounts(entries)
    var items: [Item] = []
    var places: [String: Int] = [:]
    for entry in entries where entry.urgency > 0 {
      if let place = places[entry.asset] {
        items[place].others += 1
        continue
      }
      places[entry.asset] = items.count
      items.append(
        Item(
          urgency: entry.urgency, asset: entry.asset, path: entry.path,
          state: entry.state ?? entry.status.rawValue, zone: entry.zone, action: entry.action,
          deadline: entry.deadline, others: 0))
    }
    mostUrgent = Array(items.prefix(limit))
    more = items.count - mostUrgent.count
  }

  /// Of each urgency.
  private static let words = ["", "Watch", "Plan", "Soon", "Now"]

  package func text(_ style: TextStyle) -> String {
    var page = TextPage(style: style)
    page.section(
      "Inputs",
      [
        "\(counts.total) inputs: \(counts.ok) ok, \(counts.warning) with warnings, \(counts.failed) failed, "
          + "\(counts.skipped) skipped",
        "\(counts.alarms) in alarm, \(counts.unknown) unknown",
      ], paint: counts.alarms > 0 ? .red : counts.failed > 0 ? .yellow : .green)
    for item in mostUrgent {
      let zone = item.zone.map { ", zone \($0.rawValue)" } ?? ""
      let place = item.asset == item.path ? item.path : "\(item.asset) (\(item.path))"
      let others = item.others > 0 ? "; \(item.others) more of it" : ""
      page.section(
        Self.words[item.urgency],
        [
          Format.harmless("\(place): \(item.state)\(zone)\(others)"),
          Format.harmless("\(item.action) Deadline: \(item.deadline)."),
        ])
    }
    if more > 0 { page.section("", ["and \(more) more machines with something to do"]) }
    return page.text
  }
}
