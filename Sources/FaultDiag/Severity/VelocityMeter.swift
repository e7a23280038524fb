import SignalIO

/// Measures the root mean square of vibration velocity between 10 Hz and 1 kHz of samples that come in pieces.
///
///     v_rms^2 = df sum over 10 Hz <= f_k <= 1 kHz of S_v(f_k),   S_v(f) = S_a(f) / (2 pi f)^2
///
/// S_a is Welch's density over segments of two seconds that overlap by half, with a periodic Hann window, so that
/// integration is a division in the frequency domain and the sum needs no correction for the window. Where samples are
/// velocities already, S_v is their density. A tone of 10 Hz reads 0.2 % high, others less: the window spreads it over
/// bins of different weight. Memory is a segment. Source: ISO 20816-1:2016 for the quantity and its band.
package struct VelocityMeter {
  /// In hertz; of broad-band velocity for machines above 600 rpm.
  package static let band = 10.0...1000.0
  /// Hertz, 2.56 times the band's end: less leaves no room for the filter before the converter.
  package static let leastRate = 2_560.0
  /// Bins are then half a hertz apart.
  package static let segmentSeconds = 2.0

  private let welch: PowerSpectrum
  /// From density to (mm/s)^2 of the bin, 0 outside the band.
  private let weights: [Double]
  private var pending: [Float] = []
  private var power: [Float]
  private var sum = 0.0
  /// Segments that counted, and those left out as they hold samples that are not finite.
  package private(set) var segments = 0
  package private(set) var skipped = 0

  /// - Parameters:
  ///   - sampleRate: in hertz, ``leastRate`` or more.
  ///   - conversion: of the samples, to acceleration or velocity.
  package init(sampleRate: Double, conversion: UnitConversion) throws(SignalIOError) {
    precondition(
      sampleRate >= Self.leastRate, "a rate of \(sampleRate) Hz, expected \(Self.leastRate) or more")
    precondition(
      conversion.quantity == .acceleration || conversion.quantity == .velocity,
      "samples of \(conversion.quantity), expected acceleration or velocity")
    let length = FourierTransform.fastLength(atLeast: Int((Self.segmentSeconds * sampleRate).rounded(.up)))
    welch = try PowerSpectrum(.init(sampleRate: sampleRate, segmentLength: length))
    let width = welch.binWidth
    let millimetres = conversion.factor * 1000
    weights = (0..<welch.binCount).map { bin in
      let frequency = Double(bin) * width
      guard Self.band.contains(frequency) else { return 0 }
      let integration = conversion.quantity == .acceleration ? 2 * .pi * frequency : 1
      return width * (millimetres / integration) * (millimetres / integration)
    }
    power = [Float](repeating: 0, count: welch.binCount)
  }

  package mutating func add(_ samples: some Collection<Float>) {
    pending += samples
    let length = welch.settings.segmentLength
    var start = 0
    while pending.count - start >= length {
      let segment = Array(pending[start..<start + length])
      if segment.allSatisfy(\.isFinite), welch.power(of: segment, into: &power) {
        for bin in power.indices where weights[bin] > 0 { sum += weights[bin] * Double(power[bin]) }
        segments += 1
      } else {
        skipped += 1
      }
      start += length - welch.settings.overlap
    }
    pending.removeFirst(start)
  }

  /// In mm/s; nil before a whole segment was heard.
  package var rootMeanSquare: Double? {
    segments > 0 ? (sum / Double(segments)).squareRoot() : nil
  }
}
