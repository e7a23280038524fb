import TestSupport
import Testing

@testable import NeuralNet

/// Ten steps of every optimizer against PyTorch (`Tools/Reference/Optimizers.py`), in both precisions, and contracts.
/// To add an optimizer: a case in `cases`, and its golden run in the script.
@Suite struct OptimizerTests {
  /// The optimizers by the name of their golden run.
  private static func cases<Scalar: TensorScalar>(_: Scalar.Type) -> [(String, any Optimizer<Scalar>)] {
    [
      ("sgd", SGD<Scalar>()),
      ("sgd_momentum_decay", SGD<Scalar>(momentum: 0.9, weightDecay: 0.05)),
      ("sgd_nesterov", SGD<Scalar>(momentum: 0.9, weightDecay: 0.05, nesterov: true)),
      ("sgd_spared", SGD<Scalar>(momentum: 0.9, weightDecay: 0.05, decaysBiases: false)),
      ("adam", Adam<Scalar>()),
      ("adam_decay", Adam<Scalar>(beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.05)),
      ("adamw", AdamW<Scalar>(weightDecay: 0.1)),
      ("adamw_spared", AdamW<Scalar>(weightDecay: 0.1, decaysBiases: false)),
      ("lars", LARS<Scalar>(momentum: 0.9, weightDecay: 0.05, trust: 0.02)),
    ]
  }

  private func mismatches<O: Optimizer>(_ optimizer: O, _ name: String, tolerance: Double) throws -> [String]
  {
    try mismatches(optimizer, name, tolerance: tolerance) { _, _ in }
  }

  /// One line for each tensor and step that differs from the golden run `name`.
  private func mismatches<O: Optimizer>(
    _ optimizer: O, _ name: String, tolerance: Double, before: (inout O, Int) -> Void
  ) throws -> [String] {
    let golden = try Golden.load("Optimizers")
    let rates = try golden["rates"].storage
    var optimizer = optimizer
    var model = try TwoTensors<O.Scalar>(golden, "start")
    var lines: [String] = []
    for (step, rate) in rates.enumerated() {
      before(&optimizer, step)
      let gradient = try TwoTensors<O.Scalar>(golden, "gradients", step: step)
      optimizer.update(&model, along: gradient, learningRate: rate)
      let expected = try TwoTensors<Double>(golden, name, step: step)
      lines += [
        Golden.mismatch(
          model.weight, expected.weight, tolerance: tolerance, name: "\(name) step \(step) weight"),
        Golden.mismatch(model.bias, expected.bias, tolerance: tolerance, name: "\(name) step \(step) bias"),
      ].compactMap { $0 }
    }
    #expect(optimizer.stepCount == rates.count)
    #expect(model.buffer.storage == [3], "\(name) touched a buffer")
    return lines
  }

  @Test func tenStepsInDouble() throws {
    for (name, optimizer) in Self.cases(Double.self) {
      let lines = try mismatches(optimizer, name, tolerance: 1e-12)
      #expect(lines == [])
    }
  }

  /// Ten roundings of size 2^-24 and of the settings themselves.
  @Test func tenStepsInFloat() throws {
    for (name, optimizer) in Self.cases(Float.self) {
      let lines = try mismatches(optimizer, name, tolerance: 3e-6)
      #expect(lines == [])
    }
  }

  @Test func beta1MayChangeBetweenSteps() throws {
    let lines = try mismatches(AdamW<Double>(weightDecay: 0.1), "adamw_changing_beta", tolerance: 1e-12) {
      $0.adam.beta1 = 0.95 - 0.01 * Double($1)
    }
    #expect(lines == [])
  }

  /// f = sum (p - target)^2 / 2 with curvatures 1 and 10: each optimizer comes close to its minimum.
  @Test func convergesOnAQuadratic() {
    func distance<O: Optimizer>(_ optimizer: O, rate: Double) -> Double where O.Scalar == Double {
      var optimizer = optimizer
      var model = TwoTensors<Double>(weight: [4, -3], bias: [2])
      let schedule = LearningRateSchedule(peak: rate, shape: .cosine(steps: 2000, final: 0))
      for step in 0..<2000 {
        let (w, b) = (model.weight.storage, model.bias.storage)
        let gradient = TwoTensors(weight: [w[0] - 1, 10 * (w[1] - 2)], bias: [b[0] + 1])
        optimizer.update(&model, along: gradient, learningRate: schedule.rate(at: step))
      }
      let (w, b) = (model.weight.storage, model.bias.storage)
      return max(abs(w[0] - 1), abs(w[1] - 2), abs(b[0] + 1))
    }
    #expect(distance(SGD(momentum: 0.9), rate: 0.01) < 1e-6)
    #expect(distance(SGD(momentum: 0.9, nesterov: true), rate: 0.01) < 1e-6)
    #expect(distance(Adam(), rate: 0.1) < 1e-4)
    #expect(distance(AdamW(weightDecay: 0), rate: 0.1) < 1e-4)
    #expect(distance(LARS(weightDecay: 0, trust: 0.1), rate: 0.1) < 1e-3)
  }

  /// Five steps, a copy of the state through a checkpoint, five more: the same bytes as ten in a row.
  @Test func stateSurvivesACheckpoint() throws {
    func check<O: Optimizer>(_ name: String, _ fresh: O) throws where O.Scalar == Float {
      let golden = try Golden.load("Optimizers")
      let gradients = try (0..<10).map { try TwoTensors<Float>(golden, "gradients", step: $0) }
      var (optimizer, model) = (fresh, try TwoTensors<Float>(golden, "start"))
      for gradient in gradients[..<5] { optimizer.update(&model, along: gradient, learningRate: 0.05) }
      var checkpoint = Checkpoint(programVersion: "1.0", plan: "{}")
      checkpoint.store(model, as: "model")
      checkpoint.store(optimizer: optimizer, as: "optimizer")
      let stored = try Checkpoint.read(checkpoint.bytes, source: "checkpoint")
      var (resumed, resumedModel) = (fresh, model.zeroed())
      try stored.load(into: &resumedModel, from: "model")
      try stored.load(into: &resumed, for: resumedModel, from: "optimizer")
      for gradient in gradients[5...] {
        optimizer.update(&model, along: gradient, learningRate: 0.05)
        resumed.update(&resumedModel, along: gradient, learningRate: 0.05)
      }
      #expect(resumedModel == model, "\(name)")
      #expect(resumed.stepCount == 10)
      #expect(resumed.parameters.map { $0.tensor } == optimizer.parameters.map { $0.tensor }, "\(name)")
    }
    for (name, optimizer) in Self.cases(Float.self) { try check(name, optimizer) }
  }

  /// Before its first step an optimizer has nothing but its count, and that is a state too.
  @Test func freshStateSurvivesACheckpoint() throws {
    let model = TwoTensors<Float>(weight: [1], bias: [2])
    var checkpoint = Checkpoint(programVersion: "1.0", plan: "{}")
    checkpoint.store(optimizer: SGD<Float>(momentum: 0.9), as: "optimizer")
    var optimizer = SGD<Float>(momentum: 0.9)
    try checkpoint.load(into: &optimizer, for: model, from: "optimizer")
    #expect(optimizer.stepCount == 0)
  }

  @Test func lossOfScaleLeavesTensorsFinite() {
    for (name, optimizer) in Self.cases(Float.self) {
      func step<O: Optimizer>(_ optimizer: O) -> TwoTensors<Float> where O.Scalar == Float {
        var (optimizer, model) = (optimizer, TwoTensors<Float>(weight: [0, 0], bias: [0]))
        optimizer.update(&model, along: TwoTensors(weight: [0, 0], bias: [0]), learningRate: 0.1)
        optimizer.update(&model, along: TwoTensors(weight: [1e-20, -1e-20], bias: [1e15]), learningRate: 0.1)
        return model
      }
      let model = step(optimizer)
      #expect(model.weight.isFinite && model.bias.isFinite, "\(name): \(model)")
    }
  }
}
