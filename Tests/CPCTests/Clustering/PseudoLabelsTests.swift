import Foundation
import NeuralNet
import TestSupport
import Testing

@testable import CPC

@Suite struct PseudoLabelsTests {
  /// Rows whose probability of cluster `c` is `p`, the rest even.
  private static func rows(_ sure: [(cluster: Int, probability: Double)], clusters: Int) -> Tensor<Double> {
    let values = sure.flatMap { item in
      (0..<clusters).map {
        $0 == item.cluster ? item.probability : (1 - item.probability) / Double(clusters - 1)
      }
    }
    return Tensor(values, shape: [sure.count, clusters])
  }

  @Test func theSurestOfEachClusterAreLabelled() {
    // ceil(0.5 * 8 / 3) = 2 new labels a cluster.
    let p = Self.rows(
      [(0, 0.995), (0, 0.999), (0, 0.992), (1, 0.98), (1, 0.991), (2, 0.6), (2, 0.999), (0, 0.5)], clusters: 3
    )
    let none = [Int?](repeating: nil, count: 8)
    #expect(PseudoLabels().select(p, before: none) == [0, 0, nil, nil, 1, nil, 2, nil])
  }

  @Test func aLabelIsKeptWhileSureAndDroppedBelow() {
    let p = Self.rows([(0, 0.995), (1, 0.995), (0, 0.98), (1, 0.999)], clusters: 2)
    // The first keeps a label that is no longer its best cluster, the third loses its own.
    #expect(PseudoLabels().select(p, before: [1, nil, 0, nil]) == [1, nil, nil, 1])
  }

  @Test(arguments: [[0, nil, 0, 2, 0], [1, 1, 1, 1, 1], [nil, nil, 2, nil, nil]] as [[Int?]])
  func crossEntropyAgreesWithItsDefinitionAndDifferences(labels: [Int?]) {
    let logits: Tensor<Double> = randomTensor([5, 3], seed: 3)
    let used = labels.compactMap { $0 }
    var (sum, weights) = (0.0, 0.0)
    for (row, label) in labels.enumerated() {
      guard let label else { continue }
      let weight = Double(used.count) / Double(used.filter { $0 == label }.count)
      let x = (0..<3).map { logits.storage[row * 3 + $0] }
      sum += weight * (log(x.reduce(0) { $0 + exp($1) }) - x[label])
      weights += weight
    }
    let (loss, dLogits) = PseudoLabels.crossEntropy(logits, labels)
    #expect(abs(loss - sum / weights) < 1e-13)
    #expect(
      GradientCheck().failures(of: dLogits, at: logits, name: "logits") {
        PseudoLabels.crossEntropy($0, labels).loss
      } == [])
  }

  @Test func withoutLabelsThereIsNothingToLearn() {
    let (loss, dLogits) = PseudoLabels.crossEntropy(Tensor<Float>(repeating: 3, shape: [2, 2]), [nil, nil])
    #expect(loss == 0 && dLogits.storage.allSatisfy { $0 == 0 })
  }
}
