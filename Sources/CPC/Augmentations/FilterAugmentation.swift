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
    let bins = samples.count / 2 + 1
    let gains = (0..<bins).map { bin -> Float in
      let place = Double(bin) / Double(bins - 1) * Double(Self.points - 1)
      let left = min(Int(place), Self.points - 2)
      let level = levels[left] + (place - Double(left)) * (levels[left + 1] - levels[left])
      return Float(pow(10, level / 20))
    }
    SpectralGain.apply(gains, to: &samples)
  }
}
