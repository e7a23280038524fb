import CKernels

/// Numbers that describe a block of samples without its order in frequency.
///
/// Moments are about the mean and divided by N (population moments), as `scipy.stats` has them with
/// `bias=True`. Silence and constants have zero deviation: kurtosis, skewness and the factors are then 0,
/// never NaN. A NaN or infinite sample makes every statistic NaN. An empty block has all statistics 0.
package struct TimeStatistics: Sendable, Equatable, Codable {
  /// Samples.
  package var count = 0
  /// Mean, in the unit of the samples.
  package var mean: Double = 0
  /// sqrt(mean of x^2), the mean not removed.
  package var rms: Double = 0
  /// sqrt(mean of (x - mean)^2).
  package var standardDeviation: Double = 0
  /// Largest |x|.
  package var peak: Double = 0
  /// Largest x less smallest x.
  package var peakToPeak: Double = 0
  /// peak / rms; a sine has sqrt(2).
  package var crestFactor: Double = 0
  /// Third moment over the deviation cubed.
  package var skewness: Double = 0
  /// Fourth moment over the deviation to the fourth, *less 3* (Fisher's excess): normal noise has 0, a sine
  /// -1.5.
  package var kurtosis: Double = 0
  /// rms / mean of |x|; a sine has pi / (2 sqrt 2) = 1.1107.
  package var shapeFactor: Double = 0
  /// peak / mean of |x|; a sine has pi / 2.
  package var impulseFactor: Double = 0
  /// peak / (mean of sqrt |x|)^2.
  package var clearanceFactor: Double = 0

  package init() {}

  /// Statistics of `samples`, summed in double precision in two passes (the second about the mean).
  package static func of(_ samples: [Float]) -> TimeStatistics {
    var result = TimeStatistics()
    result.count = samples.count
    guard !samples.isEmpty else { return result }
    let n = Double(samples.count)
    result.mean = samples.withUnsafeBufferPointer { sk_sum($0.baseAddress, $0.count) } / n
    let sums = Sums(samples, mean: result.mean)
    guard result.mean.isFinite, sums.second.isFinite else { return allNaN(count: samples.count) }
    result.rms = (sums.square / n).squareRoot()
    result.standardDeviation = (sums.second / n).squareRoot()
    result.peak = max(abs(sums.lowest), abs(sums.highest))
    result.peakToPeak = sums.highest - sums.lowest
    let variance = sums.second / n
    // A constant leaves rounding of the mean behind; below this there is no shape to speak of.
    if variance > 1e-24 * max(result.mean * result.mean, .leastNormalMagnitude) {
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

  private static func allNaN(count: Int) -> TimeStatistics {
    var result = TimeStatistics()
    result.count = count
    for path: WritableKeyPath<TimeStatistics, Double> in [
      \.mean, \.rms, \.standardDeviation, \.peak, \.peakToPeak, \.crestFactor, \.skewness, \.kurtosis,
      \.shapeFactor,
      \.impulseFactor, \.clearanceFactor,
    ] { result[keyPath: path] = .nan }
    return result
  }

  /// The second pass.
  private struct Sums {
    var square = 0.0
    var second = 0.0
    var third = 0.0
    var fourth = 0.0
    var magnitude = 0.0
    var root = 0.0
    var lowest = Double.infinity
    var highest = -Double.infinity

    init(_ samples: [Float], mean: Double) {
      for sample in samples {
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
  }

  /// Energy share of bands: the sum of a power spectrum between `lowest` and `highest` hertz (both included)
  /// over its whole sum, for each band. A silent spectrum gives 0 for every band.
  ///
  /// - `power`: one-sided power at 0, `binWidth`, 2 `binWidth`, ... hertz, for instance from
  ///   ``PowerSpectrum``.
  package static func bandShares(
    ofPower power: [Float], binWidth: Double, bands: [ClosedRange<Double>]
  ) -> [Double] {
    let total = power.reduce(0.0) { $0 + Double($1) }
    guard total > 0 else { return [Double](repeating: 0, count: bands.count) }
    return bands.map { band in
      var sum = 0.0
      for (k, p) in power.enumerated() where band.contains(Double(k) * binWidth) { sum += Double(p) }
      return sum / total
    }
  }
}
