import Foundation
import Support

/// How likely each part of an axis is masked, so that what matters is kept:
///
///     w_i = log(share of part i)        p_i = min(0.7, s (max w - w_i) / (max w - mean w))
///
/// s is the mean probability that is asked for; the part with the largest share is never masked. Where all shares are
/// equal there is nothing to spare, and p_i = s. (Zhu et al. 2021, "Graph contrastive learning with adaptive
/// augmentation", arXiv 2010.14945, equations 2 and 4, with shares of a signal for centralities of a graph.)
enum MaskProbability {
  static let highest = 0.7

  /// `importances` are not negative; shares below a millionth count as that.
  static func probabilities(importances: [Double], mean: Double) -> [Double] {
    let total = importances.reduce(0, +)
    let weights = importances.map { log(max(total > 0 ? $0 / total : 0, 1e-6)) }
    let largest = weights.max() ?? 0
    let spread = largest - weights.reduce(0, +) / Double(max(weights.count, 1))
    // What rounding leaves of equal weights is no difference.
    guard spread > 1e-9 else { return weights.map { _ in min(highest, mean) } }
    return weights.map { min(highest, mean * (largest - $0) / spread) }
  }

  /// The parts that are masked; a draw for each part.
  static func draw(
    importances: [Double], mean: Double, parts: [Range<Int>], random: inout RandomSource
  ) -> [Range<Int>] {
    zip(parts, probabilities(importances: importances, mean: mean)).compactMap { part, probability in
      random.uniform() < probability ? part : nil
    }
  }

  /// `count` places cut into `parts` ranges of nearly equal length.
  static func parts(_ parts: Int, of count: Int) -> [Range<Int>] {
    (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }
}
