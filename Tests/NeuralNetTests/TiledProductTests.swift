import Support
import TestSupport
import Testing

@testable import NeuralNet

@Suite struct TiledProductTests {
  @Test(arguments: [1, 3, 4, 56, 61, 64, 128, 129, 500, 2048]) func partsCoverWithoutGaps(extent: Int) {
    for limit in [4, 60, 128] {
      let parts = TiledProduct.parts(of: extent, atMost: limit)
      #expect(parts.flatMap { Array($0) } == Array(0..<extent))
      #expect(parts.allSatisfy { !$0.isEmpty && $0.count <= limit })
    }
  }

  @Test(arguments: [
    (56, 1024, 128), (1024, 128, 56), (56, 128, 1024), (384, 128, 2048), (4, 5000, 7), (7, 3, 9000),
  ])
  func tilesKeepToTheirSize(_ m: Int, _ n: Int, _ k: Int) {
    let tiles = TiledProduct.tiles(m: m, n: n, k: k, size: 1_000_000)
    #expect(tiles.rows[0].count * tiles.columns[0].count * tiles.inner[0].count <= 1_000_000)
    #expect(tiles.rows.last?.upperBound == m && tiles.columns.last?.upperBound == n)
    #expect(tiles.inner.last?.upperBound == k)
  }

  // Whatever this processor's kernels are: tiles that are far smaller than they would be, of matrices within larger ones.
  @Test(arguments: [false, true]) func agreesWithOneProduct(_ transposeA: Bool) {
    for (m, n, k) in [(5, 7, 9), (40, 33, 130), (130, 129, 40)] {
      let check = GradientCheck(seed: UInt64(m))
      let (rowsA, columnsA) = transposeA ? (k, m + 3) : (m, k + 3)
      let a = check.randomTensor([rowsA, columnsA])
      let b = GradientCheck(seed: UInt64(n)).randomTensor([k, n + 2])
      var plain = GradientCheck(seed: UInt64(k)).randomTensor([m, n + 1])
      for beta in [0.0, 1, -0.5] {
        var tiled = plain
        Double.gemm(
          tiles: TiledProduct.tiles(m: m, n: n, k: k, size: 2000), transposeA: transposeA, alpha: 0.75,
          a.storage, lda: columnsA, b.storage, ldb: n + 2, beta: beta, &tiled.storage, ldc: n + 1)
        Double.gemm(
          transposeA: transposeA, transposeB: false, m: m, n: n, k: k, alpha: 0.75, a.storage, lda: columnsA,
          b.storage, ldb: n + 2, beta: beta, &plain.storage, ldc: n + 1)
        #expect((tiled - plain).largestMagnitude < 1e-12)
      }
    }
  }

  // With the kernels and tiles of this processor, in single precision against double.
  @Test(arguments: [(32, 384, 128), (56, 1024, 128), (128, 80, 700), (300, 96, 257)])
  func singlePrecisionAgreesWithDouble(_ m: Int, _ n: Int, _ k: Int) {
    let a = GradientCheck(seed: 1).randomTensor([m, k])
    let b = GradientCheck(seed: 2).randomTensor([k, n])
    let expected = Tensor.product(a, b)
    let (a32, b32) = (Self.single(a), Self.single(b))
    let limit = 1e-6 * Double(k).squareRoot() * expected.largestMagnitude
    func difference(_ x: Tensor<Float>) -> Double {
      (Tensor(x.storage.map(Double.init), shape: x.shape) - expected).largestMagnitude
    }
    #expect(difference(.product(a32, b32)) < limit)
    #expect(difference(.product(a32.transposed(), transposeA: true, b32)) < limit)
    #expect(difference(.productOfRows(a32, b32.transposed())) < limit)
  }

  private static func single(_ x: Tensor<Double>) -> Tensor<Float> {
    Tensor(x.storage.map { Float($0) }, shape: x.shape)
  }
}
