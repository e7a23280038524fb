import CKernels

/// Welch's averaged one-sided power spectrum, scaled as `scipy.signal.welch` scales it.
///
///     density:  P[k] = c[k] / (rate sum w^2) mean over segments of |FFT(w (x - mean x))|^2     in unit^2 /
///     Hz spectrum: P[k] = c[k] / (sum w)^2      mean over segments of |FFT(w (x - mean x))|^2     in unit^2
///
/// c[k] = 2 except at 0 Hz and, for even segment lengths, at half the rate, where it is 1. Segments overlap
/// by half by default and each loses its own mean. With `density` the sum times the bin width is the
/// variance; with `spectrum` a tone of amplitude a centred on a bin shows a^2 / 2. A NaN in a segment makes
/// every bin NaN. Source: Welch, IEEE Trans. Audio 15 (1967).
package final class PowerSpectrum {
  package enum Scaling: String, Sendable, Codable {
    case density
    case spectrum
  }

  package struct Settings: Sendable, Equatable, Codable {
    /// Hz.
    package var sampleRate: Double
    /// Samples a segment.
    package var segmentLength: Int
    /// Samples that neighbouring segments share, below `segmentLength`.
    package var overlap: Int
    package var window: WindowFunction
    package var scaling: Scaling

    package init(
      sampleRate: Double, segmentLength: Int = 1024, overlap: Int? = nil, window: WindowFunction = .hann,
      scaling: Scaling = .density
    ) {
      self.sampleRate = sampleRate
      self.segmentLength = segmentLength
      self.overlap = overlap ?? segmentLength / 2
      self.window = window
      self.scaling = scaling
    }
  }

  package let settings: Settings
  /// Bins of the result, segmentLength / 2 + 1.
  package var binCount: Int { transform.binCount }
  /// Hz between bins.
  package var binWidth: Double { settings.sampleRate / Double(settings.segmentLength) }

  private let transform: FourierTransform
  private let weights: AlignedBuffer
  private let segment: AlignedBuffer
  private let spectrum: AlignedBuffer
  private let sum: AlignedBuffer
  private let scale: Float

  /// Plans the workspaces. Throws ``SignalIOError/badSetting(name:found:expected:)`` for a setting that
  /// cannot be used.
  package init(_ settings: Settings) throws(SignalIOError) {
    try Self.validate(settings)
    self.settings = settings
    transform = FourierTransform(length: settings.segmentLength)
    let window = settings.window.weights(settings.segmentLength)
    weights = AlignedBuffer(count: settings.segmentLength)
    weights.load(window.map { Float($0) })
    segment = AlignedBuffer(count: settings.segmentLength)
    spectrum = AlignedBuffer(count: 2 * transform.binCount)
    sum = AlignedBuffer(count: transform.binCount)
    switch settings.scaling {
    case .density: scale = Float(1 / (settings.sampleRate * window.reduce(0) { $0 + $1 * $1 }))
    case .spectrum:
      let total = window.reduce(0, +)
      scale = Float(1 / (total * total))
    }
  }

  /// Segments that `sampleCount` samples make; the rest at the end is not used.
  package func segmentCount(of sampleCount: Int) -> Int {
    guard sampleCount >= settings.segmentLength else { return 0 }
    return (sampleCount - settings.segmentLength) / (settings.segmentLength - settings.overlap) + 1
  }

  /// The power spectrum, [bin]. Fewer samples than a segment give nil: there is no spectrum of this
  /// resolution.
  package func power(of samples: [Float]) -> [Float]? {
    var result = [Float](repeating: 0, count: binCount)
    return power(of: samples, into: &result) ? result : nil
  }

  /// As ``power(of:)``, without allocation; false (and `result` untouched) when there are too few samples.
  package func power(of samples: [Float], into result: inout [Float]) -> Bool {
    precondition(result.count == binCount, "room for \(result.count) bins, expected \(binCount)")
    let segments = segmentCount(of: samples.count)
    guard segments > 0 else { return false }
    let n = settings.segmentLength
    sum.clear(0..<binCount)
    samples.withUnsafeBufferPointer { source in
      for s in 0..<segments {
        // Invariant: segmentCount keeps start + n <= samples.count.
        let start = source.baseAddress! + s * (n - settings.overlap)
        let mean = Float(sk_sum(start, n) / Double(n))
        sk_shift_multiply(start, mean, weights.base, segment.base, n)
        transform.forward(segment, into: spectrum)
        sk_add_power(spectrum.base, sum.base, binCount)
      }
    }
    let factor = scale / Float(segments)
    for k in 0..<binCount {
      let single = k == 0 || (n % 2 == 0 && k == n / 2)
      result[k] = sum.base[k] * (single ? factor : 2 * factor)
    }
    return true
  }

  private static func validate(_ settings: Settings) throws(SignalIOError) {
    guard settings.sampleRate.isFinite, settings.sampleRate > 0 else {
      throw .badSetting(
        name: "sample rate", found: "\(settings.sampleRate)", expected: "a positive number of hertz")
    }
    guard (2...1 << 24).contains(settings.segmentLength) else {
      throw .badSetting(
        name: "segment length", found: "\(settings.segmentLength)", expected: "2 to 16777216 samples")
    }
    guard (0..<settings.segmentLength).contains(settings.overlap) else {
      throw .badSetting(
        name: "overlap", found: "\(settings.overlap)", expected: "0 to \(settings.segmentLength - 1) samples")
    }
  }
}
