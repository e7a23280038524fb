/// A product in tiles that OpenBLAS multiplies without packing.
///
/// `gemm` first copies both matrices into panels in the order in which its kernel reads them: a tenth to a fifth of the time at
/// the sizes of these networks. For processors with AVX-512 OpenBLAS has kernels that read the matrices where they are,
/// which it takes for small products whose right matrix (in our order of rows) is not transposed.
enum TiledProduct {
  /// None is empty.
  struct Tiles {
    var rows: [Range<Int>]
    var columns: [Range<Int>]
    var inner: [Range<Int>]
  }

  /// Equal parts of `extent` of at most `limit` each, by fours but for the last.
  static func parts(of extent: Int, atMost limit: Int) -> [Range<Int>] {
    let count = (extent + limit - 1) / limit
    let size = min(limit, ((extent + count - 1) / count + 3) / 4 * 4)
    return stride(from: 0, to: extent, by: size).map { $0..<min(extent, $0 + size) }
  }

  /// Rows, columns and inner sizes of the tiles of a product `[m, k] [k, n]` with at most `size` multiplications in each:
  /// as square as that allows, since a tile reads its two sides for what it computes from them.
  static func tiles(m: Int, n: Int, k: Int, size: Int) -> Tiles {
    let columns = parts(of: n, atMost: 128)
    let inner = k <= 128 ? [0..<k] : parts(of: k, atMost: 120)
    let rows = parts(of: m, atMost: max(4, size / (columns[0].count * inner[0].count) / 4 * 4))
    return Tiles(rows: rows, columns: columns, inner: inner)
  }
}

extension TensorScalar {
  /// ``gemm`` without a transposed B, in tiles where that saves the packing. Rounds otherwise than `gemm` where k
  /// exceeds a tile.
  package static func tiledGemm(
    transposeA: Bool, m: Int, n: Int, k: Int, alpha: Self, _ a: Input, lda: Int, _ b: Input, ldb: Int,
    beta: Self, _ c: Output, ldc: Int
  ) {
    guard let size = unpackedProductSize, m > 0, n > 0, k > 0 else {
      gemm(
        transposeA: transposeA, transposeB: false, m: m, n: n, k: k, alpha: alpha, a, lda: lda, b, ldb: ldb,
        beta: beta, c, ldc: ldc)
      return
    }
    gemm(
      tiles: TiledProduct.tiles(m: m, n: n, k: k, size: size), transposeA: transposeA, alpha: alpha, a,
      lda: lda, b, ldb: ldb, beta: beta, c, ldc: ldc)
  }

  /// The product of each tile, added up over the inner sizes.
  static func gemm(
    tiles: TiledProduct.Tiles, transposeA: Bool, alpha: Self, _ a: Input, lda: Int, _ b: Input, ldb: Int,
    beta: Self, _ c: Output, ldc: Int
  ) {
    func multiply(_ i: Range<Int>, _ j: Range<Int>, _ l: Range<Int>) {
      let start = transposeA ? l.lowerBound * lda + i.lowerBound : i.lowerBound * lda + l.lowerBound
      gemm(
        transposeA: transposeA, transposeB: false, m: i.count, n: j.count, k: l.count, alpha: alpha,
        a + start, lda: lda, b + l.lowerBound * ldb + j.lowerBound, ldb: ldb,
        beta: l.lowerBound == 0 ? beta : 1, c + i.lowerBound * ldc + j.lowerBound, ldc: ldc)
    }
    // The longer of m and k is gone through once; what belongs to all of it stays in cache.
    if tiles.rows.last!.upperBound >= tiles.inner.last!.upperBound {
      for i in tiles.rows { for j in tiles.columns { for l in tiles.inner { multiply(i, j, l) } } }
    } else {
      for l in tiles.inner { for i in tiles.rows { for j in tiles.columns { multiply(i, j, l) } } }
    }
  }
}
