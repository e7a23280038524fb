import Foundation
import NeuralNet

/// Soft assignments of rows to prototypes under the constraint that every prototype gets the same share.
///
///     Q = diag(u) exp(S / epsilon) diag(v),  columns of Q summing to B / K and rows to 1
///
/// S `[B, K]` are scores, Q `[B, K]` codes. Each of the iterations of Sinkhorn and Knopp first scales the prototypes to equal
/// shares, then the rows to sum 1; after a few of them the rows sum to 1 and the shares are nearly equal. It solves max over Q
/// of tr(Q^T S) + epsilon H(Q) (Cuturi, "Sinkhorn distances", NeurIPS 2013; Caron et al. 2020, arXiv 2006.09882, equations
/// 3 to 5: epsilon 0.05, 3 iterations). The matrix is scaled by vectors only, so an iteration is two matrix-vector products.
package struct Sinkhorn: Sendable, Equatable {
  package let epsilon: Double
  package let iterations: Int

  package init(epsilon: Double = 0.05, iterations: Int = 3) {
    precondition(
      epsilon > 0 && iterations > 0, "\(iterations) iterations at epsilon \(epsilon): both must be positive")
    self.epsilon = epsilon
    self.iterations = iterations
  }

  /// Codes `[B, K]` of finite scores `[B, K]`; no gradient passes them.
  package func codes<Scalar: TensorScalar>(_ scores: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(scores.rank == 2, "scores \(scores.shape) are not [row, prototype]")
    let (rows, columns) = (scores.rows, scores.columns)
    guard rows > 0, columns > 0 else { return scores }
    // One shift for all entries cancels in the scaling; one a row would not after finitely many iterations.
    let highest = scores.storage.max() ?? 0
    let shifted = Tensor(scores.storage.map { ($0 - highest) / Scalar(epsilon) }, shape: scores.shape)
    var plan = shifted.mapped(.exp)
    // A prototype or row far below the highest score would sum to nothing and be divided by it.
    let least = Scalar.leastNormalMagnitude.squareRoot()
    for index in plan.storage.indices { plan.storage[index] = max(plan.storage[index], least) }
    var u = Tensor<Scalar>(repeating: 1, shape: [rows, 1])
    var v = u
    for _ in 0..<iterations {
      v = Self.reciprocal(Tensor.product(plan, transposeA: true, u), scale: Scalar(rows) / Scalar(columns))
      u = Self.reciprocal(Tensor.product(plan, v), scale: 1)
    }
    for row in 0..<rows {
      for column in 0..<columns {
        plan.storage[row * columns + column] *= u.storage[row] * v.storage[column]
      }
    }
    return plan
  }

  private static func reciprocal<Scalar: TensorScalar>(
    _ sums: Tensor<Scalar>, scale: Scalar
  ) -> Tensor<Scalar> {
    Tensor(sums.storage.map { scale / $0 }, shape: sums.shape)
  }
}
