import CKernels

/// Finds the band whose envelope is most impulsive: where to demodulate.
///
///     K(band) = mean |z|^4 / (mean |z|^2)^2 - 2
///
/// z is the complex envelope of the band: 0 for stationary Gaussian noise, -1 for a tone, large where short
/// bursts stand out. The range 0 ... rate / 2 is cut into 1, 2, 3, 4, 6, 8, 12, 16, 24 ... equal bands, the
/// 1/3-binary grid of Antoni, "Fast computation of the kurtogram for the detection of transient faults", MSSP
/// 21 (2007), 108-124. Departure: the bands are ideal (the spectrum's bins themselves, transformed back at
/// the band's own rate) where he uses a tree of short filters; impulses ring a little more, and no band leaks
/// into its neighbour.
///
/// The first and last bins of the spectrum (0 Hz and half the rate) are left out. Bands of fewer than
/// `minimumPoints` envelope points are not looked at: kurtosis of few points is chance. A silent band has K =
/// 0. Not `Sendable`: it owns workspaces, one per thread.
package final class Kurtogram {
  package struct Band: Sendable, Equatable, Codable {
    /// Hz.
    package var lowest: Double
    package var highest: Double
    /// K.
    package var kurtosis: Double

    package var centre: Double { (lowest + highest) / 2 }
    package var width: Double { highest - lowest }
  }

  package let sampleRate: Double
  package let frameCount: Int
  /// Numbers of bands the range is cut into, ascending.
  package let divisions: [Int]

  private let transform: FourierTransform
  private let samples: AlignedBuffer
  private let spectrum: AlignedBuffer
  private let bins: AlignedBuffer
  private let analytic: AlignedBuffer
  private let power: AlignedBuffer
  private let inverses: [ComplexFourierTransform]

  /// Plans a kurtogram of windows of `frameCount` samples at `sampleRate` hertz.
  package convenience init(
    sampleRate: Double, frameCount: Int, minimumPoints: Int = 128
  ) throws(SignalIOError) {
    guard minimumPoints >= 8, frameCount >= 2 * minimumPoints + 2, frameCount <= 1 << 26 else {
      throw .badSetting(
        name: "window length", found: "\(frameCount)",
        expected: "\(2 * max(8, minimumPoints) + 2) to 67108864 samples")
    }
    try self.init(
      sampleRate: sampleRate, frameCount: frameCount,
      divisions: Self.grid(usable: (frameCount - 1) / 2, minimumPoints: minimumPoints))
  }

  /// The same with rows of these numbers of bands, each band of at least 8 envelope points.
  package init(sampleRate: Double, frameCount: Int, divisions: [Int]) throws(SignalIOError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw .badSetting(name: "sample rate", found: "\(sampleRate)", expected: "a positive number of hertz")
    }
    let most = divisions.max() ?? 1
    guard (frameCount - 1) / 2 / max(most, 1) >= 8, frameCount <= 1 << 26, divisions.allSatisfy({ $0 > 0 })
    else {
      throw .badSetting(
        name: "window length", found: "\(frameCount)", expected: "\(16 * most + 1) to 67108864 samples")
    }
    self.sampleRate = sampleRate
    self.frameCount = frameCount
    let usable = (frameCount - 1) / 2
    self.divisions = divisions
    transform = FourierTransform(length: frameCount)
    samples = AlignedBuffer(count: frameCount)
    spectrum = AlignedBuffer(count: 2 * transform.binCount)
    let longest = FourierTransform.fastLength(atLeast: usable)
    bins = AlignedBuffer(count: 2 * longest)
    analytic = AlignedBuffer(count: 2 * longest)
    power = AlignedBuffer(count: longest)
    inverses = divisions.map {
      ComplexFourierTransform(length: FourierTransform.fastLength(atLeast: usable / $0))
    }
  }

  /// K of every band, row by row from the whole range to the narrowest bands.
  package func bands(of window: [Float]) -> [Band] {
    precondition(window.count == frameCount, "a window of \(window.count) samples, expected \(frameCount)")
    samples.load(window)
    transform.forward(samples, into: spectrum)
    let binWidth = sampleRate / Double(frameCount)
    var result: [Band] = []
    for (division, inverse) in zip(divisions, inverses) {
      let width = (frameCount - 1) / 2 / division
      // Zeros behind the band's bins raise the envelope's rate to a fast length and change nothing else.
      bins.clear(2 * width..<2 * inverse.length)
      for b in 0..<division {
        let first = 1 + b * width
        result.append(
          Band(
            lowest: (Double(first) - 0.5) * binWidth, highest: (Double(first + width) - 0.5) * binWidth,
            kurtosis: kurtosis(first, width, inverse)))
      }
    }
    return result
  }

  /// The band with the largest K; among equals the widest and lowest.
  package func best(of window: [Float]) -> Band {
    let all = bands(of: window)
    return all.dropFirst().reduce(all[0]) { $1.kurtosis > $0.kurtosis ? $1 : $0 }
  }

  private func kurtosis(_ first: Int, _ width: Int, _ inverse: ComplexFourierTransform) -> Double {
    let m = inverse.length
    // Invariant: first + width <= binCount, because division x width <= usable bins.
    bins.base.update(from: spectrum.base + 2 * first, count: 2 * width)
    inverse.inverse(bins, into: analytic)
    sk_power(analytic.base, power.base, m)
    let second = sk_sum(power.base, m) / Double(m)
    let fourth = sk_sum_of_squares(power.base, 0, m) / Double(m)
    guard second != 0 else { return 0 }
    return fourth / (second * second) - 2
  }

  /// 1, 2, 3, 4, 6, 8, 12, ... while a band keeps `minimumPoints` points.
  private static func grid(usable: Int, minimumPoints: Int) -> [Int] {
    var result = [1]
    var power = 2
    while usable / power >= minimumPoints {
      result.append(power)
      if usable / (power / 2 * 3) >= minimumPoints { result.append(power / 2 * 3) }
      power *= 2
    }
    return result
  }
}
