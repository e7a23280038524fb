import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct KMeansTests {
  private struct Reference: Decodable {
    struct Case: Decodable {
      var rows, start, centers: [[Double]]
      var assignments: [Int]
      var inertia: Double
    }
    var kmeans: [Case]
  }

  private static func matrix(_ rows: [[Double]]) -> Tensor<Double> {
    Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count])
  }

  /// Against `Tools/Reference/ClusterAgreement.py`.
  @Test func agreesWithScikitLearn() throws {
    for item in try golden("ClusterAgreement.json", as: Reference.self).kmeans {
      let found = KMeans(Self.matrix(item.rows), from: Self.matrix(item.start))
      #expect(found.assignments == item.assignments)
      #expect(abs(found.inertia - item.inertia) < 1e-9 * item.inertia)
      #expect(Golden.mismatch(found.centers, Self.matrix(item.centers), tolerance: 1e-12) == nil)
      #expect(found.hasConverged)
    }
  }

  /// Rows around five far corners, found from any seed.
  @Test(arguments: [1, 2, 3, 4]) func findsSeparatedGroups(seed: UInt64) {
    let noise: Tensor<Double> = randomTensor([100, 5], seed: seed)
    var rows = noise
    for row in 0..<100 { rows.storage[row * 5 + row % 5] += 40 }
    var random = RandomSource(seed: seed)
    let found = KMeans(rows, clusters: 5, starts: 4, random: &random)
    #expect(Set(found.assignments).count == 5)
    for row in 0..<100 { #expect(found.assignments[row] == found.assignments[row % 5]) }
    #expect(found.counts == [20, 20, 20, 20, 20])
    #expect(found.inertia < 600)
  }

  @Test func everyRowIsAtItsNearestCentreAndCentresAreMeans() {
    let rows: Tensor<Double> = randomTensor([300, 4], seed: 9)
    var random = RandomSource(seed: 1)
    let found = KMeans(rows, clusters: 9, iterations: 500, random: &random)
    #expect(found.hasConverged)
    var sums = Tensor<Double>(zeros: [9, 4])
    for row in 0..<300 {
      let distances = (0..<9).map { k in
        (0..<4).reduce(0.0) { $0 + pow(rows.storage[row * 4 + $1] - found.centers.storage[k * 4 + $1], 2) }
      }
      let best = distances.indices.min { distances[$0] < distances[$1] }
      #expect(best == found.assignments[row])
      #expect(abs(found.squaredDistances[row] - distances[best!]) < 1e-12)
      for d in 0..<4 { sums.storage[found.assignments[row] * 4 + d] += rows.storage[row * 4 + d] }
    }
    for k in 0..<9 {
      for d in 0..<4 {
        let mean = sums.storage[k * 4 + d] / Double(found.counts[k])
        #expect(abs(found.centers.storage[k * 4 + d] - mean) < 1e-12)
      }
    }
  }

  @Test func threadsAndRepetitionChangeNothing() {
    let rows: Tensor<Float> = randomTensor([1000, 6], seed: 4)
    let found = [1, 2, 3, 1].map { threads -> KMeans<Float> in
      var random = RandomSource(seed: 6)
      return KMeans(rows, clusters: 12, starts: 2, threads: threads, random: &random)
    }
    for other in found.dropFirst() { #expect(other == found[0]) }
  }

  /// Two centres that begin at the same place: the second one gets no rows and takes the farthest.
  @Test func anEmptyClusterTakesTheFarthestRow() {
    let rows = Tensor<Double>([0, 0.1, 0.2, 9], shape: [4, 1])
    let found = KMeans(rows, from: Tensor([0.1, 0.1], shape: [2, 1]))
    #expect(found.assignments == [0, 0, 0, 1])
  }

  @Test func identicalRowsAndMoreClustersThanRowsAreFinite() {
    var random = RandomSource(seed: 2)
    let same = KMeans(Tensor<Float>(repeating: 0.3, shape: [6, 4]), clusters: 3, random: &random)
    #expect(same.centers.isFinite && same.inertia < 1e-6)
    let few = KMeans(randomTensor([2, 4], seed: 1, as: Float.self), clusters: 5, random: &random)
    #expect(few.centers.isFinite && few.inertia < 1e-6 && few.counts.reduce(0, +) == 2)
  }
}
