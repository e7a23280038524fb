import Foundation
import NeuralNet

extension BilinearScorer where Scalar == Float {
  /// How badly the contexts of each sequence predict what comes next, in nats above chance.
  ///
  ///     surprise = mean over (t, k) of -log( exp(z_{t+k} . W_k c_t) / sum over j of exp(z_j . W_k c_t) ) - log L
  ///
  /// z `[row, L, D]`, c `[row, L, H]`; t runs over 0 ..< L - K, and j over all L steps of the same sequence: the InfoNCE
  /// loss with every latent of the sequence as a candidate, so that nothing is drawn and a recording has one value.
  /// Below 0 the sequence is predictable, at 0 it is not, above 0 the model expects something else than it hears.
  package func surprise(latents z: Tensor<Float>, contexts c: Tensor<Float>) -> [Double] {
    precondition(
      z.rank == 3 && c.rank == 3 && z.shape[0] == c.shape[0] && z.shape[1] == c.shape[1]
        && z.shape[2] == latentSize && c.shape[2] == contextSize,
      "latents \(z.shape) and contexts \(c.shape) do not fit a scorer of \(latentSize) x \(contextSize)")
    let steps = z.shape[1]
    let anchors = steps - stepsAhead
    precondition(anchors > 0, "\(steps) steps leave nothing to predict \(stepsAhead) steps ahead")
    return (0..<z.shape[0]).map { row in
      let latents = z.outer(row..<row + 1).reshaped([steps, latentSize])
      let contexts = c.outer(row..<row + 1).reshaped([steps, contextSize]).outer(0..<anchors)
      // [anchor, K D] is [anchor K, D] in memory: row a K + k predicts step a + 1 + k.
      let predictions = Tensor.product(contexts, weight, transposeB: true)
        .reshaped([anchors * stepsAhead, latentSize])
      let scores = Tensor.product(predictions, latents, transposeB: true).storage
      var sum = 0.0
      for prediction in 0..<anchors * stepsAhead {
        let target = prediction / stepsAhead + 1 + prediction % stepsAhead
        sum += Self.crossEntropy(scores[prediction * steps..<(prediction + 1) * steps], target: target)
      }
      return sum / Double(anchors * stepsAhead) - log(Double(steps))
    }
  }

  private static func crossEntropy(_ scores: ArraySlice<Float>, target: Int) -> Double {
    let highest = Double(scores.max() ?? 0)
    let sum = scores.reduce(0.0) { $0 + exp(Double($1) - highest) }
    return highest + log(sum) - Double(scores[scores.startIndex + target])
  }
}
