import Foundation
import Support

/// White Gaussian noise: y = x + r sigma n with n of variance 1, sigma the deviation of the window and r uniform on 0 ... s.
///
/// A ratio r is a signal-to-noise ratio of -20 log10(r) dB: 0.1 is 20 dB, 1 is 0 dB.
package struct NoiseAugmentation: Augmentation {
  package let name = "noise"
  package let summary = "white noise added"
  package let scale = StrengthScale(
    "RMS of the noise over that of the window, at most; 0.1 is 20 dB SNR, 1 is 0 dB", highest: 10)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    let level = Float(strength * random.uniform() * Self.deviation(samples))
    guard level > 0 else { return }
    var noise = samples
    random.fillNormal(&noise)
    for i in samples.indices { samples[i] += level * noise[i] }
  }

  /// Root of the mean square about the mean.
  private static func deviation(_ samples: [Float]) -> Double {
    let count = Double(max(samples.count, 1))
    let mean = samples.reduce(0.0) { $0 + Double($1) } / count
    return (samples.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count).squareRoot()
  }
}
