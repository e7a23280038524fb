import Foundation
import NeuralNet

/// Labels that a model gives to windows it is sure of, to learn from them in turn.
///
/// A window without a label gets the cluster of its highest probability where that is at least the confidence and among the top
/// ceil(share B / K) of the cluster in the batch; a label is kept while the window's highest probability stays at
/// least the confidence, and dropped when it falls below (Li et al. 2022, arXiv 2210.11680, section 3.4: confidence 0.99, share 0.5).
package struct PseudoLabels: Sendable, Equatable {
  package var confidence: Double
  package var share: Double

  package init(confidence: Double = 0.99, share: Double = 0.5) {
    precondition(share >= 0, "a share of \(share)")
    self.confidence = confidence
    self.share = share
  }

  /// - Parameters:
  ///   - probabilities: `[B, K]`.
  ///   - before: labels that the windows had.
  package func select<Scalar: TensorScalar>(_ probabilities: Tensor<Scalar>, before: [Int?]) -> [Int?] {
    let (rows, clusters) = (probabilities.rows, probabilities.columns)
    precondition(before.count == rows, "\(before.count) labels for probabilities \(probabilities.shape)")
    let best = (0..<rows).map { row -> (cluster: Int, probability: Double) in
      var found = (cluster: 0, probability: -1.0)
      for k in 0..<clusters {
        let p = Double(probabilities.storage[row * clusters + k])
        if p > found.probability { found = (k, p) }
      }
      return found
    }
    let limit = Int((share * Double(rows) / Double(clusters)).rounded(.up))
    var result = zip(before, best).map { $1.probability >= confidence ? $0 : nil }
    for cluster in 0..<clusters {
      let candidates = (0..<rows).filter { best[$0].cluster == cluster && best[$0].probability >= confidence }
      // Equally sure windows in the order of the batch.
      let ranked = candidates.sorted { (best[$1].probability, $0) < (best[$0].probability, $1) }
      for row in ranked.prefix(limit) where result[row] == nil { result[row] = cluster }
    }
    return result
  }

  /// Cross-entropy of the labelled rows, each weighted with n / n_k of its label k among the n labelled: every label
  /// weighs the same.
  ///
  ///     loss = sum over labelled b of w_b (-log softmax(logits_b)_k) / sum of w_b
  ///
  /// - `logits`: `[B, K]`.
  /// - Returns: 0 without labelled rows.
  package static func crossEntropy<Scalar: TensorScalar>(
    _ logits: Tensor<Scalar>, _ labels: [Int?]
  ) -> (loss: Double, dLogits: Tensor<Scalar>) {
    let clusters = logits.columns
    var counts = [Double](repeating: 0, count: clusters)
    for case let label? in labels { counts[label] += 1 }
    let used = counts.filter { $0 > 0 }.count
    var targets = Tensor<Scalar>(zeros: logits.shape)
    guard used > 0 else { return (0, targets) }
    // With weights n / n_k their sum is n times the labels in use, so that a row's share is 1 / (n_k used). The
    // cross-entropy below is a mean over all rows, labelled or not.
    for (row, label) in labels.enumerated() {
      if let label {
        targets.storage[row * clusters + label] = Scalar(Double(logits.rows) / (counts[label] * Double(used)))
      }
    }
    let (loss, dLogits) = SoftCrossEntropy.evaluate(logits, targets, temperatures: [1])
    return (loss, dLogits)
  }
}
