import SignalIO

/// Logarithmic band energies of short frames, several frames stacked to one step: `[steps, stack * bands]`.
///
/// A window has `steps * stack` frames, so `(steps * stack - 1) * hop + frameLength` samples. Steps hold consecutive
/// frames, frame after frame; nothing is shared between steps.
package struct SpectralFeatures: WindowFeatures {
  package static let kind = "spectral"
  /// In hertz.
  package var sampleRate: Double
  package var bands: Int
  /// Samples a frame.
  package var frameLength: Int
  /// Samples from frame to frame.
  package var hop: Int
  package var scale: LogBandSpectrogram.Scale
  /// Frames joined to one step.
  package var stack: Int
  /// Steps a window, L.
  package var steps: Int
  package var isStandardized: Bool

  package init(
    sampleRate: Double = 16_000, bands: Int = 64, frameLength: Int = 1024, hop: Int = 512,
    scale: LogBandSpectrogram.Scale = .mel, stack: Int = 4, steps: Int = 40, isStandardized: Bool = true
  ) {
    self.sampleRate = sampleRate
    self.bands = bands
    self.frameLength = frameLength
    self.hop = hop
    self.scale = scale
    self.stack = stack
    self.steps = steps
    self.isStandardized = isStandardized
  }

  package var windowSamples: Int { (steps * stack - 1) * hop + frameLength }
  package var inputLength: Int { steps }
  package var inputSize: Int { stack * bands }

  package func shortened(to samples: Int) -> SpectralFeatures? {
    guard samples >= frameLength else { return nil }
    var result = self
    result.steps = min(steps, ((samples - frameLength) / hop + 1) / stack)
    return result.steps > 0 ? result : nil
  }

  package func validate() throws(CPCError) {
    for (name, value, range) in [
      ("hop", hop, 1...1 << 20), ("stack", stack, 1...64), ("steps", steps, 1...4096),
      ("bands", bands, 1...4096), ("frameLength", frameLength, 2...1 << 20),
    ] where !range.contains(value) {
      throw .badSetting(name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    _ = try spectrogram()
  }

  package func makeExtractor() throws(CPCError) -> any FeatureExtractor {
    try validate()
    return Extractor(self, try spectrogram())
  }

  /// Corners of the bands in hertz, one more at either end: band b rises from corner b to b + 1 and falls to b + 2.
  package func bandCorners() throws(CPCError) -> [Double] { try spectrogram().filters.corners }

  private func spectrogram() throws(CPCError) -> LogBandSpectrogram {
    // 70 dB below a window of variance 1: what is quieter is the recorder's or the resampler's, not the machine's.
    let floor: Float = 1e-7
    do throws(SignalIOError) {
      return try LogBandSpectrogram(
        settings: .init(
          sampleRate: sampleRate, frameLength: frameLength, hop: hop, bandCount: bands, scale: scale,
          floor: floor))
    } catch {
      throw .recording(error)
    }
  }

  private final class Extractor: FeatureExtractor {
    private let plan: SpectralFeatures
    private let spectrogram: LogBandSpectrogram

    init(_ plan: SpectralFeatures, _ spectrogram: LogBandSpectrogram) {
      self.plan = plan
      self.spectrogram = spectrogram
    }

    func features(of samples: [Float]) -> [Float] {
      precondition(
        samples.count == plan.windowSamples, "\(samples.count) samples, expected \(plan.windowSamples)")
      var window = samples
      if plan.isStandardized { WindowStandardization.apply(&window) }
      return spectrogram.frames(of: window).values
    }
  }
}
