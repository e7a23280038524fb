/// Adam with decay apart from the gradient: an ``Adam`` whose ``Adam/decay`` is ``Adam/Decay/decoupled``.
package struct AdamW<Scalar: TensorScalar>: Optimizer, Equatable {
  /// The optimizer that does the work; its settings may change between steps.
  package var adam: Adam<Scalar>

  /// `decaysBiases: false` spares biases and the scales and shifts of normalisations.
  package init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01,
    decaysBiases: Bool = true
  ) {
    adam = Adam(
      beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decay: .decoupled,
      decaysBiases: decaysBiases)
  }

  package var stepCount: Int {
    get { adam.stepCount }
    set { adam.stepCount = newValue }
  }

  package mutating func prepare<M: Parameterized>(for model: M) where M.Scalar == Scalar {
    adam.prepare(for: model)
  }

  package mutating func update<M: Parameterized>(_ model: inout M, along gradient: M, learningRate: Double)
  where M.Scalar == Scalar {
    adam.update(&model, along: gradient, learningRate: learningRate)
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try adam.visit(path, body)
  }
}
