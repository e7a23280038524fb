import Support

/// Another beginning: y[n] = x[n - d], d uniform on -s ... s seconds. Beyond its ends the window is mirrored.
package struct ShiftAugmentation: Augmentation {
  package let name = "shift"
  package let summary = "another beginning"
  package let scale = StrengthScale("shift of up to so much, back or forth", unit: "s", highest: 3600)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    // No further than the window is long: all beyond is mirrored over and over.
    let limit = Double(samples.count - 1)
    let frames = random.uniform(in: -strength...strength) * sampleRate
    let shift = Int(max(-limit, min(limit, frames)).rounded())
    guard shift != 0, samples.count > 1 else { return }
    let source = samples
    for i in samples.indices { samples[i] = source[Mirror.index(i - shift, in: source.indices)] }
  }
}
