import Support

/// A part of the window alone: a random stretch of at least 1 - s of it stays in its place, and its mirror images fill the rest.
package struct CropAugmentation: Augmentation {
  package let name = "crop"
  package let summary = "a random part of the window, mirrored to its length"
  package let scale = StrengthScale("share of the window left out, at most", highest: 0.9)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    let (share, place) = (strength * random.uniform(), random.uniform())
    let left = Int((share * Double(samples.count)).rounded(.down))
    guard left > 0, left < samples.count else { return }
    let start = Int(place * Double(left + 1))
    let part = start..<start + samples.count - left
    let source = samples
    for i in samples.indices where !part.contains(i) { samples[i] = source[Mirror.index(i, in: part)] }
  }
}
