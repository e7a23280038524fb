/// The same samples under two names.
enum DuplicateRule: CheckupRule {
  static let name = "duplicates"

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    let twins = Dictionary(grouping: survey.recordings.filter { $0.statistics.count > 0 }) {
      [$0.mark, UInt64($0.statistics.count)]
    }
    let sets = twins.values.filter { $0.count > 1 }.sorted { $0[0].path < $1[0].path }
    return sets.map { same in
      let labels = Set(same.compactMap(\.label)).sorted()
      let paths = CheckupWords.list(same.map(\.path))
      guard labels.count < 2 else {
        return finding(
          .problem, "\(paths) hold the same samples under the labels \(CheckupWords.list(labels))",
          advice: "At least one label is wrong: correct it or take the file out.", recordings: same)
      }
      return finding(
        .warning, "\(paths) hold the same samples",
        advice: "Keep one: in training and test at once it makes figures too good.", recordings: same)
    }
  }
}
