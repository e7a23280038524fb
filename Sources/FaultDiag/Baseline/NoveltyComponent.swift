/// One way in which a recording can be unlike its machine's healthy recordings.
package enum NoveltyComponent: String, Sendable, CaseIterable, Codable {
  /// Loudness: root mean square, highest sample and kurtosis, as logarithms.
  case level
  /// Mean and deviation over time of every band's level.
  case bands
  /// The highest level that every band reaches in a window: what blows, clicks and rattles change.
  case peaks
  /// The highest value that every CPC latent reaches in a window.
  case latents
  /// The mean CPC context, compared with the nearest healthy recording. Told only.
  case contexts
  /// How badly the CPC model predicts what comes next.
  case surprise

  /// Whether the encoder has a part in it. Recordings that trained the encoder look more familiar to it than new ones.
  package var isLearnt: Bool {
    switch self {
    case .level, .bands, .peaks: false
    case .latents, .contexts, .surprise: true
    }
  }

  /// How strangeness is measured.
  var measure: HealthyRange.Measure {
    switch self {
    case .contexts: .nearest
    case .surprise: .above
    case .level, .bands, .peaks, .latents: .spread
    }
  }
}
