import Foundation
import Support

/// Another level: y = 10^(g / 20) x with g uniform on -s ... s dB. Features of standardised windows do not see it.
package struct GainAugmentation: Augmentation {
  package let name = "gain"
  package let summary = "another level"
  package let scale = StrengthScale("gain of up to so much, up or down", unit: "dB", highest: 60)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    let factor = Float(pow(10, random.uniform(in: -strength...strength) / 20))
    for i in samples.indices { samples[i] *= factor }
  }
}
