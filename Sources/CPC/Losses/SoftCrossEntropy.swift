import NeuralNet

/// Cross-entropy between given distributions and the softmax of scores at a temperature.
///
///     loss = mean over rows r of -sum_k q_rk log( exp(s_rk / tau) / sum_j exp(s_rj / tau) )
///
/// s, q `[row, K]`. With q one at a single place it is InfoNCE over the row's candidates. A candidate is left out of a row by
/// the score ``excluded``.
package enum SoftCrossEntropy {
  /// A score so low that the candidate has no share in a softmax, yet finite.
  package static var excluded: Double { -1e30 }

  /// - `temperatures`: one for all candidates, or one for each.
  /// - Returns: the loss and dL/ds `= (p sum_k q_rk - q) / (rows tau)`.
  package static func evaluate<Scalar: TensorScalar>(
    _ scores: Tensor<Scalar>, _ targets: Tensor<Scalar>, temperatures: [Double]
  ) -> (loss: Double, dScores: Tensor<Scalar>) {
    let (rows, columns) = (scores.rows, scores.columns)
    precondition(
      scores.shape == targets.shape && (temperatures.count == 1 || temperatures.count == columns),
      "scores \(scores.shape), targets \(targets.shape) and \(temperatures.count) temperatures do not match")
    guard rows > 0 else { return (0, scores) }
    let inverse = (0..<columns).map { 1 / Scalar(temperatures[temperatures.count == 1 ? 0 : $0]) }
    var logits = scores
    for row in 0..<rows {
      for k in 0..<columns { logits.storage[row * columns + k] *= inverse[k] }
    }
    let (probabilities, logSumExp) = logits.softmax()
    var dScores = probabilities
    var loss = 0.0
    for row in 0..<rows {
      var mass = Scalar(0)
      for index in row * columns..<(row + 1) * columns { mass += targets.storage[index] }
      for k in 0..<columns {
        let index = row * columns + k
        let target = targets.storage[index]
        if target != 0 { loss += Double(target) * Double(logSumExp.storage[row] - logits.storage[index]) }
        dScores.storage[index] = (mass * probabilities.storage[index] - target) * inverse[k] / Scalar(rows)
      }
    }
    return (loss / Double(rows), dScores)
  }

  /// `[rows, columns]` with a one at `places[row]` of each row.
  package static func oneHot<Scalar: TensorScalar>(_ places: [Int], columns: Int) -> Tensor<Scalar> {
    var result = Tensor<Scalar>(zeros: [places.count, columns])
    for (row, place) in places.enumerated() { result.storage[row * columns + place] = 1 }
    return result
  }
}
