import CKernels

/// Spectra whose axis counts events per revolution instead of per second, so that a changing speed does not
/// smear them.
package enum OrderSpectrum {
  /// Amplitudes by order: `values[k]` at k ``orderStep``.
  package struct Result: Sendable, Equatable {
    package var values: [Float]
    /// Orders between values: 1 / (revolutions in the block).
    package var orderStep: Double
  }

  /// Revolutions made at each sample for a constant speed, from 0.
  package static func revolutions(shaftHz: Double, sampleRate: Double, count: Int) -> [Double] {
    precondition(shaftHz > 0 && sampleRate > 0, "a shaft at \(shaftHz) Hz sampled at \(sampleRate) Hz")
    return (0..<count).map { Double($0) * shaftHz / sampleRate }
  }

  /// Revolutions made at each sample for a speed given at each sample (hertz), by the trapezoidal rule, from
  /// 0.
  package static func revolutions(speeds: [Double], sampleRate: Double) -> [Double] {
    precondition(sampleRate > 0, "a sample rate of \(sampleRate) Hz")
    var total = 0.0
    return speeds.indices.map { i in
      if i > 0 { total += (speeds[i - 1] + speeds[i]) / 2 / sampleRate }
      return total
    }
  }

  /// Samples at equal angles: `perRevolution` of them a revolution, from the first sample's angle to the
  /// last's.
  ///
  /// Cubic (Catmull-Rom) between samples, after Fyfe and Munck, "Analysis of computed order tracking", MSSP 11
  /// (1997). Halfway between samples a component at a tenth of the sample rate loses 0.4% of its amplitude, at a
  /// fifth 5%; what lies above `perRevolution` / 2 orders folds down: low-pass first.
  ///
  /// - `revolutions`: angle at each sample, in revolutions; increasing. Where it is not (a shaft at rest),
  ///   the result is empty.
  package static func resample(_ samples: [Float], revolutions: [Double], perRevolution: Int) -> [Float] {
    precondition(
      samples.count == revolutions.count, "\(samples.count) samples with \(revolutions.count) angles")
    precondition(perRevolution > 0, "\(perRevolution) samples a revolution")
    let n = samples.count
    guard n >= 2, zip(revolutions, revolutions.dropFirst()).allSatisfy({ $0 < $1 }) else { return [] }
    let count = Int((revolutions[n - 1] - revolutions[0]) * Double(perRevolution) + 1e-9) + 1
    var left = 0
    return (0..<count).map { k in
      let angle = revolutions[0] + Double(k) / Double(perRevolution)
      while left < n - 2 && revolutions[left + 1] <= angle { left += 1 }
      let t = min(1, (angle - revolutions[left]) / (revolutions[left + 1] - revolutions[left]))
      return cubic(samples, left, Float(t))
    }
  }

  /// One-sided amplitude spectrum of samples at equal angles (Hann window, mean removed): a component of
  /// amplitude a that repeats a whole number of times in the block shows a at its order. Fewer than 4 samples
  /// give an empty result.
  package static func amplitudes(_ angular: [Float], perRevolution: Int) -> Result {
    let n = angular.count
    let revolutions = Double(n) / Double(perRevolution)
    guard n >= 4 else { return Result(values: [], orderStep: 0) }
    let hann = WindowFunction.hann.weights(n)
    let scale = 2 / hann.reduce(0, +)
    let mean = Float(angular.withUnsafeBufferPointer { sk_sum($0.baseAddress!, n) } / Double(n))
    let spectrum = FourierTransform(length: n).spectrum(
      of: zip(angular, hann).map { ($0 - mean) * Float($1 * scale) })
    var values = [Float](repeating: 0, count: n / 2 + 1)
    sk_magnitude(spectrum, &values, values.count)
    return Result(values: values, orderStep: 1 / revolutions)
  }

  /// Reads a spectrum in hertz (an ``EnvelopeSpectrum``, for instance) at orders 0, `step`, ... up to
  /// `maximumOrder`, linear between bins; orders beyond the spectrum are 0.
  package static func read(
    _ amplitudes: [Float], binWidth: Double, shaftHz: Double, maximumOrder: Double, step: Double
  ) -> Result {
    precondition(
      binWidth > 0 && shaftHz > 0 && step > 0 && maximumOrder >= 0,
      "bins of \(binWidth) Hz, shaft \(shaftHz) Hz, orders to \(maximumOrder) step \(step)")
    let count = Int((maximumOrder / step).rounded()) + 1
    let values = (0..<count).map { value(amplitudes, at: Double($0) * step * shaftHz / binWidth) }
    return Result(values: values, orderStep: step)
  }

  /// Linear interpolation at a fractional index; 0 outside.
  private static func value(_ values: [Float], at position: Double) -> Float {
    guard values.count > 1, position >= 0, position <= Double(values.count - 1) else { return 0 }
    let j = min(Int(position), values.count - 2)
    return values[j] + Float(position - Double(j)) * (values[j + 1] - values[j])
  }

  private static func cubic(_ x: [Float], _ i: Int, _ t: Float) -> Float {
    let a = x[max(0, i - 1)]
    let b = x[i]
    let c = x[i + 1]
    let d = x[min(x.count - 1, i + 2)]
    let slope = c - a
    let bend = 2 * a - 5 * b + 4 * c - d
    let twist = 3 * (b - c) + d - a
    return b + 0.5 * t * (slope + t * (bend + t * twist))
  }
}
