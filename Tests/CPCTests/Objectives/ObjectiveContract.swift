import NeuralNet
import Support
import TestSupport

@testable import CPC

/// What every objective must keep, whoever wrote it. A contract returns its violations as text, so that a broken
/// dummy can prove that it bites; `ObjectiveContractTests` runs it over ``Objectives/all``.
///
/// 1. gradients by latents, contexts and own parameters agree with central differences in double precision (where an
///    objective holds something fixed that its loss computes, its own tests fix it and differentiate);
/// 2. gradients of own parameters are added to what is there;
/// 3. same representations and randomness, same bytes;
/// 4. the order of the windows does not matter: exactly where nothing is drawn, in the mean over seeds where
///    something is;
/// 5. loss and gradients are finite for two windows, one class, no labels, equal rows, zeros and large numbers;
/// 6. parameters have names of their own.
enum ObjectiveContract {
  static let latent = 5
  static let context = 4
  static let windows = [0, 1, 0, 2, 1, 0]
  static let labels: [Int?] = [0, 1, 0, 1, 0, nil]

  /// - Parameter holdsFixed: whether the gradient is not that of the loss alone.
  static func violations<O: Objective>(
    of fresh: O, holdsFixed: Bool = false
  ) -> [String] where O.Scalar == Double {
    var objective = fresh
    objective.prepare(windowCount: windows.count)
    let batch = batch(for: objective)
    return Contracts.walkViolations(objective)
      + (holdsFixed ? [] : gradientViolations(objective, batch))
      + additionViolations(objective, batch) + determinismViolations(objective, batch)
      + orderViolations(objective, batch) + finitenessViolations(objective, batch)
  }

  /// What the objective needs, with random numbers.
  static func batch<O: Objective>(for objective: O, seed: UInt64 = 71) -> Representations<Double>
  where O.Scalar == Double {
    let needs = objective.needs
    var batch: Representations<Double> = randomRepresentations(
      recordings: windows, steps: needs.steps + 2, latent: latent, context: context, views: needs.views.count,
      labels: needs.labels ? labels : nil, seed: seed)
    if needs.momentum != nil {
      batch.teacher = .init(
        latents: randomTensor(batch.latents.shape, seed: seed + 2),
        contexts: randomTensor(batch.contexts.shape, seed: seed + 3))
    }
    return batch
  }

  /// A pass with the randomness of a seed.
  private static func pass<O: Objective>(
    _ objective: O, _ batch: Representations<Double>, seed: UInt64 = 3, into gradient: inout O
  ) -> ObjectiveOutcome<Double> where O.Scalar == Double {
    var context = ObjectiveContext(random: RandomSource(seed: seed), threads: 2, step: 5, totalSteps: 10)
    return objective.evaluate(batch, &context, into: &gradient)
  }

  private static func outcome<O: Objective>(
    _ objective: O, _ batch: Representations<Double>, seed: UInt64 = 3
  ) -> (outcome: ObjectiveOutcome<Double>, gradient: O) where O.Scalar == Double {
    var gradient = objective.zeroed()
    return (pass(objective, batch, seed: seed, into: &gradient), gradient)
  }

  private static func gradientViolations<O: Objective>(
    _ objective: O, _ batch: Representations<Double>
  ) -> [String] where O.Scalar == Double {
    let check = GradientCheck(tolerance: 1e-7, samples: 12)
    let (outcome, gradient) = outcome(objective, batch)
    func moved(_ change: (inout Representations<Double>) -> Void) -> Double {
      var other = batch
      change(&other)
      return Self.outcome(objective, other).outcome.loss
    }
    let failures =
      check.failures(of: outcome.dLatents, at: batch.latents, name: "latents") { z in
        moved { $0.latents = z }
      }
      + check.failures(of: outcome.dContexts, at: batch.contexts, name: "contexts") { c in
        moved { $0.contexts = c }
      } + check.failures(of: gradient, at: objective) { Self.outcome($0, batch).outcome.loss }
    return failures.map { $0.description }
  }

  private static func additionViolations<O: Objective>(
    _ objective: O, _ batch: Representations<Double>
  ) -> [String] where O.Scalar == Double {
    let once = outcome(objective, batch).gradient
    var onOnes = objective.zeroed()
    onOnes.visit("") { _, role, tensor in
      if role != .buffer { tensor = Tensor(repeating: 1, shape: tensor.shape) }
    }
    _ = pass(objective, batch, into: &onOnes)
    return zip(once.parameters, onOnes.parameters).compactMap { one, other in
      if one.role == .buffer { return nil }
      let expected = Tensor(one.tensor.storage.map { $0 + 1 }, shape: one.tensor.shape)
      return Golden.mismatch(other.tensor, expected, tolerance: 1e-12, name: "not added to \(one.name)")
    }
  }

  private static func determinismViolations<O: Objective>(
    _ objective: O, _ batch: Representations<Double>
  ) -> [String] where O.Scalar == Double {
    let (one, oneGradient) = outcome(objective, batch)
    let (other, otherGradient) = outcome(objective, batch)
    var result: [String] = []
    if one.loss != other.loss { result.append("two passes of one seed differ in the loss") }
    if one.dLatents != other.dLatents || one.dContexts != other.dContexts {
      result.append("two passes of one seed differ in the gradients of the representations")
    }
    if !zip(oneGradient.parameters, otherGradient.parameters).allSatisfy({ $0.tensor == $1.tensor }) {
      result.append("two passes of one seed differ in the gradients of the parameters")
    }
    return result
  }

  private static func orderViolations<O: Objective>(
    _ objective: O, _ batch: Representations<Double>
  ) -> [String] where O.Scalar == Double {
    let order = [4, 2, 0, 5, 1, 3]
    let shuffled = batch.taking(order)
    let draws = Set((0..<4).map { outcome(objective, batch, seed: $0).outcome.loss }).count > 1
    guard draws else {
      let (one, other) = (outcome(objective, batch).outcome, outcome(objective, shuffled).outcome)
      let rows = batch.rowOrder(order)
      return [
        abs(one.loss - other.loss) <= 1e-10 * max(1, abs(one.loss))
          ? nil : "the loss depends on the order of the windows: \(one.loss) and \(other.loss)",
        Golden.mismatch(
          other.dLatents, one.dLatents.gathering(rows), tolerance: 1e-9, name: "the order changes dLatents"),
        Golden.mismatch(
          other.dContexts, one.dContexts.gathering(rows), tolerance: 1e-9, name: "the order changes dContexts"
        ),
      ].compactMap { $0 }
    }
    // Independent seeds, so that the difference of the means has the variance of both.
    let (one, other) = (meanLoss(objective, batch, from: 1000), meanLoss(objective, shuffled, from: 2000))
    let noise = (one.variance + other.variance).squareRoot()
    return abs(one.mean - other.mean) <= 5 * noise
      ? []
      : ["the mean loss depends on the order of the windows: \(one.mean) and \(other.mean), noise \(noise)"]
  }

  /// Over 100 seeds, with the variance of the mean.
  private static func meanLoss<O: Objective>(
    _ objective: O, _ batch: Representations<Double>, from seed: UInt64
  ) -> (mean: Double, variance: Double) where O.Scalar == Double {
    let losses = (0..<100).map { outcome(objective, batch, seed: seed + $0).outcome.loss }
    let mean = losses.reduce(0, +) / 100
    return (mean, losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 99 / 100)
  }

  private static func finitenessViolations<O: Objective>(
    _ objective: O, _ batch: Representations<Double>
  ) -> [String] where O.Scalar == Double {
    let extremes: [(String, Representations<Double>)] = [
      ("two windows", batch.taking([0, 1])), ("two windows of one class", batch.taking([0, 2])),
      ("one class", batch.taking([0, 2, 4])), ("equal windows", batch.taking([1, 1, 1])),
      ("no labels", batch.labelled { _ in nil }), ("labels in turn", batch.labelled { $0 % 2 }),
      ("zeros", batch.filled { _ in 0 }), ("a constant", batch.filled { _ in 0.7 }),
      ("1e4", batch.filled { $0 * 1e4 }), ("1e-150", batch.filled { $0 * 1e-150 }),
    ]
    return extremes.flatMap { name, batch -> [String] in
      let (outcome, gradient) = outcome(objective, batch)
      let tensors =
        [("dLatents", outcome.dLatents), ("dContexts", outcome.dContexts)]
        + gradient.parameters.map { ("d" + $0.name, $0.tensor) }
      return (outcome.loss.isFinite ? [] : ["the loss is not finite for \(name)"])
        + tensors.compactMap { $1.isFinite ? nil : "\($0) is not finite for \(name)" }
    }
  }
}

extension Representations where Scalar == Double {
  /// Rows of the windows `order`, view after view.
  func rowOrder(_ order: [Int]) -> [Int] {
    (0..<viewCount).flatMap { view in order.map { view * windowCount + $0 } }
  }

  /// The windows of these numbers, repeats allowed.
  func taking(_ order: [Int]) -> Representations {
    Representations(
      latents: latents.gathering(rowOrder(order)), contexts: contexts.gathering(rowOrder(order)),
      viewCount: viewCount, recordings: order.map { recordings[$0] },
      labels: labels.map { labels in order.map { labels[$0] } }, windows: order.map { windows[$0] },
      teacher: teacher.map {
        .init(
          latents: $0.latents.gathering(rowOrder(order)), contexts: $0.contexts.gathering(rowOrder(order)))
      })
  }

  fileprivate func labelled(_ label: (Int) -> Int?) -> Representations {
    var result = self
    if labels != nil { result.labels = (0..<windowCount).map(label) }
    return result
  }

  fileprivate func filled(_ value: (Double) -> Double) -> Representations {
    var result = self
    result.latents.storage = latents.storage.map(value)
    result.contexts.storage = contexts.storage.map(value)
    result.teacher?.latents.storage = result.latents.storage
    result.teacher?.contexts.storage = result.contexts.storage
    return result
  }
}
