import Foundation
import NeuralNet

/// Contrast between clusters: each column of the soft assignments of one view is near the same column of the other view and
/// far from all others, and no cluster takes all.
///
///     contrast  = NT-Xent over the 2 K columns of P_A and P_B, P_v = softmax(logits of view v)
///     imbalance = (log K - H(p_A)) + (log K - H(p_B)),  p_v = mean row of P_v,  H in nats
///
/// Li et al. 2022, arXiv 2210.11680, equations 6 to 8. Columns `[B]` are brought to unit length.
package enum ClusterContrast {
  package struct Outcome<Scalar: TensorScalar>: Sendable {
    package var contrast: Double
    /// At least 0; 2 log K where one cluster takes all.
    package var imbalance: Double
    /// Of the sum of both, `[2 B, K]`.
    package var dLogits: Tensor<Scalar>
  }

  /// - `logits`: `[2 B, K]`, view after view.
  package static func evaluate<Scalar: TensorScalar>(
    _ logits: Tensor<Scalar>, temperature: Double
  ) -> Outcome<Scalar> {
    let (windows, clusters) = (logits.rows / 2, logits.columns)
    let p = logits.softmax().probabilities
    let views = [0..<windows, windows..<2 * windows]
    let columns = Tensor.concatenated(views.map { p.outer($0).transposed() }, axis: 0)
    let unit = UnitLength<Scalar>()
    var (none, context) = (unit, ForwardContext.inference)
    let (y, cache) = unit.forward(columns, &context)
    let pairs = RowContrast.evaluate(y, .views(windows: clusters, views: 2), temperature: temperature)
    let dColumns = unit.backward(pairs.dCandidates, cache, into: &none)
    var imbalance = 0.0
    let parts = views.enumerated().map { view, rows -> Tensor<Scalar> in
      var dp = dColumns.outer(view * clusters..<(view + 1) * clusters).transposed()
      imbalance += addImbalance(p.outer(rows), to: &dp)
      return dp
    }
    return Outcome(
      contrast: pairs.loss, imbalance: imbalance,
      dLogits: backwardOfSoftmax(Tensor.concatenated(parts, axis: 0), p))
  }

  /// log K - H(p) of one view's assignments `[B, K]`; adds d/dP_bk = (log p_k + 1) / B.
  private static func addImbalance<Scalar: TensorScalar>(
    _ p: Tensor<Scalar>, to dp: inout Tensor<Scalar>
  ) -> Double {
    let (rows, clusters) = (p.rows, p.columns)
    // The least number keeps the slope finite where a cluster has vanished: x log x is 0 there.
    let shares = p.columnSums.storage.map {
      max(Double($0) / Double(rows), Double(Scalar.leastNormalMagnitude))
    }
    for index in dp.storage.indices {
      dp.storage[index] += Scalar((log(shares[index % clusters]) + 1) / Double(rows))
    }
    return log(Double(clusters)) + shares.reduce(0) { $0 + $1 * log($1) }
  }

  /// dL/dx = p (dL/dp - sum_k p_k dL/dp_k) in each row.
  private static func backwardOfSoftmax<Scalar: TensorScalar>(
    _ dp: Tensor<Scalar>, _ p: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    var dx = dp.multiplied(by: p)
    let columns = p.columns
    for row in 0..<p.rows {
      let range = row * columns..<(row + 1) * columns
      let mean = dx.storage[range].reduce(0, +)
      for index in range { dx.storage[index] -= mean * p.storage[index] }
    }
    return dx
  }
}
