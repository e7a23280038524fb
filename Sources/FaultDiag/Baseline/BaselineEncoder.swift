import CPC
import NeuralNet

/// A CPC model in use for novelty: encoder, context and the predictions that can be disappointed.
package struct BaselineEncoder: Parameterized, Sendable {
  package var model: RepresentationModel<Float>
  package var predictions: BilinearScorer<Float>

  package init(model: RepresentationModel<Float>, predictions: BilinearScorer<Float>) {
    self.model = model
    self.predictions = predictions
  }

  /// An untrained one, to be filled from a file.
  init(plan: TrainingPlan) throws(CPCError) {
    let model = try RepresentationModel<Float>(plan)
    let objective: any Objective<Float> = try plan.makeObjective(for: model)
    try self.init(model: model, objective: objective)
  }

  /// - Throws: ``CPCError/badSetting(name:found:expected:)`` for an objective that does not predict.
  init(model: RepresentationModel<Float>, objective: any Objective<Float>) throws(CPCError) {
    guard let infoNCE = objective as? InfoNCE<Float> else {
      throw .badSetting(
        name: "objective", found: "one that does not predict", expected: "cpc, whose surprise is measured")
    }
    self.init(model: model, predictions: infoNCE.scorer)
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Float>) throws -> Void
  ) rethrows {
    try model.visit(join(path, "model"), body)
    try predictions.visit(join(path, "predictions"), body)
  }

  /// What the model makes of windows `[window, step, bands]`, one at a time in the result.
  func hear(_ inputs: Tensor<Float>, freshSteps: [Int]) -> [HeardWindow.Learnt] {
    var context = ForwardContext.inference
    let (z, c, _) = model.forward(inputs, &context)
    let surprise = predictions.surprise(latents: z, contexts: c)
    let (steps, latents, contexts) = (z.shape[1], z.shape[2], c.shape[2])
    return freshSteps.indices.map { window in
      var peak = [Float](repeating: -.infinity, count: latents)
      for step in 0..<steps {
        let row = (window * steps + step) * latents
        for i in 0..<latents { peak[i] = max(peak[i], z.storage[row + i]) }
      }
      var sum = [Double](repeating: 0, count: contexts)
      for step in steps - freshSteps[window]..<steps {
        let row = (window * steps + step) * contexts
        for i in 0..<contexts { sum[i] += Double(c.storage[row + i]) }
      }
      return HeardWindow.Learnt(latentPeak: peak, contextSum: sum, surprise: surprise[window])
    }
  }
}
