import NeuralNet
import Support

/// Predictions of CPC: one matrix W_k for each step ahead, all in one product.
///
///     p_k(t) = W_k c_t        f_k(x_{t+k}, c_t) = z_{t+k} . p_k(t)
///
/// (Oord et al. 2018, equation 3, without the exponential, which the softmax brings.) W is `[K * D, H]`, W_k its rows
/// `(k - 1) * D ..< k * D`, uniform on +-1/sqrt(H) at first. No bias.
package struct BilinearScorer<Scalar: TensorScalar>: Parameterized, Sendable, Equatable {
  /// `[K * D, H]`.
  package var weight: Tensor<Scalar>
  package let stepsAhead: Int

  @specialized(where Scalar == Float)
  package init(latentSize: Int, contextSize: Int, stepsAhead: Int, random: inout RandomSource) {
    let bound = 1 / Double(contextSize).squareRoot()
    let values = (0..<stepsAhead * latentSize * contextSize).map { _ in
      Scalar(random.uniform(in: -bound...bound))
    }
    self.init(weight: Tensor(values, shape: [stepsAhead * latentSize, contextSize]), stepsAhead: stepsAhead)
  }

  /// - `weight`: `[K * D, H]`.
  @specialized(where Scalar == Float)
  package init(weight: Tensor<Scalar>, stepsAhead: Int) {
    precondition(
      weight.rank == 2 && stepsAhead > 0 && weight.shape[0] % stepsAhead == 0,
      "weight \(weight.shape) is not [K * D, H] for K = \(stepsAhead)")
    self.weight = weight
    self.stepsAhead = stepsAhead
  }

  package var latentSize: Int { weight.shape[0] / stepsAhead }
  package var contextSize: Int { weight.shape[1] }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "weight"), .weight, &weight)
  }
}
