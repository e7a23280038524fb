import NeuralNet
import Support
import Synchronization

@testable import CPC

/// An objective that breaks one clause of the contract, to prove that the contract bites; whole with `.none`.
///
///     L = sum over rows of (w . mean of z) + log(1 + |w|^2)        a function of everything it is given
struct BrokenObjective: Objective {
  enum Fault: CaseIterable {
    case none, latentGradient, contextGradient, parameterGradient, addition, determinism, order, meanOrder,
      finiteness, names
  }

  let fault: Fault
  var weight: Tensor<Double>
  var shift = Tensor<Double>([0.3], shape: [1])

  init(fault: Fault, latentSize: Int) {
    self.fault = fault
    weight = Tensor((0..<latentSize).map { 0.2 * Double($0) - 0.3 }, shape: [latentSize])
  }

  /// What a faulty objective may not have.
  private static let calls = Atomic<Int>(0)

  var needs: ObjectiveNeeds { ObjectiveNeeds(views: [.original, .augmented(.strong)], labels: true) }

  mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Double>) throws -> Void
  ) rethrows {
    try body(join(path, "weight"), .weight, &weight)
    try body(join(path, fault == .names ? "weight" : "shift"), .bias, &shift)
  }

  func evaluate(
    _ batch: Representations<Double>, _ context: inout ObjectiveContext, into gradient: inout BrokenObjective
  ) -> ObjectiveOutcome<Double> {
    var outcome = ObjectiveOutcome<Double>(
      loss: shift.storage[0] * shift.storage[0], measures: ObjectiveMeasures(terms: []),
      dLatents: Tensor(zeros: batch.latents.shape), dContexts: Tensor(zeros: batch.contexts.shape))
    if fault == .addition { gradient.weight.fill(0) }
    let drawn = fault == .meanOrder ? context.random.uniform() : 0
    for row in 0..<batch.rowCount {
      let factor = fault == .order || fault == .meanOrder ? 1 + Double(row) + drawn : 1
      for step in 0..<batch.stepCount {
        add(batch, (row * batch.stepCount + step), factor, &outcome, &gradient)
      }
    }
    gradient.shift.storage[0] += fault == .parameterGradient ? 0 : 2 * shift.storage[0]
    if fault == .determinism { outcome.loss += Double(Self.calls.add(1, ordering: .relaxed).newValue) }
    if fault == .finiteness { outcome.loss /= batch.latents.squaredNorm }
    return outcome
  }

  /// The term of one position, (w . z)^2 / 2 + sum of c.
  private func add(
    _ batch: Representations<Double>, _ position: Int, _ factor: Double,
    _ outcome: inout ObjectiveOutcome<Double>, _ gradient: inout BrokenObjective
  ) {
    let (size, hidden) = (batch.latentSize, batch.contextSize)
    let z = batch.latents.storage[position * size..<(position + 1) * size]
    let score = zip(weight.storage, z).reduce(0) { $0 + $1.0 * $1.1 }
    outcome.loss += factor * score * score / 2
    for d in 0..<size {
      gradient.weight.storage[d] += factor * score * z[position * size + d]
      outcome.dLatents.storage[position * size + d] =
        (fault == .latentGradient ? 1.01 : 1) * factor * score * weight.storage[d]
    }
    for h in 0..<hidden {
      outcome.loss += factor * batch.contexts.storage[position * hidden + h]
      outcome.dContexts.storage[position * hidden + h] = fault == .contextGradient ? 0 : factor
    }
  }
}
