/// States that can be told by how they were recorded: a model would learn that instead of the fault.
enum ConditionLeakRule: CheckupRule {
  static let name = "condition_leak"

  /// A condition of recording, in words, with its value for a recording (nil: unknown).
  private struct Condition: Sendable {
    var name: String
    var value: @Sendable (SurveyedRecording) -> String?
  }

  private static let conditions = [
    Condition(name: "sample rate") { CheckupWords.hertz($0.sampleRate) },
    Condition(name: "format") { $0.format },
    Condition(name: "number of channels") { "\($0.channelCount)" },
    Condition(name: "unit") { $0.metadata.unit?.value },
    Condition(name: "sensitivity") {
      $0.metadata.sensitivity.map { "\(Format.number($0.value, digits: 2)) mV/g" }
    },
    Condition(name: "machine") { $0.metadata.machine?.value },
    Condition(name: "bearing type") { $0.metadata.bearing?.value },
    Condition(name: "load") { $0.metadata.load?.value },
  ]

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    let labels = survey.labels
    guard labels.count > 1 else { return [] }
    return conditions.flatMap { condition in
      labels.compactMap { label in leak(of: label, by: condition, survey) }
    }
  }

  /// A label whose every value of the condition occurs with no other label, while the others have known values too.
  private static func leak(of label: String, by condition: Condition, _ survey: Survey) -> CheckupFinding? {
    let own = survey.labelled.filter { $0.label == label }
    let values = own.map(condition.value)
    let others = Set(survey.labelled.filter { $0.label != label }.map(condition.value))
    guard !values.contains(nil), !others.contains(nil) else { return nil }
    let mine = Set(values.compactMap { $0 })
    guard mine.allSatisfy({ !others.contains($0) }) else { return nil }
    let words = mine.sorted()
    let shown = words.count <= 3 ? CheckupWords.list(words) : "\(words.count) values of its own"
    return finding(
      .warning,
      "\(label) can be told by the \(condition.name) alone: \(shown), and no other state has that",
      advice: "Record the states under the same conditions; until then figures say nothing of the fault.",
      recordings: own)
  }
}
