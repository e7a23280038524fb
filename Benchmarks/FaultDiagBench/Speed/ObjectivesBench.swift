import ArgumentParser
import CPC
import FaultDiag
import NeuralNet
import Support

/// What an objective costs a step beside the model's own forward and backward pass.
struct ObjectivesBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "objectives",
    abstract: "Time of a step with every objective, over that of the model's forward and backward.",
    discussion: "Example: fault-diag-bench objectives --batch 256")

  @Option(help: "Windows a batch.")
  var batch = 256

  @Option(help: "Objectives to time; all without it.")
  var only: [String] = []

  @Option(help: "Passes of which the fastest counts.")
  var repeats = 7

  /// Of a whole step, model and objective, over the model's forward and backward on the same rows.
  private static let limit = 1.5

  func run() throws {
    FreedMemory.keepForTraining()
    print("processor kernels: \(BLAS.coreName), one thread")
    let families = Objectives.all.filter { only.isEmpty || only.contains($0.name) }
    var passes: [Int: Double] = [:]
    for family in families {
      var plan = TrainingPlan()
      plan.objective = Choice(family.name, try family.adapted([:], classes: 4))
      let model = try RepresentationModel<Float>(plan)
      let objective: any Objective<Float> = try plan.makeObjective(for: model)
      let rows = batch * objective.needs.views.count
      let inputs = Self.random([rows, plan.features.inputLength, plan.features.inputSize])
      let pass = passes[rows] ?? fastest { Self.pass(model, inputs) }
      passes[rows] = pass
      let step = try time(objective, model, inputs)
      let share = Format.fixed(1 + step / pass, digits: 3)
      print(
        "\(family.name): \(Format.fixed(step * 1e3, digits: 2)) ms on \(rows) rows, model "
          + "\(Format.fixed(pass * 1e3, digits: 2)) ms, together \(share) of it")
      print(
        Figure(name: "objective-\(family.name)-share", value: 1 + step / pass, goal: .atMost(Self.limit)).line
      )
    }
  }

  private func time<O: Objective>(
    _ fresh: O, _ model: RepresentationModel<Float>, _ inputs: Tensor<Float>
  ) throws -> Double where O.Scalar == Float {
    var objective = fresh
    objective.prepare(windowCount: batch)
    var forward = ForwardContext.inference
    let (latents, contexts, _) = model.forward(inputs, &forward)
    let representations = Representations(
      latents: latents, contexts: contexts, viewCount: objective.needs.views.count,
      recordings: (0..<batch).map { $0 / 8 },
      labels: objective.needs.labels ? (0..<batch).map { $0 % 4 } : nil,
      teacher: objective.needs.momentum == nil ? nil : .init(latents: latents, contexts: contexts))
    if objective.needs.windowEmbeddings {
      var context = ObjectiveContext(random: RandomSource(seed: 1), step: 1000, totalSteps: 1000)
      objective.windowsEmbedded(
        Self.random([batch, model.embeddingSize]), epoch: 1000, &context)
    }
    return fastest {
      var gradient = objective.zeroed()
      var context = ObjectiveContext(random: RandomSource(seed: 1))
      _ = objective.evaluate(representations, &context, into: &gradient)
    }
  }

  private static func pass(_ model: RepresentationModel<Float>, _ inputs: Tensor<Float>) {
    var context = ForwardContext(mode: .training, random: RandomSource(seed: 1))
    let (latents, contexts, cache) = model.forward(inputs, &context)
    var gradient = model.zeroed()
    model.accumulate(latents, contexts, cache, into: &gradient)
  }

  private static func random(_ shape: [Int]) -> Tensor<Float> {
    var random = RandomSource(seed: 5)
    var values = [Float](repeating: 0, count: shape.reduce(1, *))
    random.fillNormal(&values)
    return Tensor(values, shape: shape)
  }

  /// Seconds of the fastest of ``repeats`` calls.
  private func fastest(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    return (0..<repeats).map { _ in
      let time = clock.measure(body)
      return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    }.min() ?? .nan
  }
}
