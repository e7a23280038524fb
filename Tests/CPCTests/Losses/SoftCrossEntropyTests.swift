import Foundation
import NeuralNet
import TestSupport
import Testing

@testable import CPC

@Suite struct SoftCrossEntropyTests {
  @Test(arguments: [[0.3], [0.1, 0.5, 1, 2, 0.7]]) func agreesWithItsDefinitionAndDifferences(
    temperatures: [Double]
  ) {
    let scores: Tensor<Double> = randomTensor([4, 5], seed: 2)
    let targets = randomTensor([4, 5], seed: 3, as: Double.self).mapped(.exp)
    let (loss, dScores) = SoftCrossEntropy.evaluate(scores, targets, temperatures: temperatures)
    var expected = 0.0
    for row in 0..<4 {
      let logits = (0..<5).map {
        scores.storage[row * 5 + $0] / temperatures[temperatures.count == 1 ? 0 : $0]
      }
      let total = logits.reduce(0) { $0 + exp($1) }
      for k in 0..<5 { expected -= targets.storage[row * 5 + k] * log(exp(logits[k]) / total) / 4 }
    }
    #expect(abs(loss - expected) < 1e-12 * expected)
    #expect(
      GradientCheck().failures(of: dScores, at: scores, name: "scores") {
        SoftCrossEntropy.evaluate($0, targets, temperatures: temperatures).loss
      } == [])
  }

  @Test func anExcludedCandidateHasNoShare() {
    let scores = Tensor<Float>([1, Float(SoftCrossEntropy.excluded), 2], shape: [1, 3])
    let target: Tensor<Float> = SoftCrossEntropy.oneHot([2], columns: 3)
    let (loss, dScores) = SoftCrossEntropy.evaluate(scores, target, temperatures: [1])
    #expect(abs(loss - log(1 + exp(-1))) < 1e-6)
    #expect(abs(dScores.storage[1]) < 1e-30 && dScores.isFinite)
  }
}
