/// Whether labels suffice to learn from, and to measure what was learnt.
enum LabelRule: CheckupRule {
  static let name = "labels"

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    let labels = survey.labels
    guard !labels.isEmpty else { return [] }
    var found: [CheckupFinding] = []
    if labels.count == 1 {
      found.append(
        finding(
          .note, "only one state is labelled (\(labels[0])): nothing can be told from it",
          advice:
            "Add recordings of another state, or learn the healthy state alone with fault-diag baseline."))
    }
    let single = labels.filter { survey.groups(labelled: $0).count == 1 }
    if labels.count > 1, !single.isEmpty {
      let isOne = single.count == 1
      found.append(
        finding(
          .warning,
          "\(CheckupWords.list(single)) \(isOne ? "comes" : "come each") from one bearing only: what is learnt may be "
            + "that bearing and not its fault, and nothing can be held out to find out",
          advice: "Record a second bearing of that state, or judge by the default model alone.",
          recordings: survey.recordings.filter { single.contains($0.label ?? "") }))
    }
    let nameless = survey.labelled.filter { $0.identity == nil }
    if labels.count > 1, !nameless.isEmpty {
      found.append(
        finding(
          .warning,
          "\(CheckupWords.share(nameless.count, of: survey.labelled.count)) with a label but without bearing_id "
            + "or machine: recordings of one bearing may end on both sides of a split, and figures come out too good",
          advice: "Give bearing_id (or at least machine) in side-cars or the table of labels.",
          recordings: nameless))
    }
    return found
  }
}
