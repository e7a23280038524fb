import FaultDiag
import SignalIO
import Testing

@Suite struct AlignedFittingTests {
  /// Training on from the default model must keep its members apart and move them towards the labels given.
  @Test func networksTrainOnFromWhereTheyStood() throws {
    let model = try AlignedModel.embedded()
    var plan = model.plan
    plan.seed = 78
    plan.draw.signalToNoise = -4 ... -4
    plan.epochs = 2
    plan.learningRate = 1e-3
    let examples = try AlignedExamples.simulated(0..<64, plan: plan, threads: 2)
    let tuned = try AlignedTrainer(plan).networks(on: examples, from: model.networks, threads: 2)
    var fitted = model
    fitted.networks = tuned
    #expect(tuned.count == model.networks.count)
    #expect(loss(fitted, examples) < loss(model, examples))
  }

  /// Mean binary cross-entropy of a model's logits, in nats a family.
  private func loss(_ model: AlignedModel, _ examples: AlignedExamples) -> Double {
    let rows = model.logits(examples.features).flatMap { $0 }
    let targets = examples.targets.flatMap { $0.map { Double($0) } }
    return BinaryCrossEntropy.evaluate(
      logits: .init(rows, shape: [rows.count]), targets: .init(targets, shape: [targets.count])
    ).loss
  }
}
