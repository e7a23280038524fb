import NeuralNet
import Support

/// A finished training as the start of another one.
extension TrainingCheckpoint {
  /// Whether a training by `plan` can begin with the weights of this one: the same encoder and context on the same kind of
  /// steps. Rate, window length, objective and everything about the optimizer may differ.
  package func suits(_ plan: TrainingPlan) -> Bool {
    self.plan.encoder == plan.encoder && self.plan.contextSize == plan.contextSize
      && Self.step(of: self.plan.features) == Self.step(of: plan.features)
  }

  /// What the plan of a training that begins with this one notes of it.
  package var startName: String {
    "\(path), sha256 \(ContentHash.sha256(content.bytes).prefix(16))"
  }

  /// The features with what may differ set to one value.
  private static func step(of features: FeaturePlan) -> FeaturePlan {
    var result = features
    result.sampleRate = 0
    switch result {
    case .raw(var raw):
      raw.windowSamples = 0
      return .raw(raw)
    case .spectral(var spectral):
      spectral.steps = 0
      return .spectral(spectral)
    }
  }

  /// This training's objective where the plan has the same one with the same settings, else `fresh`.
  func objective(
    for plan: TrainingPlan, else fresh: any Objective<Float>
  ) throws(CPCError) -> any Objective<Float> {
    guard plan.objective == self.plan.objective else { return fresh }
    return try loaded(fresh)
  }
}
