import SignalIO
import Support

/// Frequency bands lowered by 20 dB (`Mask`), the likelier the less impulsive they are (`MaskProbability`): the
/// resonances that impacts excite are kept.
///
/// The range 0 ... half the rate is cut into 16 equal bands; what counts is the share of a band in the sum of their spectral
/// kurtoses mean |z|^4 / (mean |z|^2)^2 (`Kurtogram`, whose K is this less 2).
package struct AdaptiveBandMaskAugmentation: Augmentation {
  static let bandCount = 16

  package let name = "adaptive-band-mask"
  package let summary = "steady bands lowered by 20 dB, impulsive ones kept"
  package let scale = StrengthScale("mean probability that a band is masked", highest: 0.7)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    guard let kurtoses = Self.kurtoses(samples, sampleRate: sampleRate) else { return }
    let bins = samples.count / 2 + 1
    let parts = MaskProbability.parts(Self.bandCount, of: bins)
    let masked = MaskProbability.draw(
      importances: kurtoses, mean: strength, parts: parts, random: &random)
    guard !masked.isEmpty else { return }
    SpectralGain.apply(Mask.gains(count: bins, masked: masked, edge: bins / 128), to: &samples)
  }

  /// Of the bands; nil of a window too short to tell them.
  private static func kurtoses(_ samples: [Float], sampleRate: Double) -> [Double]? {
    guard
      let kurtogram = try? Kurtogram(
        sampleRate: sampleRate, frameCount: samples.count, divisions: [bandCount])
    else { return nil }
    return kurtogram.bands(of: samples).map { max(0, $0.kurtosis + 2) }
  }
}
