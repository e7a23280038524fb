import Support

/// What a forward pass may depend on besides its input: the mode and the source of randomness.
package struct ForwardContext: Sendable {
  package enum Mode: Sendable { case training, inference }
  package var mode: Mode
  package var random: RandomSource

  package init(mode: Mode, random: RandomSource) {
    self.mode = mode
    self.random = random
  }

  /// Inference draws nothing, so its source is a constant.
  package static var inference: ForwardContext {
    ForwardContext(mode: .inference, random: RandomSource(seed: 0))
  }
}

/// A differentiable map from tensor to tensor with trained tensors of its own.
///
/// `backward` beneath `forward`, with the same names and `d` before what is differentiated. It **adds** to
/// `gradient`, which is a value of the layer's own type, and returns the gradient of the input.
package protocol Layer<Scalar>: Parameterized, Sendable {
  /// What `forward` keeps for `backward`.
  associatedtype Cache: Sendable

  func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (output: Tensor<Scalar>, cache: Cache)
  func backward(_ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Self) -> Tensor<Scalar>

  /// Takes up what a training forward pass observed, such as the batch's statistics. A forward pass changes
  /// nothing itself; the trainer calls this once a batch, in a fixed order of its parts. Most layers have nothing
  /// to take up; a layer made of layers passes the call on.
  mutating func absorb(_ cache: Cache)
}

extension Layer {
  package mutating func absorb(_ cache: Cache) {}

  /// The output in inference mode, without what backward would need.
  package func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    var context = ForwardContext.inference
    return forward(x, &context).output
  }
}
