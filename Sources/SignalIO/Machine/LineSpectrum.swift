import CKernels

/// The natural logarithm of an amplitude spectrum less its local floor: what stands out as a line.
///
/// The signal is Hann-windowed and padded to at least twice its length. The floor is the median over 25 Hz, taken
/// every quarter of that width and interpolated between.
struct LineSpectrum {
  /// Hertz between bins.
  let binWidth: Double
  /// Highest frequency held, in hertz.
  let highest: Double
  /// Natural-log units over the floor, bin 0 upwards.
  private let heights: [Float]

  private static let floorWidth = 25.0

  init(_ samples: [Float], sampleRate: Double, highest: Double) {
    let length = FourierTransform.fastLength(atLeast: 2 * samples.count)
    let transform = FourierTransform(length: length)
    let padded = AlignedBuffer(count: length)
    samples.withUnsafeBufferPointer { source in
      // Invariant: the buffer and the table are as long as the samples at least.
      guard let from = source.baseAddress else { return }
      let mean = Float(sk_sum(from, source.count) / Double(source.count))
      sk_shift_multiply(from, mean, HannWeights.of(source.count).values.base, padded.base, source.count)
    }
    binWidth = sampleRate / Double(length)
    // Two bins more than asked, so that a peak at the upper end has neighbours.
    let count = min(length / 2 + 1, Int(highest / binWidth) + 3)
    self.highest = min(highest, Double(count - 3) * binWidth)
    let amplitudes = AlignedBuffer(unwritten: transform.binCount)
    transform.magnitudes(
      of: padded, count: count, through: AlignedBuffer(unwritten: 2 * transform.binCount), into: amplitudes)
    // Silence has no lines: a floor relative to the strongest keeps rounding noise from becoming some.
    let greatest = fd_summarize_signal(amplitudes.base, count).maximum
    sk_log_above(
      amplitudes.base, max(Float.leastNormalMagnitude, 1e-7 * greatest), amplitudes.base, count)
    let floor = Self.floor(of: amplitudes, count: count, width: max(5, Int(Self.floorWidth / binWidth)))
    sk_subtract(amplitudes.base, floor.base, amplitudes.base, count)
    heights = amplitudes.prefix(count)
  }

  /// The spectrum of the signal, and that of its envelope (the magnitude of the analytic signal above 500 Hz, or
  /// above a sixteenth of low sample rates), where impacts repeat.
  ///
  /// Only what lies below `highest` is asked for, so both are first brought to 2.5 times that rate by leaving out the bins
  /// above. The envelope itself is taken at two thirds of the sample rate or more, as ``AlignedEnvelope`` does.
  static func ofSignalAndEnvelope(
    _ samples: [Float], sampleRate: Double, highest: Double
  ) -> [LineSpectrum] {
    let length = FourierTransform.fastLength(atLeast: samples.count)
    let padded = AlignedBuffer(count: length)
    padded.load(samples)
    let signal = BandSpectrum(of: padded, length: length)
    let needed = Int((2.5 * highest / sampleRate * Double(length)).rounded(.up))
    func spectrum(_ band: BandSpectrum, of signal: AlignedBuffer) -> LineSpectrum {
      let points = FourierTransform.fastLength(atLeast: needed)
      let low = points < band.length ? band.low(points) : signal.prefix(band.length)
      let used = samples.count * low.count / length
      return LineSpectrum(
        Array(low[..<used]), sampleRate: sampleRate * Double(low.count) / Double(length), highest: highest)
    }
    let lowest = min(500, sampleRate / 16)
    let first = min(Int((lowest * Double(length) / sampleRate).rounded(.up)), length / 2)
    let envelope = signal.envelope(above: first, keeping: needed)
    return [
      spectrum(signal, of: padded),
      spectrum(BandSpectrum(of: envelope, length: envelope.count), of: envelope),
    ]
  }

  /// The height at `hertz`: the largest of the nearest bin and its neighbours.
  func height(at hertz: Double) -> Double {
    let bin = Int((hertz / binWidth).rounded())
    guard bin >= 1, bin + 1 < heights.count else { return 0 }
    return Double(max(heights[bin - 1], heights[bin], heights[bin + 1]))
  }

  /// The highest local maximum within a share of `hertz` (two bins at least), placed by a parabola through three bins.
  func peak(near hertz: Double, within share: Double) -> (hertz: Double, height: Double)? {
    let centre = Int((hertz / binWidth).rounded())
    let reach = max(2, Int((share * hertz / binWidth).rounded()))
    let (first, last) = (max(1, centre - reach), min(heights.count - 2, centre + reach))
    guard first <= last, let bin = (first...last).max(by: { heights[$0] < heights[$1] }) else { return nil }
    let (a, b, c) = (heights[bin - 1], heights[bin], heights[bin + 1])
    guard b >= a, b >= c, a - 2 * b + c < 0 else { return nil }
    let offset = 0.5 * Double(a - c) / Double(a - 2 * b + c)
    return ((Double(bin) + offset) * binWidth, Double(b))
  }

  private static func floor(of values: AlignedBuffer, count: Int, width: Int) -> AlignedBuffer {
    let step = max(1, width / 4)
    // One more than is interpolated between, so that each has a neighbour.
    let centres = Array(stride(from: 0, to: count + 2 * step, by: step))
    let knots = AlignedBuffer(unwritten: centres.count)
    for (place, centre) in centres.enumerated() {
      let first = max(0, min(centre - width / 2, count - width))
      // Invariant: at least one value, and none beyond the count.
      knots[place] = sk_upper_median(values.base + first, min(count, centre + width / 2 + 1) - first)
    }
    let (index, share, floor) = (
      AlignedBuffer(unwritten: count), AlignedBuffer(unwritten: count), AlignedBuffer(unwritten: count)
    )
    sk_line_positions(0, 1 / Double(step), index.indices, share.base, count)
    sk_interpolate(knots.base, index.indices, share.base, floor.base, 1, count)
    return floor
  }
}

/// The one-sided spectrum of a signal, and the signals that parts of it make.
private struct BandSpectrum {
  /// Samples of the signal.
  let length: Int
  private let spectrum: AlignedBuffer

  init(of signal: AlignedBuffer, length: Int) {
    self.length = length
    let transform = FourierTransform(length: length)
    spectrum = AlignedBuffer(unwritten: 2 * transform.binCount)
    transform.forward(signal, into: spectrum)
  }

  /// The signal below half of the rate that `points` over its duration make, without its mean; unscaled.
  func low(_ points: Int) -> [Float] {
    let z = complexSignal(of: 1..<(points + 1) / 2, shift: 0, points: points)
    return (0..<points).map { z[2 * $0] }
  }

  /// The envelope of what bin `first` and those above it hold, up to the highest; unscaled.
  ///
  /// - `kept`: bins of the envelope's own spectrum that must be free of aliasing.
  func envelope(above first: Int, keeping kept: Int) -> AlignedBuffer {
    let bins = first..<length / 2
    let least = max(2 * length / 3, bins.count + kept)
    let points = min(length, FourierTransform.fastLength(atLeast: least))
    let z = complexSignal(of: bins, shift: first, points: points)
    let envelope = AlignedBuffer(unwritten: points)
    sk_magnitude(z.base, envelope.base, points)
    return envelope
  }

  /// The inverse transform to `points` points of `bins`, moved down by `shift`.
  private func complexSignal(of bins: Range<Int>, shift: Int, points: Int) -> AlignedBuffer {
    let (moved, z) = (AlignedBuffer(count: 2 * points), AlignedBuffer(unwritten: 2 * points))
    precondition(
      bins.upperBound - shift <= points && 2 * bins.upperBound <= spectrum.count,
      "bins \(bins) do not fit \(points) points")
    (moved.base + 2 * (bins.lowerBound - shift)).update(
      from: spectrum.base + 2 * bins.lowerBound, count: 2 * bins.count)
    ComplexFourierTransform(length: points).inverse(moved, into: z)
    return z
  }
}
