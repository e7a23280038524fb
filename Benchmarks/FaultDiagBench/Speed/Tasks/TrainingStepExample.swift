import ArgumentParser
import CPC
import NeuralNet
import Support

/// One step of CPC training with everything that decides it, for the peer to compute the same.
struct TrainingStepExample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step-example", abstract: "Writes one step of training, for the race of steps to compare.",
    shouldDisplay: false)

  @Argument(help: "raw-shared, spectral-fresh and so on.") var name: String
  @Argument(help: "The safetensors file to write.") var path: String

  func run() throws {
    BLAS.configure()
    try write(TrainingStepTask(name), to: path)
  }

  /// Writes `input`, `negatives` `[window, anchor, draw, count]`, `loss`, and `start.` and `gradient.` of every
  /// parameter, under the names of the training's own checkpoints.
  private func write(_ task: TrainingStepTask, to path: String) throws {
    let source = try task.source(threads: 1, steps: 1)
    let model = try RepresentationModel<Float>(source.plan)
    guard let objective = try source.plan.makeObjective(for: model) as? InfoNCE<Float> else {
      preconditionFailure("a step of CPC trains something else")
    }
    let learner = Learner(model: model, objective: objective)
    var random = RandomSource(seed: 2)
    var input = Tensor<Float>(zeros: task.inputShape(source.plan))
    random.fillNormal(&input.storage)

    var context = ForwardContext(mode: .training, random: random)
    let (latents, contexts, cache) = model.forward(input, &context)
    let windows = source.plan.batchSize
    // Every window is a recording of its own: negatives come from the whole batch.
    let negatives = objective.sampler.draw(
      recordings: Array(0..<windows), steps: latents.shape[1], random: &random)
    var gradient = learner.zeroed()
    let outcome = objective.evaluate(
      Representations(latents: latents, contexts: contexts, recordings: Array(0..<windows)),
      negatives: negatives, threads: 1, into: &gradient.objective)
    model.accumulate(outcome.dLatents, outcome.dContexts, cache, into: &gradient.model)

    var file = Safetensors()
    file.insert(input, named: "input")
    let shape = negatives.shape
    file.insert(
      Tensor(
        negatives.positions.map { Float($0) },
        shape: [shape.windows, shape.anchors, shape.draws, shape.count]),
      named: "negatives")
    file.insert(Tensor([Float(outcome.loss)], shape: [1]), named: "loss")
    for (name, _, tensor) in learner.parameters { file.insert(tensor, named: "start." + name) }
    for (name, _, tensor) in gradient.parameters { file.insert(tensor, named: "gradient." + name) }
    try file.write(to: path)
  }
}
