import NeuralNet
import Support

/// Loss and gradient of an ``AlignedNetwork`` on augmented windows: the fast path of training, beside the plain
/// definition of ``AlignedNetwork/forward(_:_:)`` and ``AlignedNetwork/backward(_:_:into:)``.
///
/// A batch is cut into parts of ``partSize`` windows, which threads work on with workspaces of their own. The cut does not
/// depend on the thread count and the parts' gradients are added in order, so the bytes do not either. What depends on
/// chance is named by numbers that are drawn before the parts begin.
///
/// Not `Sendable`: it owns workspaces and serves one training at a time.
final class AlignedStep {
  /// Small enough that a part's windows stay in a core's cache (0.5 MB with the default shape), large enough for
  /// products of some hundred rows.
  static let partSize = 8

  private let augmentation: AlignedAugmentation
  private let parts: [AlignedStepPart]
  private let threads: Int
  private let bands: Int
  /// That of the mean loss at the last ``evaluate(_:on:rows:random:)``.
  private(set) var gradient: AlignedNetwork<Float>

  init(plan: AlignedPlan, shape: AlignedShape, threads: Int) {
    augmentation = plan.augmentation
    bands = shape.bands
    self.threads = threads
    gradient = AlignedNetwork(zeros: shape, dropout: plan.dropout)
    let count = (plan.batch + Self.partSize - 1) / Self.partSize
    parts = (0..<count).map { _ in
      AlignedStepPart(shape: shape, dropout: plan.dropout, capacity: Self.partSize)
    }
  }

  /// Sets ``gradient`` and returns the mean loss in nats, both of the examples `rows` as the augmentation changes them.
  func evaluate(
    _ network: AlignedNetwork<Float>, on examples: AlignedExamples, rows: [Int], random: inout RandomSource
  ) -> Double {
    let size = Self.partSize
    let count = (rows.count + size - 1) / size
    precondition((1...parts.count).contains(count), "\(rows.count) rows for \(parts.count) parts of \(size)")
    let tasks = (0..<count).map { part in
      let own = Array(rows[part * size..<min((part + 1) * size, rows.count)])
      return AlignedStepPart.Task(
        rows: own, draws: own.map { _ in augmentation.draw(bands: bands, random: &random) },
        linesKey: UInt32(truncatingIfNeeded: random.next()),
        agreementKey: UInt32(truncatingIfNeeded: random.next()), batch: rows.count)
    }
    // Invariant: task i is the only user of part i.
    nonisolated(unsafe) let parts = parts
    let losses = Parallel.map(count, threads: threads) { parts[$0].evaluate(network, examples, tasks[$0]) }
    sumGradients(of: parts[..<count])
    return losses.reduce(0, +)
  }

  private func sumGradients(of parts: ArraySlice<AlignedStepPart>) {
    let tensors: [[Tensor<Float>]] = parts.map { part in part.gradient.parameters.map { $0.tensor } }
    var place = 0
    gradient.visit("") { _, _, tensor in
      tensor.fill(0)
      for part in tensors.indices { tensor.add(tensors[part][place]) }
      place += 1
    }
  }
}
