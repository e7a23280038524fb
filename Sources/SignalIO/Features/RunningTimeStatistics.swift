/// ``TimeStatistics`` of samples that come in blocks, in memory that does not grow with their number.
///
/// A block's sums about its own mean are joined with those of the blocks before (Pébay 2008, "Formulas for robust,
/// one-pass parallel computation of covariances and arbitrary-order statistical moments", SAND2008-6212, section 2.1):
/// with d the difference of the means and n = n_a + n_b,
///
///     M2 = M2_a + M2_b + d^2 n_a n_b / n
///     M3 = M3_a + M3_b + d^3 n_a n_b (n_a - n_b) / n^2 + 3 d (n_a M2_b - n_b M2_a) / n
///     M4 = M4_a + M4_b + d^4 n_a n_b (n_a^2 - n_a n_b + n_b^2) / n^3 + 6 d^2 (n_a^2 M2_b + n_b^2 M2_a) / n^2
///          + 4 d (n_a M3_b - n_b M3_a) / n
///
/// Departure from ``TimeStatistics/of(_:)``: samples that are not finite are passed over and not counted.
package struct RunningTimeStatistics: Sendable, Equatable {
  private var sums = Sums()

  package init() {}

  /// Takes the next samples.
  package mutating func add(_ samples: [Float]) {
    sums.join(Sums(samples))
  }

  /// Of everything added so far; all zero before the first finite sample.
  package var statistics: TimeStatistics {
    var result = TimeStatistics()
    result.count = Int(sums.count)
    guard sums.count > 0 else { return result }
    let n = sums.count
    let variance = sums.second / n
    result.mean = sums.mean
    result.rms = (sums.square / n).squareRoot()
    result.standardDeviation = variance.squareRoot()
    result.peak = max(abs(sums.lowest), abs(sums.highest))
    result.peakToPeak = sums.highest - sums.lowest
    // The same limit as in TimeStatistics: a constant leaves only rounding of the mean behind.
    if variance > 1e-24 * max(sums.mean * sums.mean, .leastNormalMagnitude) {
      result.skewness = sums.third / n / (variance * variance.squareRoot())
      result.kurtosis = sums.fourth / n / (variance * variance) - 3
    }
    if result.rms > 0 {
      let root = sums.root / n
      result.crestFactor = result.peak / result.rms
      result.shapeFactor = result.rms / (sums.magnitude / n)
      result.impulseFactor = result.peak / (sums.magnitude / n)
      result.clearanceFactor = result.peak / (root * root)
    }
    return result
  }

  /// Of one block or of several joined; the central sums are about ``mean``.
  private struct Sums: Sendable, Equatable {
    var count = 0.0
    var mean = 0.0
    var square = 0.0
    var second = 0.0
    var third = 0.0
    var fourth = 0.0
    var magnitude = 0.0
    var root = 0.0
    var lowest = Double.infinity
    var highest = -Double.infinity

    init() {}

    init(_ samples: [Float]) {
      var sum = 0.0
      for sample in samples where sample.isFinite {
        count += 1
        sum += Double(sample)
      }
      guard count > 0 else { return }
      mean = sum / count
      for sample in samples where sample.isFinite {
        let x = Double(sample)
        let d = x - mean
        let d2 = d * d
        square += x * x
        second += d2
        third += d2 * d
        fourth += d2 * d2
        magnitude += abs(x)
        root += abs(x).squareRoot()
        lowest = min(lowest, x)
        highest = max(highest, x)
      }
    }

    mutating func join(_ b: Sums) {
      guard b.count > 0 else { return }
      let a = self
      let n = a.count + b.count
      let d = b.mean - a.mean
      let product = a.count * b.count
      count = n
      mean = a.mean + d * b.count / n
      second += b.second + d * d * product / n
      third +=
        b.third + d * d * d * product * (a.count - b.count) / (n * n)
        + 3 * d * (a.count * b.second - b.count * a.second) / n
      let shape = a.count * a.count - product + b.count * b.count
      fourth +=
        b.fourth + d * d * d * d * product * shape / (n * n * n)
        + 6 * d * d * (a.count * a.count * b.second + b.count * b.count * a.second) / (n * n)
        + 4 * d * (a.count * b.third - b.count * a.third) / n
      square += b.square
      magnitude += b.magnitude
      root += b.root
      lowest = min(lowest, b.lowest)
      highest = max(highest, b.highest)
    }
  }
}
