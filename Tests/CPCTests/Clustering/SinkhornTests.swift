import Foundation
import NeuralNet
import TestSupport
import Testing

@testable import CPC

@Suite struct SinkhornTests {
  /// The iterations once more, scaling a matrix of exponentials in plain loops.
  static func definition(_ scores: Tensor<Double>, epsilon: Double, iterations: Int) -> Tensor<Double> {
    let (rows, columns) = (scores.shape[0], scores.shape[1])
    var q = scores.storage.map { exp($0 / epsilon) }
    for _ in 0..<iterations {
      for k in 0..<columns {
        let sum = (0..<rows).reduce(0) { $0 + q[$1 * columns + k] }
        for b in 0..<rows { q[b * columns + k] /= sum * Double(columns) }
      }
      for b in 0..<rows {
        let sum = (0..<columns).reduce(0) { $0 + q[b * columns + $1] }
        for k in 0..<columns { q[b * columns + k] /= sum * Double(rows) }
      }
    }
    return Tensor(q.map { $0 * Double(rows) }, shape: scores.shape)
  }

  static func cosines(_ rows: Int, _ columns: Int, seed: UInt64) -> Tensor<Double> {
    let z: Tensor<Double> = UnitLength()(randomTensor([rows, 5], seed: seed))
    let c: Tensor<Double> = UnitLength()(randomTensor([columns, 5], seed: seed + 1))
    return Tensor.product(z, c, transposeB: true)
  }

  @Test(arguments: [(7, 4), (2, 9), (1, 3), (16, 16)], [1, 3, 10]) func agreesWithItsDefinition(
    size: (Int, Int), iterations: Int
  ) {
    let scores = Self.cosines(size.0, size.1, seed: 3)
    let codes = Sinkhorn(iterations: iterations).codes(scores)
    let expected = Self.definition(scores, epsilon: 0.05, iterations: iterations)
    #expect(Golden.mismatch(codes, expected, tolerance: 1e-12) == nil)
  }

  @Test func rowsSumToOneAndSharesBecomeEqual() {
    let codes = Sinkhorn(iterations: 200).codes(Self.cosines(12, 4, seed: 8))
    for row in 0..<12 { #expect(abs(codes.outer(row..<row + 1).sum - 1) < 1e-12) }
    for share in codes.columnSums.storage { #expect(abs(share - 3) < 1e-6) }
  }

  /// Nothing to tell the prototypes apart: every row is shared equally.
  @Test func equalScoresGiveEqualCodes() {
    let codes = Sinkhorn().codes(Tensor<Float>(repeating: 0.4, shape: [6, 3]))
    #expect(codes.storage.allSatisfy { abs($0 - 1.0 / 3) < 1e-6 })
  }

  @Test func extremeScoresStayFinite() {
    var scores = Tensor<Float>(repeating: -1e4, shape: [3, 5])
    scores.storage[4] = 1e4
    let codes = Sinkhorn(epsilon: 1e-3).codes(scores)
    #expect(codes.isFinite)
    for row in 0..<3 { #expect(abs(codes.outer(row..<row + 1).sum - 1) < 1e-5) }
  }
}
