#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// States that one plain number tells apart: level, DC offset, length, speed.
///
/// A physical bearing (else machine, else file) counts once, with the median of its recordings. The area under the ROC
/// curve of the number, this state against the rest, must be nearly 0 or 1 and beyond what chance gives: three standard
/// errors of the Mann-Whitney statistic, sqrt((n + m + 1) / (12 n m)).
enum LevelLeakRule: CheckupRule {
  static let name = "level_leak"

  static let limit = 0.95
  static let standardErrors = 3.0

  private struct Measure: Sendable {
    var name: String
    var advice: String
    var value: @Sendable (SurveyedRecording) -> Double?
  }

  private static let measures = [
    Measure(
      name: "level",
      advice: "If gain or mounting changed, normalise; if the fault is louder, a threshold is all one needs."
    ) { $0.statistics.standardDeviation > 0 ? 20 * log10($0.statistics.standardDeviation) : nil },
    Measure(name: "DC offset", advice: "Remove the mean before training on raw samples.") {
      $0.statistics.standardDeviation > 0 ? $0.statistics.mean / $0.statistics.standardDeviation : nil
    },
    Measure(name: "length", advice: "Cut the recordings to one length.") { $0.seconds },
    Measure(
      name: "shaft speed", advice: "Record the states at the same speeds, or look only at orders, not hertz."
    ) { $0.metadata.speed?.value },
  ]

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    let labels = survey.labels
    guard labels.count > 1 else { return [] }
    return measures.flatMap { measure in
      labels.compactMap { label in leak(of: label, by: measure, survey) }
    }
  }

  private static func leak(of label: String, by measure: Measure, _ survey: Survey) -> CheckupFinding? {
    let groups = Dictionary(grouping: survey.labelled) { [$0.label ?? "", $0.group] }.sorted {
      $0.key.lexicographicallyPrecedes($1.key)
    }
    var scores: [Double] = []
    var positive: [Bool] = []
    for (key, recordings) in groups {
      let values = recordings.compactMap(measure.value).sorted()
      guard values.count == recordings.count else { return nil }
      scores.append(values[values.count / 2])
      positive.append(key[0] == label)
    }
    let n = Double(positive.filter { $0 }.count)
    let m = Double(positive.count) - n
    guard n > 0, m > 0,
      let area = ReceiverOperatingCharacteristic.area(scores: scores, positive: positive)
    else { return nil }
    let error = ((n + m + 1) / (12 * n * m)).squareRoot()
    guard max(area, 1 - area) >= limit, abs(area - 0.5) >= standardErrors * error else { return nil }
    return finding(
      .warning,
      "\(label) can be told by its \(measure.name) alone: \(area > 0.5 ? "higher" : "lower") than other states "
        + "(area under the curve \(Format.fixed(max(area, 1 - area), digits: 2)) over \(positive.count) bearings)",
      advice: measure.advice, recordings: survey.labelled.filter { $0.label == label })
  }
}
