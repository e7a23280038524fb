import NeuralNet

/// Cross-correlation of two views against the identity.
///
///     L = sum_i (1 - C_ii)^2 + lambda sum_{i != j} C_ij^2        C = Z_A^T Z_B / B
///
/// Z are the views standardised over the batch, each component to mean 0 and variance 1, without scale and shift.
/// Zbontar et al. 2021 (arXiv 2103.03230), equations 1 and 2, the variance with 1e-5 added as in their program.
package struct BarlowTwinsLoss: Sendable, Equatable {
  /// lambda.
  package var redundancyWeight: Double

  package init(redundancyWeight: Double = 0.0051) {
    precondition(redundancyWeight >= 0, "lambda must not be negative, found \(redundancyWeight)")
    self.redundancyWeight = redundancyWeight
  }

  package struct Outcome<Scalar: TensorScalar>: Sendable {
    package var loss: Double
    /// The part of the diagonal.
    package var invariance: Double
    /// The part off the diagonal, with lambda.
    package var redundancy: Double
    package var dA: Tensor<Scalar>
    package var dB: Tensor<Scalar>
  }

  /// - Parameters a, b: `[B, channel]`, the same windows in two views; B at least 2.
  package func callAsFunction<Scalar: TensorScalar>(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
  ) -> Outcome<Scalar> {
    precondition(a.rank == 2 && a.shape == b.shape, "views of shapes \(a.shape) and \(b.shape) do not match")
    let size = a.columns
    let share = 1 / Scalar(a.rows)
    var standardize = BatchStandardize<Scalar>(size, affine: false)
    var context = ForwardContext.inference
    context.mode = .training
    let (za, cacheA) = standardize.forward(a, &context)
    let (zb, cacheB) = standardize.forward(b, &context)
    var correlation = Tensor<Scalar>.product(za, transposeA: true, zb)
    correlation.scale(by: share)
    // dL/dC_ij = 2 lambda C_ij, and on the diagonal -2 (1 - C_ii).
    var dCorrelation = Scalar(2 * redundancyWeight) * correlation
    var (invariance, diagonal) = (0.0, 0.0)
    for place in stride(from: 0, to: size * size, by: size + 1) {
      let own = Double(correlation.storage[place])
      invariance += (1 - own) * (1 - own)
      diagonal += own * own
      dCorrelation.storage[place] = Scalar(2 * (own - 1))
    }
    let redundancy = redundancyWeight * max(0, Double(correlation.squaredNorm) - diagonal)
    dCorrelation.scale(by: share)
    let dA = standardize.backward(
      .product(zb, dCorrelation, transposeB: true), cacheA, into: &standardize)
    let dB = standardize.backward(.product(za, dCorrelation), cacheB, into: &standardize)
    return Outcome(
      loss: invariance + redundancy, invariance: invariance, redundancy: redundancy, dA: dA, dB: dB)
  }
}
