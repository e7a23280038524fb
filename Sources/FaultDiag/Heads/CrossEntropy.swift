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
    var (loss, dLogits) = (0.0, logits)
    let width = logits.shape[1]
    for (row, truth) in classes.enumerated() {
      let x = logits.storage[row * width..<(row + 1) * width].map { Double($0) }
      let total = Softmax.logSumExp(x)
      loss += total - x[truth]
      for (c, probability) in Softmax.probabilities(x).enumerated() {
        dLogits.storage[row * width + c] = Scalar(
          (probability - (c == truth ? 1 : 0)) / Double(classes.count))
      }
    }
    return (loss / Double(max(classes.count, 1)), dLogits)
  }
}
