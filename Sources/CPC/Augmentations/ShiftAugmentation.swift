import Support

/// Another beginning: y[n] = x[n - d], d uniform on -s ... s seconds, or the window's length where that is less. Beyond its
/// ends the window is mirrored.
package struct ShiftAugmentation: Augmentation {
  package let name = "shift"
  package let summary = "another beginning"
  package let scale = StrengthScale("shift of up to so much, back or forth", unit: "s", highest: 3600)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    let limit = min(strength * sampleRate, Double(max(samples.count - 1, 0)))
    let shift = Int(random.uniform(in: -limit...limit).rounded())
    guard shift != 0, samples.count > 1 else { return }
    samples = Mirror.stretch(of: samples, from: -shift, count: samples.count)
  }
}
