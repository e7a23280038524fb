import Foundation
import NeuralNet
import Testing

@testable import CPC

@Suite struct RepresentationStatisticsTests {
  static func statistics(_ latents: Tensor<Float>) -> RepresentationStatistics {
    RepresentationStatistics(
      Representations(
        latents: latents, contexts: Tensor(zeros: [latents.shape[0], latents.shape[1], 1]),
        recordings: Array(0..<latents.shape[0])))
  }

  @Test func oneDirectionHasRankOne() {
    var latents = Tensor<Float>(zeros: [2, 8, 4])
    for row in 0..<16 { latents.storage[row * 4 + 1] = Float(row + 1) }
    let s = Self.statistics(latents)
    #expect(abs(s.effectiveRank - 1) < 1e-9)
    // All on one ray: neighbours coincide and so do all pairs.
    #expect(abs(s.alignment) < 1e-12 && abs(s.uniformity) < 1e-12)
  }

  @Test func opposedNeighboursAreFourApart() {
    var latents = Tensor<Float>(zeros: [1, 6, 3])
    for step in 0..<6 { latents.storage[step * 3] = step % 2 == 0 ? 2 : -2 }
    let s = Self.statistics(latents)
    #expect(abs(s.alignment - 4) < 1e-9)
    // 9 of 15 pairs differ: log((6 + 9 exp(-8)) / 15).
    #expect(abs(s.uniformity - log((6 + 9 * exp(-8)) / 15)) < 1e-9)
    #expect(abs(s.deviation - 2 / 3.0.squareRoot()) < 1e-6)
  }

  @Test func independentChannelsHaveFullRank() {
    let s = Self.statistics(randomTensor([16, 16, 5], seed: 1))
    #expect(s.effectiveRank > 4.9 && s.effectiveRank <= 5)
    #expect(abs(s.deviation - 1) < 0.1)
  }

  @Test func eigenvaluesOfAKnownMatrix() {
    // The second difference matrix has eigenvalues 2 - 2 cos(pi k / (n + 1)).
    let n = 9
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      matrix[i * n + i] = 2
      if i + 1 < n {
        matrix[i * n + i + 1] = -1
        matrix[(i + 1) * n + i] = -1
      }
    }
    let found = SymmetricEigenvalues.of(matrix, size: n).sorted()
    for (k, value) in found.enumerated() {
      #expect(abs(value - (2 - 2 * cos(.pi * Double(k + 1) / Double(n + 1)))) < 1e-9)
    }
  }

  @Test func collapseIsToldOnceEachTimeItBegins() {
    var monitor = CollapseMonitor()
    func told(_ rank: Double, deviation: Double = 1) -> Bool {
      let s = RepresentationStatistics(alignment: 0, uniformity: 0, effectiveRank: rank, deviation: deviation)
      return monitor.warning(s, step: 1) != nil
    }
    #expect([20, 30, 7, 5.9, 5.5, 8, 5].map { told($0) } == [false, false, false, true, false, false, true])
    #expect(!told(20) && told(20, deviation: 1e-6))
  }
}

extension RepresentationStatistics {
  init(alignment: Double, uniformity: Double, effectiveRank: Double, deviation: Double) {
    self = RepresentationStatisticsTests.statistics(Tensor(repeating: 1, shape: [1, 2, 1]))
    self.alignment = alignment
    self.uniformity = uniformity
    self.effectiveRank = effectiveRank
    self.deviation = deviation
  }
}
