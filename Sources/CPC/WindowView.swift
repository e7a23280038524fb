/// How a window is changed before its features are taken.
package enum WindowView: Sendable, Equatable {
  /// As recorded.
  case original
  /// With white Gaussian noise added at this signal-to-noise ratio in dB (power of the window, its mean removed,
  /// over power of the noise).
  case corrupted(signalToNoise: Double)
  /// Changed by the plan's augmentations of this strength (``TrainingPlan/augmentations``), drawn anew for every
  /// window, view and step.
  case augmented(ViewStrength)
}

/// How far an augmented view may be from its window.
package enum ViewStrength: String, Sendable, Equatable, CaseIterable {
  /// As another recording of the same state by the same sensor might be.
  case weak
  /// As another sensor, mounting, load or neighbourhood might make it.
  case strong
}
