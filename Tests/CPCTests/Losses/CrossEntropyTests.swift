import Foundation
import NeuralNet
import TestSupport
import Testing

@testable import CPC

@Suite struct CrossEntropyTests {
  @Test func equalLogitsCostTheLogOfTheClasses() {
    let result = CrossEntropy.evaluate(Tensor<Double>(zeros: [3, 4]), [0, 1, 3])
    #expect(close(result.loss, log(4)))
    #expect(close(result.dLogits.storage[0], -0.25) && close(result.dLogits.storage[1], 1.0 / 12))
  }

  @Test func gradientAgreesWithCentralDifferences() {
    let logits = Tensor<Double>([0.3, -1, 2, 0.7, 1.1, -0.4], shape: [2, 3])
    let gradient = CrossEntropy.evaluate(logits, [2, 0]).dLogits
    for i in 0..<6 {
      var (up, down) = (logits, logits)
      up.storage[i] += 1e-5
      down.storage[i] -= 1e-5
      let numeric =
        (CrossEntropy.evaluate(up, [2, 0]).loss - CrossEntropy.evaluate(down, [2, 0]).loss) / 2e-5
      #expect(close(gradient.storage[i], numeric, 1e-8))
    }
  }

  @Test func hugeLogitsStayFinite() {
    let result = CrossEntropy.evaluate(Tensor<Float>([1e30, -1e30], shape: [1, 2]), [1])
    #expect(result.loss.isFinite && result.dLogits.storage.allSatisfy(\.isFinite))
  }
}
