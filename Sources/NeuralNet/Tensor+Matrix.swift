/// Matrix products. A tensor of any rank is taken as the matrix `[rows, columns]` of its innermost rows.
extension Tensor {
  /// `op(a) op(b)`, where `op` transposes if asked. The result is `[m, n]`.
  package static func product(
    _ a: Tensor, transposeA: Bool = false, _ b: Tensor, transposeB: Bool = false
  ) -> Tensor {
    let m = transposeA ? a.columns : a.rows
    let n = transposeB ? b.rows : b.columns
    var result = Tensor(unsafeUninitialized: [m, n]) { _ in }
    result.setProduct(a, transposeA: transposeA, b, transposeB: transposeB)
    return result
  }

  /// `x w^T` of rows `x [.., k]` and `w [n, k]`, `[m, n]`. Many rows are worth a transpose of their own.
  @specialized(where Scalar == Float)
  static func productOfRows(_ x: Tensor, _ w: Tensor) -> Tensor {
    if Scalar.unpackedProductSize != nil, x.rows >= 256 { return product(x, w.transposed()) }
    return product(x, w, transposeB: true)
  }

  /// `self += alpha op(a) op(b)`; the shape of `self` counts as `[rows, columns]` too.
  package mutating func addProduct(
    _ a: Tensor, transposeA: Bool = false, _ b: Tensor, transposeB: Bool = false,
    scaledBy alpha: Scalar = 1
  ) {
    multiply(a, transposeA, b, transposeB, alpha: alpha, beta: 1)
  }

  /// `self = op(a) op(b)`. What `self` held is not read.
  package mutating func setProduct(
    _ a: Tensor, transposeA: Bool = false, _ b: Tensor, transposeB: Bool = false
  ) {
    multiply(a, transposeA, b, transposeB, alpha: 1, beta: 0)
  }

  private mutating func multiply(
    _ a: Tensor, _ transposeA: Bool, _ b: Tensor, _ transposeB: Bool, alpha: Scalar, beta: Scalar
  ) {
    let (m, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (inner, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(
      k == inner && rows == m && columns == n,
      "product of \(a.shape)\(transposeA ? " transposed" : "") and \(b.shape)\(transposeB ? " transposed" : "")"
        + " does not fit \(shape)")
    guard m > 0, n > 0 else { return }
    guard k > 0 else {
      if beta == 0 { fill(0) }
      return
    }
    guard transposeB else {
      Scalar.tiledGemm(
        transposeA: transposeA, m: m, n: n, k: k, alpha: alpha, a.storage, lda: a.columns, b.storage,
        ldb: b.columns, beta: beta, &storage, ldc: n)
      return
    }
    Scalar.gemm(
      transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a.storage,
      lda: a.columns,
      b.storage, ldb: b.columns, beta: beta, &storage, ldc: n)
  }

  /// The transpose of a matrix: `[m, n] -> [n, m]`.
  @specialized(where Scalar == Float)
  package func transposed() -> Tensor {
    precondition(rank == 2, "only a matrix has a transpose here, found shape \(shape)")
    let (m, n) = (shape[0], shape[1])
    return Tensor(written: [n, m]) { Scalar.transpose(m, n, storage, $0) }
  }
}
