import Glibc

/// Adam, and AdamW with decay apart from the gradient.
///
///     m = beta1 m + (1 - beta1) g            c1 = 1 - beta1^t
///     v = beta2 v + (1 - beta2) g^2          c2 = 1 - beta2^t
///     p = p - learningRate (m / c1) / (sqrt(v / c2) + epsilon)
///
/// with g + weightDecay p in place of g (``Decay/inGradient``: Adam), or with p = (1 - learningRate weightDecay) p first
/// (``Decay/decoupled``: AdamW).
///
/// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1; Loshchilov and Hutter,
/// "Decoupled weight decay regularization", ICLR 2019, algorithm 2. Departure, as in PyTorch: the learning rate
/// multiplies AdamW's decay.
package struct Adam<Scalar: TensorScalar>: Optimizer, Equatable {
  package enum Decay: String, Sendable, Codable { case inGradient, decoupled }

  /// In [0, 1). May change between steps, as ``LearningRateSchedule/momentum(at:)`` asks for.
  package var beta1: Double
  /// In [0, 1).
  package var beta2: Double
  /// Above 0.
  package var epsilon: Double
  /// At least 0.
  package var weightDecay: Double
  package var decay: Decay
  /// Whether tensors of the role ``ParameterRole/bias`` decay too.
  package var decaysBiases: Bool
  package var stepCount = 0
  private var first = OptimizerMoments<Scalar>()
  private var second = OptimizerMoments<Scalar>()

  package init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    decay: Decay = .inGradient, decaysBiases: Bool = true
  ) {
    precondition(
      (0..<1).contains(beta1) && (0..<1).contains(beta2), "betas \(beta1), \(beta2) are not in 0 ..< 1")
    precondition(epsilon > 0, "epsilon \(epsilon) is not above 0")
    precondition(weightDecay >= 0, "weight decay \(weightDecay) is below 0")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decay = decay
    self.decaysBiases = decaysBiases
  }

  package mutating func prepare<M: Parameterized>(for model: M) where M.Scalar == Scalar {
    first = OptimizerMoments(zerosFor: model)
    second = first
  }

  package mutating func update<M: Parameterized>(_ model: inout M, along gradient: M, learningRate: Double)
  where M.Scalar == Scalar {
    if first.isEmpty { prepare(for: model) }
    stepCount += 1
    let (b1, b2) = (Scalar(beta1), Scalar(beta2))
    // From the rounded betas, with which the moments are made: else c2 of the first steps is off by 1e-5 in Float.
    let c1 = 1 - pow(Double(b1), Double(stepCount))
    let c2 = 1 - pow(Double(b2), Double(stepCount))
    model.walkTrained(along: gradient) { index, role, tensor, gradient in
      let decays = weightDecay > 0 && (role == .weight || decaysBiases)
      var direction = gradient
      if decays && decay == .inGradient { direction.add(tensor, scaledBy: Scalar(weightDecay)) }
      Scalar.adamWUpdate(
        tensor.count, &tensor.storage, direction.storage, m: &first.tensors[index].storage,
        v: &second.tensors[index].storage, rate: Scalar(learningRate), b1: b1, b2: b2,
        epsilon: Scalar(epsilon),
        decay: decays && decay == .decoupled ? Scalar(weightDecay) : 0, c1: Scalar(c1), c2: Scalar(c2))
    }
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try first.visit(join(path, "first_moment"), body)
    try second.visit(join(path, "second_moment"), body)
  }
}
