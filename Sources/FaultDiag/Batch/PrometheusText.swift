/// A report in the text format that a node exporter collects from files; without timestamps, as those are refused there.
///
/// Source: Prometheus documentation, "Exposition formats", text format 0.0.4.
package enum PrometheusText {
  package static func text(_ entries: [ReportEntry]) -> String {
    let counts = ReportCounts(entries)
    var text = metric(
      "fault_diag_recordings", "Inputs of the last report by status.",
      [
        (["status": "ok"], "\(counts.ok)"), (["status": "warning"], "\(counts.warning)"),
        (["status": "skipped"], "\(counts.skipped)"), (["status": "failed"], "\(counts.failed)"),
      ])
    text += metric(
      "fault_diag_alarms", "Recordings of the last report in alarm.", [([:], "\(counts.alarms)")])
    text += metric(
      "fault_diag_unknown", "Recordings of the last report that could not be judged.",
      [([:], "\(counts.unknown)")])
    let assets = Dictionary(grouping: entries.filter { $0.status != .skipped }, by: { $0.asset })
    let names = assets.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    func samples(_ value: ([ReportEntry]) -> String?) -> [(labels: [String: String], value: String)] {
      names.compactMap { name in value(assets[name] ?? []).map { (["asset": name], $0) } }
    }
    text += metric(
      "fault_diag_asset_urgency", "Highest urgency of an asset, 0 nothing to do to 4 now.",
      samples { rows in rows.map(\.urgency).max().map { "\($0)" } })
    text += metric(
      "fault_diag_asset_alarm", "Whether a recording of an asset is in alarm.",
      samples { rows in rows.contains(where: \.isAlarm) ? "1" : "0" })
    text += metric(
      "fault_diag_asset_velocity_rms_meters_per_second",
      "Highest vibration velocity of an asset, root mean square from 10 Hz to 1 kHz.",
      samples { rows in rows.compactMap(\.velocity).max().map { "\($0 / 1000)" } })
    return text
  }

  private static func metric(
    _ name: String, _ help: String, _ samples: [(labels: [String: String], value: String)]
  ) -> String {
    guard !samples.isEmpty else { return "" }
    let lines = samples.map { sample in
      let labels = sample.labels.keys.sorted().map { "\($0)=\"\(escaped(sample.labels[$0] ?? ""))\"" }
      return name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " \(sample.value)\n"
    }
    return "# HELP \(name) \(help)\n# TYPE \(name) gauge\n" + lines.joined()
  }

  /// A label's value: backslash, quote and line end are escaped; other control characters are made visible first.
  private static func escaped(_ text: String) -> String {
    let plain = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      Format.harmless(String($0))
    }
    return plain.map { $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
      .joined(separator: "\\n")
  }
}
