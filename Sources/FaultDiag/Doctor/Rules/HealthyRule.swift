/// Whether a machine's healthy recordings suffice for stated false-alarm rates.
///
/// A conformal p-value of n calibration recordings is at least 1 / (n + 1): alarms at a rate of alpha need n >= 1 / alpha - 1.
enum HealthyRule: CheckupRule {
  static let name = "healthy"

  /// Recordings below which no rate worth having can be stated.
  static let leastRecordings = 19

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    var found: [CheckupFinding] = []
    for machine in survey.machines {
      let healthy = survey.healthy(machine.recordings)
      let owner = machine.name.isEmpty ? "" : " of \(machine.name)"
      if healthy.isEmpty { continue }
      let length = CheckupWords.duration(healthy.reduce(0) { $0 + $1.seconds })
      let rate = 1 / Double(healthy.count + 1)
      let amount =
        "\(CheckupWords.number(healthy.count, "healthy recording"))\(owner) (\(length))"
      if healthy.count < leastRecordings {
        found.append(
          finding(
            .warning,
            "\(amount): false alarms can be stated down to \(Format.percent(rate)) a recording, not lower",
            advice: "Collect 19 for 5 %, 99 for 1 %, over different days and loads.", recordings: healthy))
      }
      let undated = healthy.filter { $0.metadata.recordedAt == nil }
      if healthy.count >= 3, !undated.isEmpty, !survey.labels.isEmpty || undated.count < healthy.count {
        found.append(
          finding(
            .note,
            "\(CheckupWords.share(undated.count, of: healthy.count))\(owner) without a time: their order is taken from "
              + "their names, and drift cannot be dated",
            advice: "State recorded_at in side-cars, or keep names that sort by time.", recordings: undated))
      }
    }
    return found
  }
}
