/// The augmentations to begin with.
extension AugmentationPlan {
  /// For a kind of signal. Weak views change what another recording by the same sensor would: level, beginning, sign, a
  /// little noise. Strong ones change what another sensor, place or load would too: the transfer path, the speed by as
  /// much as slip and load do, parts of time and frequency.
  ///
  /// Vibration is masked adaptively, since short impacts in few bands are all that tells; sound, whose timbre tells,
  /// anywhere. The sign of sound says nothing to a spectrum.
  package static func preset(for kind: SignalKind) -> AugmentationPlan {
    switch kind {
    case .vibration:
      AugmentationPlan(
        weak: [Step("gain", 3), Step("noise", 0.05), Step("shift", 0.02), Step("flip", 0.5)],
        strong: [
          Step("gain", 6), Step("noise", 0.3), Step("shift", 0.1), Step("flip", 0.5), Step("filter", 6),
          Step("speed", 2), Step("adaptive-band-mask", 0.2), Step("adaptive-time-mask", 0.1),
        ])
    case .sound:
      AugmentationPlan(
        weak: [Step("gain", 3), Step("noise", 0.05), Step("shift", 0.1)],
        strong: [
          Step("gain", 6), Step("noise", 0.3), Step("shift", 0.5), Step("filter", 6), Step("speed", 2),
          Step("band-mask", 0.2), Step("time-mask", 0.1),
        ])
    }
  }
}
