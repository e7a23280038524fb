import Foundation

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
    let mean = Float(samples.reduce(0.0) { $0 + Double($1) } / Double(max(1, samples.count)))
    let weights = WindowFunction.hann.weights(samples.count)
    let transform = FourierTransform(length: length)
    let (padded, spectrum) = (AlignedBuffer(count: length), AlignedBuffer(count: 2 * transform.binCount))
    for i in samples.indices { padded[i] = (samples[i] - mean) * Float(weights[i]) }
    transform.forward(padded, into: spectrum)
    binWidth = sampleRate / Double(length)
    // Two bins more than asked, so that a peak at the upper end has neighbours.
    let count = min(length / 2 + 1, Int(highest / binWidth) + 3)
    self.highest = min(highest, Double(count - 3) * binWidth)
    var amplitudes = (0..<count).map { k -> Float in
      let (real, imaginary) = (spectrum[2 * k], spectrum[2 * k + 1])
      return (real * real + imaginary * imaginary).squareRoot()
    }
    // Silence has no lines: a floor relative to the strongest keeps rounding noise from becoming some.
    let least = max(Float.leastNormalMagnitude, 1e-7 * (amplitudes.max() ?? 0))
    for k in amplitudes.indices { amplitudes[k] = log(max(least, amplitudes[k])) }
    let floor = Self.floor(of: amplitudes, width: max(5, Int(Self.floorWidth / binWidth)))
    heights = zip(amplitudes, floor).map { $0 - $1 }
  }

  /// The spectrum of the signal, and that of its envelope (the magnitude of the analytic signal above 500 Hz, or
  /// above a sixteenth of low sample rates), where impacts repeat.
  static func ofSignalAndEnvelope(
    _ samples: [Float], sampleRate: Double, highest: Double
  ) -> [LineSpectrum] {
    let envelope = envelope(of: samples, sampleRate: sampleRate, above: min(500, sampleRate / 16))
    return [samples, envelope].map { LineSpectrum($0, sampleRate: sampleRate, highest: highest) }
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

  private static func floor(of values: [Float], width: Int) -> [Float] {
    let step = max(1, width / 4)
    let knots = stride(from: 0, to: values.count + step, by: step).map { centre -> Float in
      let range =
        max(0, min(centre - width / 2, values.count - width))..<min(values.count, centre + width / 2 + 1)
      let block = values[range.isEmpty ? values.indices : range].sorted()
      return block[block.count / 2]
    }
    return values.indices.map { i in
      let (knot, rest) = i.quotientAndRemainder(dividingBy: step)
      let share = Float(rest) / Float(step)
      return knots[knot] * (1 - share) + knots[min(knot + 1, knots.count - 1)] * share
    }
  }

  private static func envelope(of samples: [Float], sampleRate: Double, above lowest: Double) -> [Float] {
    let length = FourierTransform.fastLength(atLeast: samples.count)
    // The first buffer holds the signal, then the analytic one; the second the spectrum.
    let (analytic, spectrum) = (AlignedBuffer(count: 2 * length), AlignedBuffer(count: 2 * length))
    analytic.load(samples)
    FourierTransform(length: length).forward(analytic, into: spectrum)
    // Positive frequencies alone make the analytic signal.
    let first = min(Int((lowest * Double(length) / sampleRate).rounded(.up)), length / 2)
    spectrum.clear(0..<2 * first)
    spectrum.clear(2 * (length / 2)..<2 * length)
    ComplexFourierTransform(length: length).inverse(spectrum, into: analytic)
    return samples.indices.map { n in
      let (real, imaginary) = (analytic[2 * n], analytic[2 * n + 1])
      return (real * real + imaginary * imaginary).squareRoot() / Float(length)
    }
  }
}
