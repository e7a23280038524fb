/// What is known of a recording before it is read.
package struct RecordingSummary: Sendable, Equatable {
  package var path: String
  /// In hertz.
  package var sampleRate: Double
  /// nil where only reading tells.
  package var seconds: Double?

  package init(path: String, sampleRate: Double, seconds: Double?) {
    self.path = path
    self.sampleRate = sampleRate
    self.seconds = seconds
  }
}

/// A change that was made to a plan so that it fits the recordings.
package enum PlanNote: Sendable, Equatable {
  /// Every recording is brought to this rate, the lowest among them or the plan's highest. In hertz.
  case sampleRate(used: Double, lowest: Double, lowestPath: String, limit: Double)
  /// Windows were shortened, because many recordings are shorter than the plan's. In seconds.
  case windowShortened(from: Double, to: Double, because: Double)
}

extension PlanNote: CustomStringConvertible {
  package var description: String {
    switch self {
    case .sampleRate(let used, let lowest, let path, let limit):
      used < limit
        ? "all recordings are used at \(shortText(used)) Hz, the lowest rate found (\(path))."
        : "all recordings are used at \(shortText(used)) Hz, the plan's highest rate (the lowest found is "
          + "\(shortText(lowest)) Hz, \(path))."
    case .windowShortened(let from, let to, let because):
      "windows are \(shortText(to)) s long instead of \(shortText(from)) s, because one recording in ten is "
        + "no longer than \(shortText(because)) s."
    }
  }
}

extension TrainingPlan {
  /// The plan fitted to recordings, with what was changed.
  ///
  /// Rate: the lowest native rate, at most the plan's. Nothing is ever interpolated up, since bands without content would
  /// tell recordings apart by their recorder. Window: no longer than nine in ten recordings, as far as the objective
  /// allows; shorter recordings are then skipped.
  package func adapted(to recordings: [RecordingSummary]) throws(CPCError) -> (
    plan: TrainingPlan, notes: [PlanNote]
  ) {
    try validate()
    guard let lowest = recordings.min(by: { ($0.sampleRate, $0.path) < ($1.sampleRate, $1.path) }) else {
      return (self, [])
    }
    var plan = self
    let limit = features.sampleRate
    plan.features.sampleRate = min(limit, lowest.sampleRate)
    var notes: [PlanNote] = [
      .sampleRate(
        used: plan.features.sampleRate, lowest: lowest.sampleRate, lowestPath: lowest.path, limit: limit)
    ]
    let lengths: [Double] = recordings.compactMap { $0.seconds }.sorted()
    if let short: Double = lengths.isEmpty ? nil : lengths[lengths.count / 10],
      short < plan.features.windowSeconds
    {
      var shorter = plan
      if let features = plan.features.features.shortened(to: Int(short * plan.features.sampleRate)) {
        shorter.features.features = features
        if (try? shorter.validate()) != nil {
          notes.append(
            .windowShortened(
              from: plan.features.windowSeconds, to: shorter.features.windowSeconds,
              because: short))
          plan = shorter
        }
      }
    }
    try plan.validate()
    return (plan, notes)
  }
}
