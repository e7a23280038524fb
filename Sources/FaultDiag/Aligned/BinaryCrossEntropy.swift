import Foundation
import NeuralNet

/// Binary cross-entropy of logits, each element a question of its own.
///
///     L = mean_i [max(x_i, 0) - x_i y_i + log(1 + exp(-|x_i|))],   dL/dx_i = (sigmoid(x_i) - y_i) / n
///
/// The form that does not overflow for logits of either sign.
package enum BinaryCrossEntropy {
  /// Mean loss in nats and its gradient; `targets` in 0...1, of the logits' shape.
  package static func evaluate<Scalar: TensorScalar>(
    logits: Tensor<Scalar>, targets: Tensor<Scalar>
  ) -> (loss: Double, dLogits: Tensor<Scalar>) {
    precondition(
      logits.shape == targets.shape, "logits of shape \(logits.shape), targets of \(targets.shape)")
    var loss = 0.0
    var gradient = logits
    for i in 0..<logits.count {
      let x = Double(logits.storage[i])
      let y = Double(targets.storage[i])
      let small = exp(-abs(x))
      loss += max(x, 0) - x * y + log1p(small)
      let probability = x >= 0 ? 1 / (1 + small) : small / (1 + small)
      gradient.storage[i] = Scalar((probability - y) / Double(logits.count))
    }
    return (loss / Double(max(1, logits.count)), gradient)
  }
}
