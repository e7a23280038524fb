import CKernels

/// Transforms and buffers of ``AlignedEnvelope`` for one number of envelope points.
///
/// With N samples a window and M points an envelope, e[m] = |sum over the band's bins of 2 X[k] exp(2 pi i (k
/// - first) m / M)| / N: the envelope at M / N of the sample rate.
final class EnvelopeWorkspace {
  /// M.
  let points: Int
  /// Steps of the axis of orders that lie below half the envelope's rate, set by ``planAxis(binsPerStep:)``.
  private(set) var knownSteps = 0

  private let inverse: ComplexFourierTransform
  private let forward: FourierTransform
  /// Hann weights times 2 / N, which the inverse transform leaves out, and 2 / (M / 2): one-sided amplitude
  /// over the sum of the weights.
  private let weights: AlignedBuffer
  private let bins: AlignedBuffer
  private let analytic: AlignedBuffer
  /// 2 M floats; the second half stays zero.
  private let padded: AlignedBuffer
  private let spectrum: AlignedBuffer
  private let amplitudes: AlignedBuffer
  /// Tables in plain memory: arrays in a class pay for an exclusivity check at every access.
  private let index: AlignedBuffer
  private let fraction: AlignedBuffer
  /// Bins filled by the last band, to be cleared where the next is narrower.
  private var filled = 0

  init(points: Int, frameCount: Int, axisCount: Int) {
    self.points = points
    inverse = ComplexFourierTransform(length: points)
    forward = FourierTransform(length: 2 * points)
    weights = AlignedBuffer(count: points)
    let scale = 2 / Double(frameCount) * 2 / (Double(points) / 2)
    weights.load(WindowFunction.hann.weights(points).map { Float($0 * scale) })
    bins = AlignedBuffer(count: 2 * points)
    analytic = AlignedBuffer(count: 2 * points)
    padded = AlignedBuffer(count: 2 * points)
    spectrum = AlignedBuffer(count: 2 * forward.binCount)
    amplitudes = AlignedBuffer(count: forward.binCount)
    index = AlignedBuffer(count: axisCount)
    fraction = AlignedBuffer(count: axisCount)
  }

  /// Where the steps of the axis fall between the bins of the padded spectrum; the same for every band of
  /// this workspace.
  func planAxis(binsPerStep: Double) {
    let last = forward.binCount - 1
    // The last bin itself is left out, so that every step known has a bin to its right.
    knownSteps = min(index.count, Int((Double(last) / binsPerStep).rounded(.up)))
    sk_line_positions(0, binsPerStep, index.indices, fraction.base, knownSteps)
    for step in knownSteps..<index.count {
      index.indices[step] = Int32(last - 1)
      fraction.base[step] = 1
    }
  }

  /// From the bins `range` of a one-sided spectrum to the amplitudes of the envelope's spectrum; of the squared envelope
  /// times N / 2 if asked to.
  func transform(_ source: AlignedBuffer, bins range: ClosedRange<Int>, squared: Bool) {
    precondition(
      range.count <= points && 2 * range.upperBound + 1 < source.count,
      "bins \(range) do not fit \(points) points")
    bins.base.update(from: source.base + 2 * range.lowerBound, count: 2 * range.count)
    if filled > range.count { bins.clear(2 * range.count..<2 * filled) }
    filled = range.count
    inverse.inverse(bins, into: analytic)
    if squared {
      sk_power(analytic.base, padded.base, points)
    } else {
      sk_magnitude(analytic.base, padded.base, points)
    }
    let mean = Float(sk_sum(padded.base, points) / Double(points))
    sk_shift_multiply(padded.base, mean, weights.base, padded.base, points)
    // Only bins that the axis reads: index is non-decreasing.
    let needed = min(forward.binCount, Int(index.indices[index.count - 1]) + 2)
    forward.magnitudes(of: padded, count: needed, through: spectrum, into: amplitudes)
  }

  /// Amplitudes on the axis of orders, written every `stride` floats.
  func readAxis(into target: UnsafeMutablePointer<Float>, stride: Int) {
    sk_interpolate(amplitudes.base, index.indices, fraction.base, target, stride, index.count)
  }
}
