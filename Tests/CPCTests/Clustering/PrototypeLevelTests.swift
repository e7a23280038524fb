import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct PrototypeLevelTests {
  private static func unitRows(_ shape: [Int], seed: UInt64) -> Tensor<Double> {
    UnitLength()(randomTensor(shape, seed: seed))
  }

  /// phi once more in plain loops, from its definition.
  private static func definition(
    _ rows: Tensor<Double>, _ centers: Tensor<Double>, _ assignments: [Int], temperature: Double
  ) -> [Double] {
    let size = centers.shape[1]
    var phi = [Double?](repeating: nil, count: centers.shape[0])
    for k in phi.indices {
      let members = assignments.indices.filter { assignments[$0] == k }
      guard members.count > 1 else { continue }
      var sum = 0.0
      for row in members {
        var squared = 0.0
        for d in 0..<size { squared += pow(rows.storage[row * size + d] - centers.storage[k * size + d], 2) }
        sum += sqrt(squared)
      }
      phi[k] = sum / (Double(members.count) * log(Double(members.count) + 10))
    }
    let largest = phi.compactMap { $0 }.max()!
    let filled = phi.map { $0 ?? largest }
    let sorted = filled.sorted()
    func percentile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let (low, part) = (Int(place.rounded(.down)), place - place.rounded(.down))
      return low + 1 < sorted.count ? sorted[low] * (1 - part) + sorted[low + 1] * part : sorted[low]
    }
    let clipped = filled.map { Swift.min(Swift.max($0, percentile(0.1)), percentile(0.9)) }
    let mean = clipped.reduce(0, +) / Double(clipped.count)
    return clipped.map { temperature * $0 / mean }
  }

  @Test func concentrationsAgreeWithTheirDefinition() {
    let rows = Self.unitRows([23, 4], seed: 5)
    let centers = Self.unitRows([6, 4], seed: 6)
    // The last cluster is empty and the one before it has a single window.
    let assignments = (0..<23).map { $0 == 22 ? 4 : $0 % 4 }
    let found = PrototypeLevel.concentrations(
      rows, centers: centers, assignments: assignments, temperature: 0.2)
    let expected = Self.definition(rows, centers, assignments, temperature: 0.2)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-13) }
    #expect(abs(found.reduce(0, +) / 6 - 0.2) < 1e-13)
    #expect(found[4] == found[5] && found[4] == found.max())
  }

  @Test func fittingFillsCentresConcentrationsAndClusters() {
    let rows = Self.unitRows([40, 3], seed: 8)
    var level = PrototypeLevel<Double>(clusters: 5, size: 3, windowCount: 40)
    #expect(!level.isFitted)
    var random = RandomSource(seed: 3)
    level.fit(rows, temperature: 0.1, threads: 2, random: &random)
    #expect(level.isFitted)
    for k in 0..<5 { #expect(abs(level.centers.outer(k..<k + 1).squaredNorm - 1) < 1e-12) }
    #expect(Set(level.clusters(of: Array(0..<40))).isSubset(of: Set(0..<5)))
    #expect(level.parameters.allSatisfy { $0.role == .buffer })
  }

  @Test func identicalWindowsAndFewerThanClustersAreFinite() {
    var random = RandomSource(seed: 3)
    var same = PrototypeLevel<Float>(clusters: 4, size: 2, windowCount: 6)
    same.fit(
      Tensor([Float](repeating: 0.6, count: 12), shape: [6, 2]), temperature: 0.1, threads: 1, random: &random
    )
    #expect(same.centers.isFinite && same.concentrations.storage.allSatisfy { $0 > 0 && $0.isFinite })
    var few = PrototypeLevel<Float>(clusters: 9, size: 2, windowCount: 2)
    #expect(few.count == 2)
    few.fit(Tensor([1, 0, 0, 1], shape: [2, 2]), temperature: 0.1, threads: 1, random: &random)
    #expect(few.isFitted && few.concentrations.storage == [0.1, 0.1])
  }

  @Test func percentilesAreThoseOfNumPy() {
    // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], [10, 50, 90])
    let values = [3.0, 1, 4, 1, 5, 9, 2, 6]
    for (share, expected) in [(0.1, 1.0), (0.5, 3.5), (0.9, 6.9)] {
      #expect(abs(PrototypeLevel<Double>.percentile(values, share) - expected) < 1e-12)
    }
  }
}
