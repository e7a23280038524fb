import SignalIO
import Support

/// Another shaft speed: y(t) = x((1 + r) t) about the middle of the window, r uniform on -s ... s percent.
///
/// Every frequency is multiplied by 1 + r, those of the structure too, which in a machine stay where they are; so
/// strengths should be small. Band-limited (`Resampler`); beyond its ends the window is mirrored.
package struct SpeedAugmentation: Augmentation {
  package let name = "speed"
  package let summary = "played faster or slower"
  package let scale = StrengthScale("change of speed of up to so much", unit: "%", highest: 50)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    let factor = 1 + random.uniform(in: -strength...strength) / 100
    guard factor != 1, samples.count > 1 else { return }
    // Half the filter of the resampler lies beyond either end, and what a higher speed takes in.
    let margin = Int((Double(samples.count) * max(0, factor - 1) / 2).rounded(.up)) + 64
    let extended = Mirror.stretch(of: samples, from: -margin, count: samples.count + 2 * margin)
    let resampled = Self.resample(extended, by: factor)
    let start = (resampled.count - samples.count) / 2
    samples = Array(resampled[start..<start + samples.count])
  }

  private static func resample(_ samples: [Float], by factor: Double) -> [Float] {
    do throws(SignalIOError) {
      let resampler = try Resampler(from: factor, to: 1, channels: 1)
      return try resampler.process([samples])[0] + resampler.finish()[0]
    } catch {
      // Invariant: factors lie within 0.5 ... 1.5, which every build of the library converts.
      preconditionFailure("\(error)")
    }
  }
}
