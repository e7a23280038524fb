import Support

/// Frames lowered by 20 dB (`Mask`), the likelier the less energy they have (`MaskProbability`): impacts are kept.
///
/// The window is cut into 32 frames; energies are those of the signal less its mean.
package struct AdaptiveTimeMaskAugmentation: Augmentation {
  static let frameCount = 32

  package let name = "adaptive-time-mask"
  package let summary = "weak frames lowered by 20 dB, impacts kept"
  package let scale = StrengthScale("mean probability that a frame is masked", highest: 0.7)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    guard samples.count >= Self.frameCount else { return }
    let parts = MaskProbability.parts(Self.frameCount, of: samples.count)
    let mean = samples.reduce(0.0) { $0 + Double($1) } / Double(samples.count)
    let energies = parts.map { part in
      samples[part].reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    }
    let masked = MaskProbability.draw(
      importances: energies, mean: strength, parts: parts, random: &random)
    guard !masked.isEmpty else { return }
    let gains = Mask.gains(count: samples.count, masked: masked, edge: samples.count / 256)
    for i in samples.indices { samples[i] *= gains[i] }
  }
}
