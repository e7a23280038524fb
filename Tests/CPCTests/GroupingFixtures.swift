import NeuralNet
import Support
import TestSupport

@testable import CPC

/// Small objectives of the grouping kind, and checks that all of them share.
enum GroupingFixtures {
  static let (latent, context, size, clusters) = (4, 3, 5, 4)
  static var embedding: Int { 2 * latent + context }

  static func projector<Scalar: TensorScalar>(
    _ outputs: Int, unitLength: Bool, seed: UInt64, inputs: Int = GroupingFixtures.embedding,
    as: Scalar.Type = Scalar.self
  ) -> Projector<Scalar> {
    var random = RandomSource(seed: seed)
    return Projector(
      .mlp, inputs: inputs, hiddenSize: 7, outputs: outputs, unitLength: unitLength, random: &random)
  }

  static func representations<Scalar: TensorScalar>(
    windows: Int, views: Int = 2, steps: Int = 5, seed: UInt64 = 40, as: Scalar.Type = Scalar.self
  ) -> Representations<Scalar> {
    var result: Representations<Scalar> = randomRepresentations(
      recordings: Array(0..<windows), steps: steps, latent: latent, context: context, views: views, seed: seed
    )
    result.teacher = .init(
      latents: randomTensor(result.latents.shape, seed: seed + 5),
      contexts: randomTensor(result.contexts.shape, seed: seed + 6))
    return result
  }

  static func swav<Scalar: TensorScalar>(
    prototypes: Int = GroupingFixtures.clusters, queue: Int = 0, shortCrops: Int = 2,
    as: Scalar.Type = Scalar.self
  ) -> SwAV<Scalar> {
    var random = RandomSource(seed: 3)
    var options = SwAV<Scalar>.Options()
    options.shortCrops = shortCrops
    options.frozenSteps = 2
    return SwAV(
      projector: projector(size, unitLength: true, seed: 1),
      prototypes: Prototypes(count: prototypes, size: size, random: &random), queueLength: queue,
      options: options)
  }

  /// With clusters of `windows` windows, unless it is fresh.
  static func pcl<Scalar: TensorScalar>(
    windows: Int, queue: Int = 3, isFitted: Bool = true, as: Scalar.Type = Scalar.self
  ) -> PCL<Scalar> {
    var options = PCL<Scalar>.Options()
    options.clusters = [2, 3]
    var result = PCL<Scalar>(
      projector: projector(size, unitLength: true, seed: 1), queueLength: queue, options: options)
    result.teacher = MomentumAverage(of: projector(size, unitLength: true, seed: 2), decay: 0.9)
    result.prepare(windowCount: windows)
    result.queue.append(UnitLength<Scalar>()(randomTensor([2, size], seed: 9)))
    if isFitted {
      var context = ObjectiveContext(random: RandomSource(seed: 4))
      result.windowsEmbedded(randomTensor([windows, embedding], seed: 7), epoch: 0, &context)
    }
    return result
  }

  static func tcl<Scalar: TensorScalar>(
    windows: Int, clusters: Int = GroupingFixtures.clusters, as: Scalar.Type = Scalar.self
  ) -> TCL<Scalar> {
    var result = TCL<Scalar>(
      instanceHead: projector(size, unitLength: true, seed: 1),
      clusterHead: projector(clusters, unitLength: false, seed: 2), options: .init())
    result.prepare(windowCount: windows)
    return result
  }

  static func graph<Scalar: TensorScalar>(neighbours: Int = 2, as: Scalar.Type = Scalar.self)
    -> GraphContrast<Scalar>
  {
    var random = RandomSource(seed: 3)
    var options = GraphContrast<Scalar>.Options()
    options.neighbours = neighbours
    return GraphContrast(
      convolution: Linear(inputs: embedding, outputs: 6, rectified: true, random: &random),
      projector: projector(size, unitLength: false, seed: 1, inputs: 6), options: options)
  }

  /// What disagrees with differences: the objective's own parameters, latents and contexts.
  static func failures<O: Objective>(
    of objective: O, at representations: Representations<Double>, tolerance: Double = 1e-8,
    _ evaluate: (O, Representations<Double>, inout O) -> ObjectiveOutcome<Double>
  ) -> [GradientCheck.Failure] where O.Scalar == Double {
    func loss(_ objective: O, _ representations: Representations<Double>) -> Double {
      var unused = objective.zeroed()
      return evaluate(objective, representations, &unused).loss
    }
    var gradient = objective.zeroed()
    let outcome = evaluate(objective, representations, &gradient)
    let check = GradientCheck(tolerance: tolerance, samples: 40)
    return check.failures(of: gradient, at: objective) { loss($0, representations) }
      + check.failures(of: outcome.dLatents, at: representations.latents, name: "latents") {
        var moved = representations
        moved.latents = $0
        return loss(objective, moved)
      }
      + check.failures(of: outcome.dContexts, at: representations.contexts, name: "contexts") {
        var moved = representations
        moved.contexts = $0
        return loss(objective, moved)
      }
  }

  /// Whether loss and gradients are finite.
  static func isFinite<O: Objective>(
    _ objective: O, _ representations: Representations<O.Scalar>, step: Int = 5
  ) -> Bool {
    var gradient = objective.zeroed()
    var context = ObjectiveContext(random: RandomSource(seed: 2), step: step, totalSteps: 6)
    let outcome = objective.evaluate(representations, &context, into: &gradient)
    return outcome.loss.isFinite && outcome.dLatents.isFinite && outcome.dContexts.isFinite
      && gradient.parameters.allSatisfy { $0.tensor.isFinite }
  }

  /// The same batch with every row alike, as after a collapse.
  static func identical<Scalar: TensorScalar>(_ r: Representations<Scalar>) -> Representations<Scalar> {
    var result = r
    result.latents = Tensor(repeating: 0.3, shape: r.latents.shape)
    result.contexts = Tensor(repeating: 0.2, shape: r.contexts.shape)
    result.teacher = .init(latents: result.latents, contexts: result.contexts)
    return result
  }

  /// Windows in another order, in all views.
  static func reordered<Scalar: TensorScalar>(
    _ r: Representations<Scalar>, _ order: [Int]
  ) -> Representations<Scalar> {
    let rows = (0..<r.viewCount).flatMap { view in order.map { view * r.windowCount + $0 } }
    return gathered(r, rows, windows: order.map { r.windows[$0] })
  }

  /// The first view second.
  static func swapped<Scalar: TensorScalar>(_ r: Representations<Scalar>) -> Representations<Scalar> {
    gathered(
      r, Array(r.windowCount..<2 * r.windowCount) + Array(0..<r.windowCount), windows: r.windows)
  }

  private static func gathered<Scalar: TensorScalar>(
    _ r: Representations<Scalar>, _ rows: [Int], windows: [Int]
  ) -> Representations<Scalar> {
    Representations(
      latents: r.latents.gathering(rows), contexts: r.contexts.gathering(rows), viewCount: r.viewCount,
      recordings: windows, windows: windows,
      teacher: r.teacher.map {
        .init(latents: $0.latents.gathering(rows), contexts: $0.contexts.gathering(rows))
      })
  }

  /// Loss of one evaluation with fixed randomness.
  static func loss<O: Objective>(_ objective: O, _ r: Representations<O.Scalar>, step: Int = 5) -> Double {
    var unused = objective.zeroed()
    var context = ObjectiveContext(random: RandomSource(seed: 2), step: step, totalSteps: 6)
    return objective.evaluate(r, &context, into: &unused).loss
  }
}
