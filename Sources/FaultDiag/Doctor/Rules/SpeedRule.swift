import SignalIO

/// Whether the shaft speed is known, or long enough a recording there to find it.
enum SpeedRule: CheckupRule {
  static let name = "speed"

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    let unknown = survey.recordings.filter { $0.metadata.speed == nil }
    guard !unknown.isEmpty else { return [] }
    let needed = ShaftSpeed.Settings().leastRevolutions
    // At the lowest speed of the blind search a recording must last longest.
    let long = unknown.filter { $0.seconds * ShaftSpeed.Search.anywhere.hertz.upperBound >= needed }
    return [
      finding(
        .warning,
        "the shaft speed is unknown for \(CheckupWords.share(unknown.count, of: survey.recordings.count)); "
          + (long.isEmpty
            ? "none lasts long enough to find it in the signal"
            : "\(long.count) may last long enough to find it in the signal, which often refuses"),
        advice: "State it with --rpm, in side-cars or in fault-diag.toml; the nameplate speed is a start.",
        recordings: unknown)
    ]
  }
}
