import Foundation
import Support

/// Makes one kind of view of windows of samples.
struct ViewMaker: Sendable {
  private enum Change: Sendable {
    /// Noise of this deviation beside a window of variance 1.
    case noise(level: Float)
    case augmentations(Augmenter)
  }

  private let change: Change
  private let sampleRate: Double

  /// nil for the window as it is, whose features are at hand already.
  init?(_ view: WindowView, plan: TrainingPlan) throws(CPCError) {
    sampleRate = plan.features.sampleRate
    switch view {
    case .original: return nil
    case .corrupted(let signalToNoise): change = .noise(level: Float(pow(10, -signalToNoise / 20)))
    case .augmented(let strength): change = .augmentations(try Augmenter(plan.augmentations[strength]))
    }
  }

  /// The changed window; a function of the window and of the stream given.
  func view(of samples: [Float], random: inout RandomSource) -> [Float] {
    var window = samples
    switch change {
    case .noise(let level):
      WindowStandardization.apply(&window)
      var noise = window
      random.fillNormal(&noise)
      for i in window.indices { window[i] += level * noise[i] }
    case .augmentations(let augmenter):
      augmenter.apply(to: &window, sampleRate: sampleRate, random: &random)
    }
    return window
  }
}
