import Foundation
import Support

/// Another transfer path: a random filter whose response in dB is a broken line through 9 points from 0 Hz to half the rate,
/// each uniform on -s ... s dB. Its impulse response is short: some 16 samples to either side, without delay.
package struct FilterAugmentation: Augmentation {
  static let points = 9

  package let name = "filter"
  package let summary = "another transfer path: a random FIR filter"
  package let scale = StrengthScale("response of up to so much, up or down", unit: "dB", highest: 60)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    let levels = (0..<Self.points).map { _ in random.uniform(in: -strength...strength) }
    guard strength > 0, samples.count > 1 else { return }
    SpectralGain.apply(Self.gains(levels, bins: samples.count / 2 + 1), to: &samples)
  }

  /// The broken line through `levels` at all bins, as gains. Where dB are a straight line, each gain is the one before
  /// times the same number.
  static func gains(_ levels: [Double], bins: Int) -> [Float] {
    let parts = levels.count - 1
    let pace = Double(parts) / Double(max(bins - 1, 1))
    var gains: [Float] = []
    gains.reserveCapacity(bins)
    for left in 0..<parts {
      let slope = levels[left + 1] - levels[left]
      let first = gains.count
      let end = left == parts - 1 ? bins : min(bins, Int((Double(left + 1) / pace).rounded(.up)))
      guard first < end else { continue }
      var gain = pow(10, (levels[left] + (Double(first) * pace - Double(left)) * slope) / 20)
      let ratio = pow(10, pace * slope / 20)
      for _ in first..<end {
        gains.append(Float(gain))
        gain *= ratio
      }
    }
    return gains
  }
}
