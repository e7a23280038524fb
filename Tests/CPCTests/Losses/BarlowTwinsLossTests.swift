import NeuralNet
import TestSupport
import Testing

@testable import CPC

@Suite struct BarlowTwinsLossTests {
  static let a: Tensor<Double> = randomTensor([6, 4], seed: 1)
  static let b: Tensor<Double> = randomTensor([6, 4], seed: 2)

  static func standardized(_ x: Tensor<Double>) -> [[Double]] {
    let rows = rowArrays(x)
    let count = Double(rows.count)
    let mean = (0..<4).map { d -> Double in rows.map { $0[d] }.reduce(0, +) / count }
    let variance = (0..<4).map { d -> Double in
      rows.map { row -> Double in (row[d] - mean[d]) * (row[d] - mean[d]) }.reduce(0, +) / count
    }
    return rows.map { row -> [Double] in
      (0..<4).map { d -> Double in (row[d] - mean[d]) / (variance[d] + 1e-5).squareRoot() }
    }
  }

  @Test(arguments: [0.0051, 0, 1]) func agreesWithItsDefinition(weight: Double) {
    let (za, zb) = (Self.standardized(Self.a), Self.standardized(Self.b))
    var (invariance, redundancy) = (0.0, 0.0)
    for i in 0..<4 {
      for j in 0..<4 {
        let c: Double = zip(za, zb).map { a, b -> Double in a[i] * b[j] }.reduce(0, +) / 6
        if i == j { invariance += (1 - c) * (1 - c) } else { redundancy += weight * c * c }
      }
    }
    let outcome = BarlowTwinsLoss(redundancyWeight: weight)(Self.a, Self.b)
    #expect(close(outcome.invariance, invariance, 1e-12) && close(outcome.redundancy, redundancy, 1e-12))
    #expect(outcome.loss == outcome.invariance + outcome.redundancy)
  }

  @Test func gradientsAgreeWithDifferences() {
    let loss = BarlowTwinsLoss(redundancyWeight: 0.3)
    let outcome = loss(Self.a, Self.b)
    #expect(GradientCheck().failures(of: outcome.dA, at: Self.a, name: "a") { loss($0, Self.b).loss } == [])
    #expect(GradientCheck().failures(of: outcome.dB, at: Self.b, name: "b") { loss(Self.a, $0).loss } == [])
  }

  @Test func viewsMayBeSwapped() {
    let (one, other) = (BarlowTwinsLoss()(Self.a, Self.b), BarlowTwinsLoss()(Self.b, Self.a))
    #expect(close(one.loss, other.loss, 1e-13))
    #expect(Golden.mismatch(other.dB, one.dA, tolerance: 1e-11) == nil)
  }

  /// Uncorrelated components that both views share cost nothing but what the added 1e-5 leaves.
  @Test func orthogonalEqualViewsCostNothing() {
    let z = Tensor<Double>([1, 1, 1, -1, -1, 1, -1, -1], shape: [4, 2])
    #expect(BarlowTwinsLoss(redundancyWeight: 1)(z, z).loss < 1e-9)
  }

  /// Rows that are all alike have no correlation: the diagonal costs one a component, and nothing pulls.
  @Test func equalRowsCostTheComponents() {
    let z = Tensor<Double>(repeating: 0.3, shape: [5, 4])
    let outcome = BarlowTwinsLoss()(z, z)
    #expect(close(outcome.loss, 4) && outcome.dA.largestMagnitude < 1e-12)
  }
}
