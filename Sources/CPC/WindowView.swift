/// How a window is changed before its features are taken.
package enum WindowView: Sendable, Equatable {
  /// As recorded.
  case original
  /// With white Gaussian noise added at this signal-to-noise ratio in dB (power of the window, its mean removed,
  /// over power of the noise).
  case corrupted(signalToNoise: Double)
}
