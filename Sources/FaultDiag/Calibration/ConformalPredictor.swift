/// Split-conformal p-values and prediction sets: statements that hold at a chosen rate without a model of the scores.
///
/// `p = (1 + #{calibration scores >= s}) / (n + 1)` (Vovk, Gammerman and Shafer 2005). If the new item is exchangeable
/// with the calibration items, `P(p <= alpha) <= alpha`. Neighbouring snapshots of one machine are not exchangeable:
/// calibrate with items from other groups, or at a time apart.
package struct ConformalPredictor: Sendable, Equatable, Codable {
  /// Strangeness of the calibration items, ascending; higher is stranger.
  package private(set) var scores: [Double]

  /// Scores that are not finite are left out: nothing can be ranked against them.
  package init(calibration: [Double]) { scores = calibration.filter(\.isFinite).sorted() }

  /// How many calibration items are at least as strange, as a share; 1 when nothing was calibrated.
  package func pValue(_ score: Double) -> Double {
    // Lower bound: the first calibration score that is at least `score`.
    var (low, high) = (0, scores.count)
    while low < high {
      let middle = (low + high) / 2
      if scores[middle] < score { low = middle + 1 } else { high = middle }
    }
    return Double(1 + scores.count - low) / Double(scores.count + 1)
  }

  /// The smallest alpha that can be reached: below it nothing is ever rejected.
  package var smallestPValue: Double { 1 / Double(scores.count + 1) }

  /// The score that a new item exceeds with probability at most `1 - coverage`.
  ///
  /// The `ceil((n + 1) coverage)`-th smallest calibration score; infinite when there are too few items for the
  /// coverage (99% needs at least 99).
  package func threshold(coverage: Double) -> Double {
    precondition(coverage > 0 && coverage < 1, "a coverage of \(coverage) is not in (0, 1)")
    let rank = Int((Double(scores.count + 1) * coverage).rounded(.up))
    return rank <= scores.count ? scores[max(rank, 1) - 1] : .infinity
  }

  /// Class indices kept at `coverage`, with strangeness `1 - p_class` (least ambiguous sets: Sadinle, Lei and
  /// Wasserman 2019). Calibrate with `1 - p_truth`. May be empty: no known class fits.
  package func predictionSet(probabilities: [Double], coverage: Double) -> [Int] {
    let limit = threshold(coverage: coverage)
    return probabilities.indices.filter { 1 - probabilities[$0] <= limit }
  }
}
