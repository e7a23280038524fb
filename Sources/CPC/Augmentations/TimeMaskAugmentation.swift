import Support

/// A stretch of time lowered by 20 dB (`Mask`); its length is uniform on 0 ... s of the window.
///
/// After SpecAugment (Park et al. 2019, arXiv 1904.08779, section 2), which sets frames of the spectrogram to their mean.
package struct TimeMaskAugmentation: Augmentation {
  package let name = "time-mask"
  package let summary = "a random stretch of time lowered by 20 dB"
  package let scale = StrengthScale("share of the window, at most", highest: 1)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    let part = Mask.part(of: samples.count, share: strength, random: &random)
    guard !part.isEmpty else { return }
    let gains = Mask.gains(count: samples.count, masked: [part], edge: samples.count / 128)
    for i in samples.indices { samples[i] *= gains[i] }
  }
}
