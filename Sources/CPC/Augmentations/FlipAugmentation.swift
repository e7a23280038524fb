import Support

/// The sign turned: y = -x with probability s; a sensor mounted the other way round.
package struct FlipAugmentation: Augmentation {
  package let name = "flip"
  package let summary = "the sign turned, as by a sensor mounted the other way round"
  package let scale = StrengthScale("probability", highest: 1)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    guard random.uniform() < strength else { return }
    for i in samples.indices { samples[i].negate() }
  }
}
