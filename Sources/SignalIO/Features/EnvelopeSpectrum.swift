import CKernels

/// The spectrum of a band's envelope: at which rates something strikes.
///
///     z = analytic signal of x kept between `lowest` and `highest` hertz (both included): inverse FFT of 2
///     X[k] there, 0 elsewhere e = |z| (`magnitude`) or |z|^2 (`squared`) A[k] = 2 / (sum w) |FFT(w (e - mean
///     e))[k]|,  w the periodic Hann window
///
/// A is an amplitude, in the unit of the samples (squared for `squared`): the magnitude envelope of a
/// modulated tone (1 + a cos 2 pi f t) cos(2 pi c t) shows a at f; its squared envelope 1 + 2 a cos + a^2
/// cos^2 shows 2 a. A line between two bins is shown up to 1.42 dB lower (Hann's scalloping). One bin is
/// sampleRate / frameCount hertz. At 0 Hz, where the mean was taken away, the value means nothing.
///
/// **Speed.** Where only the lower end of A is asked for, a band is transformed back to as few points as it needs, as
/// ``AlignedEnvelope`` does it: exact for |z|^2, and for |z| within 1 % of the highest value for noise, 0.2 % where lines stand.
///
/// Silence gives zeros; a NaN sample makes every value NaN. Not `Sendable`: it owns workspaces, one per
/// thread.
package final class EnvelopeSpectrum {
  package enum Envelope: String, Sendable, Codable {
    case magnitude
    case squared
  }

  package struct Settings: Sendable, Equatable, Codable {
    /// Hz.
    package var sampleRate: Double
    /// Samples a window.
    package var frameCount: Int
    /// The band, in hertz; `highest` nil is half the sample rate.
    package var lowest: Double
    package var highest: Double?
    package var envelope: Envelope
    /// The highest frequency of the envelope that is asked for, in hertz; nil for all.
    package var upTo: Double?

    package init(
      sampleRate: Double, frameCount: Int, lowest: Double = 0, highest: Double? = nil,
      envelope: Envelope = .magnitude, upTo: Double? = nil
    ) {
      self.sampleRate = sampleRate
      self.frameCount = frameCount
      self.lowest = lowest
      self.highest = highest
      self.envelope = envelope
      self.upTo = upTo
    }
  }

  package let settings: Settings
  /// Values of the result: frameCount / 2 + 1, or as many as are asked for.
  package let binCount: Int
  /// Hz between values.
  package var binWidth: Double { settings.sampleRate / Double(settings.frameCount) }

  private let transform: FourierTransform
  /// Points of the envelope: frameCount, or fewer.
  private let points: Int
  private let inverse: ComplexFourierTransform
  private let envelopeTransform: FourierTransform
  private let weights: KeptTables.Table
  private let samples: AlignedBuffer
  private let spectrum: AlignedBuffer
  /// Bins outside the band stay zero.
  private let masked: AlignedBuffer
  private let analytic: AlignedBuffer
  private let band: ClosedRange<Int>

  /// Plans the workspaces. Throws ``SignalIOError/badSetting(name:found:expected:)`` for settings that cannot
  /// be used.
  package init(_ settings: Settings) throws(SignalIOError) {
    band = try Self.bins(settings)
    self.settings = settings
    let n = settings.frameCount
    transform = FourierTransform(length: n)
    binCount =
      settings.upTo.map { min(n / 2, Int(($0 * Double(n) / settings.sampleRate).rounded(.up))) + 1 } ?? n / 2
      + 1
    points = Self.points(n, band: band, binCount: binCount)
    inverse = ComplexFourierTransform(length: points)
    envelopeTransform = points == n ? transform : FourierTransform(length: points)
    weights = AmplitudeWeights.of(points)
    samples = AlignedBuffer(unwritten: n)
    spectrum = AlignedBuffer(unwritten: 2 * transform.binCount)
    masked = AlignedBuffer(count: 2 * points)
    analytic = AlignedBuffer(unwritten: 2 * points)
  }

  /// Four times the bins of the band, which leaves those that are asked for nearly free of aliasing; all where that saves little.
  private static func points(_ n: Int, band: ClosedRange<Int>, binCount: Int) -> Int {
    guard binCount < n / 2 + 1, band != 0...n / 2 else { return n }
    let least = FourierTransform.fastLength(atLeast: max(4 * band.count, band.count + 2 * binCount))
    return least < 3 * n / 4 ? least : n
  }

  /// The envelope of a window, [sample], in the unit of the samples (squared for `squared`); at a lower rate where only its lowest
  /// frequencies are asked for. Allocates.
  package func envelope(of window: [Float]) -> [Float] {
    makeEnvelope(of: window)
    return samples.prefix(points)
  }

  /// Amplitudes of the envelope's spectrum, [bin].
  package func amplitudes(of window: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: binCount)
    amplitudes(of: window, into: &result)
    return result
  }

  /// As ``amplitudes(of:)`` into room for ``binCount`` values, without allocation.
  package func amplitudes(of window: [Float], into result: inout [Float]) {
    precondition(result.count == binCount, "room for \(result.count) values, expected \(binCount)")
    makeEnvelope(of: window)
    let mean = Float(sk_sum(samples.base, points) / Double(points))
    sk_shift_multiply(samples.base, mean, weights.values.base, samples.base, points)
    envelopeTransform.forward(samples, into: spectrum)
    sk_magnitude(spectrum.base, &result, binCount)
  }

  /// Leaves the envelope in `samples`.
  private func makeEnvelope(of window: [Float]) {
    let n = settings.frameCount
    precondition(window.count == n, "a window of \(window.count) samples, expected \(n)")
    samples.load(window)
    transform.forward(samples, into: spectrum)
    guard band != 0...n / 2 else { return makeWholeEnvelope() }
    // Fewer points have no room for high bins: the band is moved down to 0 Hz, which turns z and leaves |z|.
    let first = points == n ? band.lowerBound : 0
    // 2 / N makes the analytic signal's real part the band's own samples.
    sk_shift_scale(
      spectrum.base + 2 * band.lowerBound, 0, 2 / Float(n), masked.base + 2 * first, 2 * band.count)
    // Bins that are their own mirror image are counted once.
    for edge in [0, n / 2] where band.contains(edge) && (edge == 0 || n % 2 == 0) {
      let place = 2 * (edge - band.lowerBound + first)
      masked.base[place] *= 0.5
      masked.base[place + 1] *= 0.5
    }
    inverse.inverse(masked, into: analytic)
    switch settings.envelope {
    case .magnitude: sk_magnitude(analytic.base, samples.base, points)
    case .squared: sk_power(analytic.base, samples.base, points)
    }
  }

  /// Of the whole range the analytic signal's real part is the samples themselves, and only its imaginary part, their Hilbert
  /// transform, is transformed back: as real numbers, which takes half as long.
  private func makeWholeEnvelope() {
    let n = settings.frameCount
    sk_quarter_turn_back(spectrum.base, transform.binCount)
    // Bins that are their own mirror image have no imaginary signal; where N is odd only the first is one.
    for edge in n % 2 == 0 ? [0, n / 2] : [0] { spectrum.clear(2 * edge..<2 * edge + 2) }
    transform.inverse(destroying: spectrum, into: analytic)
    switch settings.envelope {
    case .magnitude: sk_magnitude_of_parts(samples.base, analytic.base, 1 / Float(n), samples.base, n)
    case .squared: sk_power_of_parts(samples.base, analytic.base, 1 / Float(n), samples.base, n)
    }
  }

  private static func bins(_ settings: Settings) throws(SignalIOError) -> ClosedRange<Int> {
    guard settings.sampleRate.isFinite, settings.sampleRate > 0 else {
      throw .badSetting(
        name: "sample rate", found: "\(settings.sampleRate)", expected: "a positive number of hertz")
    }
    guard (4...1 << 26).contains(settings.frameCount) else {
      throw .badSetting(
        name: "window length", found: "\(settings.frameCount)", expected: "4 to 67108864 samples")
    }
    let half = settings.sampleRate / 2
    let highest = settings.highest ?? half
    guard settings.lowest >= 0, highest > settings.lowest, highest <= half else {
      throw .badSetting(
        name: "band", found: "\(settings.lowest) to \(highest) Hz",
        expected: "0 <= lowest < highest <= \(half) Hz")
    }
    if let upTo = settings.upTo, !(upTo > 0 && upTo <= half) {
      throw .badSetting(
        name: "highest frequency of the envelope", found: "\(upTo) Hz",
        expected: "above 0, at most \(half) Hz")
    }
    let perHertz = Double(settings.frameCount) / settings.sampleRate
    let first = Int((settings.lowest * perHertz).rounded(.up))
    let last = min(settings.frameCount / 2, Int((highest * perHertz).rounded(.down)))
    guard last > first else {
      throw .badSetting(
        name: "band", found: "\(settings.lowest) to \(highest) Hz",
        expected: "at least two bins of \(1 / perHertz) Hz")
    }
    return first...last
  }
}

/// Periodic Hann weights times 2 / (sum w): the sum of a tone's weighted samples is then its amplitude. Kept, since a cosine for
/// every sample of a long recording takes longer than its transform.
private enum AmplitudeWeights {
  private static let kept = KeptTables(capacity: 4)

  static func of(_ length: Int) -> KeptTables.Table { kept.table(length, make: make) }

  private static func make(_ length: Int) -> AlignedBuffer {
    let hann = WindowFunction.hann.weights(length)
    let total = hann.reduce(0, +)
    let values = AlignedBuffer(count: length)
    values.load(hann.map { Float($0 * 2 / total) })
    return values
  }
}
