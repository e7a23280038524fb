/// What a training tells while it runs.
package enum TrainingEvent: Sendable, Equatable {
  case started(TrainingStart)
  case step(TrainingStep)
  case statistics(step: Int, RepresentationStatistics)
  case checkpoint(step: Int, path: String)
  case warning(TrainingWarning)
  case ended(TrainingSummary)
}

/// What is about to be trained.
package struct TrainingStart: Sendable, Equatable {
  package var recordings: Int
  package var windows: Int
  package var parameters: Int
  /// Steps done before, more than 0 when resuming.
  package var step: Int
  package var steps: Int
}

/// One step of the optimizer.
package struct TrainingStep: Sendable, Equatable {
  /// Steps done, this one included.
  package var step: Int
  package var steps: Int
  package var epoch: Int
  package var loss: Double
  /// Terms of the loss, accuracy for each step ahead, information bound.
  package var measures: ObjectiveMeasures
  package var learningRate: Double
  /// Before clipping.
  package var gradientNorm: Double
  /// Recently, not counting what views add.
  package var windowsPerSecond: Double
  package var secondsLeft: Double
}

/// A sign that training goes wrong, with what it was read from.
package enum TrainingWarning: Sendable, Equatable {
  /// The latents lose dimensions or all spread.
  case collapse(step: Int, effectiveRank: Double, highest: Double, deviation: Double)
}

extension TrainingWarning: CustomStringConvertible {
  package var description: String {
    switch self {
    case .collapse(let step, let rank, let highest, let deviation):
      "the representation is collapsing at step \(step): effective rank \(shortText(rank)) (highest so far "
        + "\(shortText(highest))), deviation \(shortText(deviation)). Lower the learning rate, or use more or "
        + "other negatives."
    }
  }
}

/// How a training ended.
package struct TrainingSummary: Sendable, Equatable {
  /// Steps done in all.
  package var step: Int
  package var steps: Int
  /// Whether it was asked to stop before the last step.
  package var wasCancelled: Bool
  /// Of the last step; nil when there was none to do.
  package var last: TrainingStep?
  /// Spent in this run.
  package var seconds: Double
}

/// Watches for a collapse and tells once each time it begins.
struct CollapseMonitor: Sendable {
  private var highest = 0.0
  private var isCollapsed = false

  mutating func warning(_ statistics: RepresentationStatistics, step: Int) -> TrainingWarning? {
    highest = max(highest, statistics.effectiveRank)
    // A fifth of what it was, or nearly a line or a point.
    let collapsed =
      statistics.effectiveRank < max(1.5, 0.2 * highest) || statistics.deviation < 1e-4
    defer { isCollapsed = collapsed }
    guard collapsed && !isCollapsed else { return nil }
    return .collapse(
      step: step, effectiveRank: statistics.effectiveRank, highest: highest, deviation: statistics.deviation)
  }
}
