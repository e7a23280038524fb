import Foundation

/// The counts that a rate leads to by chance alone.
package enum BinomialRange {
  /// The central range of successes in `count` independent trials of probability `rate`: at most `(1 - coverage) / 2` of
  /// the probability lies below it, and as much above.
  package static func counts(rate: Double, of count: Int, coverage: Double = 0.95) -> ClosedRange<Int> {
    precondition(rate > 0 && rate < 1 && count > 0, "no range for a rate of \(rate) in \(count) trials")
    let tail = (1 - coverage) / 2
    var below = 0.0
    var (low, high) = (0, count)
    var isLowFound = false
    for k in 0...count {
      below += probability(k, rate, count)
      if !isLowFound, below > tail {
        low = k
        isLowFound = true
      }
      if below >= 1 - tail {
        high = k
        break
      }
    }
    return low...high
  }

  private static func probability(_ k: Int, _ rate: Double, _ n: Int) -> Double {
    let (x, count) = (Double(k), Double(n))
    let logChoices: Double = lgamma(count + 1) - lgamma(x + 1) - lgamma(count - x + 1)
    let logChance: Double = x * log(rate) + (count - x) * log(1 - rate)
    return exp(logChoices + logChance)
  }
}
