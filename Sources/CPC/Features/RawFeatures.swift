import SignalIO

/// The samples themselves, as the raw encoder takes them: `[samples, 1]`.
package struct RawFeatures: WindowFeatures {
  package static let kind = "raw"
  /// In hertz.
  package var sampleRate: Double
  package var windowSamples: Int
  package var isStandardized: Bool

  package init(sampleRate: Double = 16_000, windowSamples: Int = 10_240, isStandardized: Bool = true) {
    self.sampleRate = sampleRate
    self.windowSamples = windowSamples
    self.isStandardized = isStandardized
  }

  package var inputLength: Int { windowSamples }
  package var inputSize: Int { 1 }

  package func shortened(to samples: Int) -> RawFeatures? {
    guard samples > 0 else { return nil }
    var result = self
    // Whole steps of the strided convolutions.
    result.windowSamples = max(160, min(windowSamples, samples / 160 * 160))
    return result.windowSamples <= samples ? result : nil
  }

  package func validate() throws(CPCError) {
    guard sampleRate.isFinite, sampleRate > 0 else {
      throw .badSetting(name: "sampleRate", found: "\(sampleRate)", expected: "a positive number of hertz")
    }
    guard (160...1 << 24).contains(windowSamples) else {
      throw .badSetting(
        name: "windowSamples", found: "\(windowSamples)", expected: "160 to \(1 << 24) samples")
    }
  }

  package func makeExtractor() throws(CPCError) -> any FeatureExtractor {
    try validate()
    return Extractor(self)
  }

  private final class Extractor: FeatureExtractor {
    private let plan: RawFeatures
    init(_ plan: RawFeatures) { self.plan = plan }

    func features(of samples: [Float]) -> [Float] {
      precondition(
        samples.count == plan.windowSamples, "\(samples.count) samples, expected \(plan.windowSamples)")
      var result = samples
      if plan.isStandardized { WindowStandardization.apply(&result) }
      return result
    }
  }
}
