/// Layer-wise adaptive rate scaling, for large batches.
///
///     d = g + weightDecay p
///     q = trust |p| / (|g| + weightDecay |p|)       for weights; 1 for biases, and where |p| or |g| is 0
///     v = momentum v + q d
///     p = p - learningRate v
///
/// You, Gitman and Ginsburg, "Large batch training of convolutional networks", 2017 (arXiv:1708.03888), algorithm 1.
/// Departures, as in SimCLR (Chen et al., ICML 2020): biases, scales and shifts neither adapt nor decay, and the learning
/// rate multiplies the velocity instead of being a part of it.
package struct LARS<Scalar: TensorScalar>: Optimizer, Equatable {
  /// In [0, 1).
  package var momentum: Double
  /// At least 0.
  package var weightDecay: Double
  /// The size of a step relative to the size of the tensor, per unit of learning rate; above 0.
  package var trust: Double
  package var stepCount = 0
  private var velocity = OptimizerMoments<Scalar>()

  package init(momentum: Double = 0.9, weightDecay: Double = 1e-6, trust: Double = 1e-3) {
    precondition((0..<1).contains(momentum), "momentum \(momentum) is not in 0 ..< 1")
    precondition(weightDecay >= 0, "weight decay \(weightDecay) is below 0")
    precondition(trust > 0, "trust \(trust) is not above 0")
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.trust = trust
  }

  package mutating func prepare<M: Parameterized>(for model: M) where M.Scalar == Scalar {
    velocity = OptimizerMoments(zerosFor: model)
  }

  package mutating func update<M: Parameterized>(_ model: inout M, along gradient: M, learningRate: Double)
  where M.Scalar == Scalar {
    if velocity.isEmpty { prepare(for: model) }
    stepCount += 1
    model.walkTrained(along: gradient) { index, role, tensor, gradient in
      var direction = gradient
      if role == .weight {
        let q = localRate(tensor, gradient)
        direction = Tensor.combine(Scalar(q), gradient, Scalar(q * weightDecay), tensor)
      }
      Scalar.sgdUpdate(
        tensor.count, &tensor.storage, direction.storage, v: &velocity.tensors[index].storage,
        rate: Scalar(learningRate), momentum: Scalar(momentum), decay: 0, nesterov: false)
    }
  }

  /// q of the formula.
  private func localRate(_ tensor: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> Double {
    let size = Double(tensor.squaredNorm).squareRoot()
    let slope = Double(gradient.squaredNorm).squareRoot()
    return size > 0 && slope > 0 ? trust * size / (slope + weightDecay * size) : 1
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try velocity.visit(join(path, "velocity"), body)
  }
}
