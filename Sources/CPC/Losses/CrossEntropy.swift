import NeuralNet

/// Softmax cross-entropy, `-log softmax(x)_c`, mean over the rows.
package enum CrossEntropy {
  /// - Parameters:
  ///   - logits: `[row, class]`.
  ///   - classes: index of each row's class.
  /// - Returns: the loss and `dL / dlogits = (softmax - onehot) / rows`.
  package static func evaluate<Scalar: TensorScalar>(
    _ logits: Tensor<Scalar>, _ classes: [Int]
  ) -> (loss: Double, dLogits: Tensor<Scalar>) {
    precondition(
      logits.rank == 2 && logits.shape[0] == classes.count,
      "logits \(logits.shape) with \(classes.count) classes do not match")
    let width = logits.shape[1]
    precondition(
      classes.allSatisfy { (0..<width).contains($0) }, "a class of \(classes) has no logit among \(width)")
    let share = 1 / Scalar(max(classes.count, 1))
    var (dLogits, logSumExp) = logits.softmax()
    dLogits.scale(by: share)
    var loss = 0.0
    for (row, truth) in classes.enumerated() {
      let place = row * width + truth
      loss += Double(logSumExp.storage[row]) - Double(logits.storage[place])
      dLogits.storage[place] -= share
    }
    return (loss / Double(max(classes.count, 1)), dLogits)
  }
}
