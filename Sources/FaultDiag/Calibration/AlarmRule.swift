/// When a fault is stated: once the healthy state has become improbable.
///
/// Probabilities are calibrated where three bearings of four are faulty, and most bearings that one meets are not. A
/// verdict between the two is no reason to stop a machine: it is told as a suspicion beside the healthy state.
package struct AlarmRule: Sendable, Equatable {
  /// Least probability that something is wrong, 0 ..< 1; 0 states what is most probable. The default keeps every false
  /// alarm from the healthy ends of the CWRU shafts and 98 % of the simulated healthy bearings.
  package var certainty: Double

  package init(certainty: Double = 0.95) { self.certainty = certainty }

  /// The state to be stated.
  ///
  /// - `healthy`: place of the healthy state in `probabilities`.
  package func stated(_ probabilities: [Double], healthy: Int) -> Int {
    let isProved = 1 - probabilities[healthy] >= certainty
    return isProved ? RecordingJudgement.largest(probabilities) : healthy
  }
}
