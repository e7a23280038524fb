import NeuralNet

/// How far labelled recordings move an aligned model.
package struct AlignedFitSettings: Sendable, Equatable, Codable {
  /// Few, at a low rate: the networks know bearings already, and labelled recordings hold few of them.
  package var epochs = 8
  package var learningRate = 1e-3
  /// How much of the way from the start to the trained weights is gone, 0...1; see ``AlignedFitter``.
  package var strength = 1.0

  package init() {}

  /// Throws ``FaultDiagError/badSetting(name:found:expected:)`` for values that no fit can have.
  package func validate() throws(FaultDiagError) {
    for (name, value, holds, expected) in [
      ("fit.epochs", Double(epochs), (1...1000).contains(epochs), "1 to 1000"),
      ("fit.learningRate", learningRate, learningRate > 0 && learningRate < 1, "above 0, below 1"),
      ("fit.strength", strength, (0...1).contains(strength), "0 to 1"),
    ] where !holds {
      throw .badSetting(name: name, found: "\(value)", expected: expected)
    }
  }
}

/// The one place that adapts an ``AlignedModel`` to labelled windows of known machines.
///
/// The members train on from where they stand, each with the draws of its own stream, and the result lies between:
///
///     w = w_start + strength (w_trained - w_start)
///
/// Weights that began alike and trained for a short while lie in one valley of the loss, so that points between them are
/// models too, often better than both ends on what neither saw (Wortsman et al., "Robust fine-tuning of zero-shot models",
/// CVPR 2022, equation 1). Same examples, start and settings, same bytes, whatever the thread count.
package struct AlignedFitter: Sendable {
  package let start: AlignedModel
  package let settings: AlignedFitSettings

  package init(start: AlignedModel, settings: AlignedFitSettings = AlignedFitSettings()) {
    self.start = start
    self.settings = settings
  }

  /// The model adapted to `examples`; its calibration is still that of the start.
  package func fitted(to examples: AlignedExamples, threads: Int) throws(FaultDiagError) -> AlignedModel {
    try settings.validate()
    guard settings.strength > 0, examples.count > 0 else { return start }
    var plan = start.plan
    plan.epochs = settings.epochs
    plan.learningRate = settings.learningRate
    let trained = try AlignedTrainer(plan).networks(on: examples, from: start.networks, threads: threads)
    var result = start
    result.networks = Self.between(start.networks, trained, strength: settings.strength)
    return result
  }

  /// The networks so far on the way from one set of members to the other.
  static func between(
    _ start: [AlignedNetwork<Float>], _ trained: [AlignedNetwork<Float>], strength: Double
  ) -> [AlignedNetwork<Float>] {
    zip(start, trained).map { from, to in
      var between = MomentumAverage(of: from, decay: 1 - strength)
      between.update(with: to)
      return between.average
    }
  }

  /// Networks of the model's shape from random weights, trained on `examples` alone.
  ///
  /// So many epochs that the optimizer makes ``scratchSteps`` steps: labelled recordings give few windows.
  static func fromScratch(
    like model: AlignedModel, on examples: AlignedExamples, threads: Int
  ) throws(FaultDiagError) -> [AlignedNetwork<Float>] {
    var plan = model.plan
    let stepsPerEpoch = max(1, (examples.count + plan.batch - 1) / plan.batch)
    plan.epochs = min(1000, max(1, scratchSteps / stepsPerEpoch))
    return try AlignedTrainer(plan).networks(on: examples, from: nil, threads: threads)
  }

  private static let scratchSteps = 100
}
