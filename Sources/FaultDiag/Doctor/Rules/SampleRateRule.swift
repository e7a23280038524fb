/// Whether the rate lets a bearing be heard.
///
/// A defect's impacts ring the structure at 1 to 10 kHz (Randall and Antoni 2011, section 5); the default model listens up
/// to 5.9 kHz. Below that, faults show only once they shake the low harmonics themselves.
enum SampleRateRule: CheckupRule {
  static let name = "sample_rate"

  /// The default model's rate in hertz; lower ones leave bands of resonances empty.
  static let fullRate = 12_000.0
  /// In hertz; below it no band of resonances is left.
  static let leastRate = 3_000.0

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    let total = survey.recordings.count
    let deaf = survey.recordings.filter { $0.sampleRate < leastRate }
    let low = survey.recordings.filter { $0.sampleRate >= leastRate && $0.sampleRate < 0.99 * fullRate }
    var found: [CheckupFinding] = []
    if let slowest = deaf.map(\.sampleRate).min() {
      found.append(
        finding(
          .problem,
          "\(CheckupWords.share(deaf.count, of: total)) at \(CheckupWords.hertz(slowest)) or little more: below "
            + "\(CheckupWords.hertz(leastRate)) no impact of a bearing is heard, only imbalance and misalignment",
          advice: "Record at 12 kHz or more.", recordings: deaf))
    }
    if let slowest = low.map(\.sampleRate).min() {
      found.append(
        finding(
          .warning,
          "\(CheckupWords.share(low.count, of: total)) below \(CheckupWords.hertz(fullRate)), the lowest at "
            + "\(CheckupWords.hertz(slowest)): resonances above \(CheckupWords.hertz(slowest / 2)) are not in them, "
            + "and early faults may show nowhere else",
          advice: "Record at 12 kHz or more, 25 kHz where the machine is small.", recordings: low))
    }
    return found
  }
}
