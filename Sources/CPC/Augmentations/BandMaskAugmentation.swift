import Support

/// A frequency band lowered by 20 dB (`Mask`); its width is uniform on 0 ... s of the whole range.
///
/// After SpecAugment (Park et al. 2019, arXiv 1904.08779, section 2), which sets bands of the spectrogram to their mean; here
/// the signal itself is filtered.
package struct BandMaskAugmentation: Augmentation {
  package let name = "band-mask"
  package let summary = "a random frequency band lowered by 20 dB"
  package let scale = StrengthScale("share of the frequency range, at most", highest: 1)

  package init() {}

  package func apply(
    to samples: inout [Float], strength: Double, sampleRate: Double, random: inout RandomSource
  ) {
    let bins = samples.count / 2 + 1
    let part = Mask.part(of: bins, share: strength, random: &random)
    guard !part.isEmpty else { return }
    SpectralGain.apply(Mask.gains(count: bins, masked: [part], edge: bins / 64), to: &samples)
  }
}
