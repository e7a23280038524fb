/// Stochastic gradient descent with momentum and weight decay.
///
///     d = g + weightDecay p
///     v = momentum v + d
///     p = p - learningRate (nesterov ? d + momentum v : v)
///
/// Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013. Departure, as
/// in PyTorch: the learning rate multiplies the velocity and is no part of it, so a change of rate acts at once.
package struct SGD<Scalar: TensorScalar>: Optimizer, Equatable {
  /// In [0, 1).
  package var momentum: Double
  /// Decay towards zero as a part of the gradient, per unit of learning rate; at least 0.
  package var weightDecay: Double
  package var nesterov: Bool
  /// Whether tensors of the role ``ParameterRole/bias`` decay too.
  package var decaysBiases: Bool
  package var stepCount = 0
  private var velocity = OptimizerMoments<Scalar>()

  package init(
    momentum: Double = 0, weightDecay: Double = 0, nesterov: Bool = false, decaysBiases: Bool = true
  ) {
    precondition((0..<1).contains(momentum), "momentum \(momentum) is not in 0 ..< 1")
    precondition(weightDecay >= 0, "weight decay \(weightDecay) is below 0")
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.decaysBiases = decaysBiases
  }

  package mutating func prepare<M: Parameterized>(for model: M) where M.Scalar == Scalar {
    velocity = OptimizerMoments(zerosFor: model)
  }

  package mutating func update<M: Parameterized>(_ model: inout M, along gradient: M, learningRate: Double)
  where M.Scalar == Scalar {
    if velocity.isEmpty { prepare(for: model) }
    stepCount += 1
    model.walkTrained(along: gradient) { index, role, tensor, gradient in
      let decay = role == .weight || decaysBiases ? weightDecay : 0
      Scalar.sgdUpdate(
        tensor.count, &tensor.storage, gradient.storage, v: &velocity.tensors[index].storage,
        rate: Scalar(learningRate), momentum: Scalar(momentum), decay: Scalar(decay), nesterov: nesterov)
    }
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try velocity.visit(join(path, "velocity"), body)
  }
}
