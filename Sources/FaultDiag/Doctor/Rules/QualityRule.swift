import SignalIO

/// What the quality gate found, gathered by kind.
enum QualityRule: CheckupRule {
  static let name = "quality"

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    QualityFinding.Kind.allCases.compactMap { kind in
      let concerned = survey.recordings.filter { $0.quality.contains { $0.kind == kind } }
      let worst = concerned.flatMap(\.quality).filter { $0.kind == kind }.max { $0.severity < $1.severity }
      guard let worst else { return nil }
      let share = CheckupWords.share(concerned.count, of: survey.recordings.count)
      return finding(
        worst.severity.asCheckup, "\(kind.rawValue) in \(share); the worst: \(worst)", advice: worst.advice,
        recordings: concerned)
    }
  }
}

extension QualityFinding.Severity {
  fileprivate var asCheckup: CheckupFinding.Severity {
    switch self {
    case .note: .note
    case .warning: .warning
    case .unusable: .problem
    }
  }
}
