import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

/// Against `Tools/Reference/CPC.py`.
@Suite struct CPCGoldenTests {
  static func model(_ name: String) -> RepresentationModel<Double> {
    var random = RandomSource(seed: 1)
    let encoder: any Encoder<Double> =
      name == "raw"
      ? RawEncoder<Double>(inputSize: 1, channels: 6, random: &random)
      : SpectralEncoder<Double>(inputSize: 10, sizes: [8, 6], random: &random)
    return RepresentationModel(encoder: encoder, autoregressor: GRU(inputs: 6, hidden: 5, random: &random))
  }

  static func objective() -> InfoNCE<Double> {
    randomInfoNCE(
      NegativeSampler(strategy: .acrossBatch, sharing: .fresh, count: 4, stepsAhead: 3), latent: 6,
      context: 5, seed: 1)
  }

  /// Model and objective together with the golden parameters; input scaling is the identity and not in the file.
  static func learner(_ name: String, _ golden: GoldenArrays, at moment: String) throws -> Learner<
    InfoNCE<Double>
  > {
    var learner = Learner(model: model(name), objective: objective())
    try learner.visit("\(name).\(moment)") { path, role, tensor in
      guard role != .buffer else { return }
      let value = try golden[path]
      #expect(value.shape == tensor.shape, "\(path)")
      tensor = value
    }
    return learner
  }

  static func negatives(_ name: String, _ golden: GoldenArrays) throws -> Negatives {
    let stored = try golden["\(name).negatives"]
    let shape = stored.shape
    return Negatives(
      shape: .init(windows: shape[0], anchors: shape[1], draws: shape[2], count: shape[3]),
      positions: stored.storage.map { Int32($0) })
  }

  @Test(arguments: ["raw", "spectral"]) func representationsLossAndGradients(name: String) throws {
    let golden = try Golden.load("CPC")
    let learner = try Self.learner(name, golden, at: "start")
    var context = ForwardContext.inference
    let (z, c, cache) = learner.model.forward(try golden["\(name).input"], &context)
    #expect(Golden.mismatch(z, try golden["\(name).latents"], tolerance: 1e-11, name: "latents") == nil)
    #expect(Golden.mismatch(c, try golden["\(name).contexts"], tolerance: 1e-11, name: "contexts") == nil)

    var gradient = learner.zeroed()
    let outcome = learner.objective.evaluate(
      Representations(latents: z, contexts: c, recordings: [0, 1, 2]),
      negatives: try Self.negatives(name, golden), threads: 2, into: &gradient.objective)
    #expect(abs(outcome.loss - (try golden["\(name).loss"].storage[0])) < 1e-12)
    #expect(
      Golden.mismatch(outcome.dLatents, try golden["\(name).dlatents"], tolerance: 1e-10, name: "dlatents")
        == nil)
    #expect(
      Golden.mismatch(outcome.dContexts, try golden["\(name).dcontexts"], tolerance: 1e-10, name: "dcontexts")
        == nil)

    let dInput = learner.model.backward(outcome.dLatents, outcome.dContexts, cache, into: &gradient.model)
    #expect(Golden.mismatch(dInput, try golden["\(name).dinput"], tolerance: 1e-10, name: "dinput") == nil)
    #expect(
      try golden.mismatches(gradient, prefix: "\(name).gradient", tolerance: 1e-10, skip: [.buffer]) == [])
    var parametersOnly = learner.zeroed()
    parametersOnly.objective = gradient.objective
    learner.model.accumulate(outcome.dLatents, outcome.dContexts, cache, into: &parametersOnly.model)
    #expect(
      try golden.mismatches(parametersOnly, prefix: "\(name).gradient", tolerance: 1e-10, skip: [.buffer])
        == [])
  }

  @Test(arguments: ["raw", "spectral"]) func tenStepsOfAdam(name: String) throws {
    let golden = try Golden.load("CPC")
    var learner = try Self.learner(name, golden, at: "start")
    let negatives = try Self.negatives(name, golden)
    let input = try golden["\(name).input"]
    var optimizer = Adam<Double>()
    var losses: [Double] = []
    for _ in 0..<10 {
      var context = ForwardContext.inference
      let (z, c, cache) = learner.model.forward(input, &context)
      var gradient = learner.zeroed()
      let outcome = learner.objective.evaluate(
        Representations(latents: z, contexts: c, recordings: [0, 1, 2]), negatives: negatives, threads: 2,
        into: &gradient.objective)
      learner.model.accumulate(outcome.dLatents, outcome.dContexts, cache, into: &gradient.model)
      optimizer.update(&learner, along: gradient, learningRate: 1e-2)
      losses.append(outcome.loss)
    }
    #expect(
      Golden.mismatch(Tensor(losses, shape: [10]), try golden["\(name).losses"], tolerance: 1e-9) == nil)
    #expect(try golden.mismatches(learner, prefix: "\(name).end", tolerance: 1e-8, skip: [.buffer]) == [])
  }
}
