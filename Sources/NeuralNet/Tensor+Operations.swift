/// Arithmetic on whole tensors. Every operation checks shapes and hands the loop to a kernel.
extension Tensor {
  /// A tensor whose elements `body` writes completely. Without elements `body` is not called.
  package init(written shape: [Int], by body: (UnsafeMutablePointer<Scalar>) -> Void) {
    // Invariant: the buffer has a base address whenever it has elements.
    self.init(unsafeUninitialized: shape) { buffer in
      if let base = buffer.baseAddress, buffer.count > 0 { body(base) }
    }
  }

  /// The same numbers in another precision.
  package init<Other: TensorScalar>(converting other: Tensor<Other>) {
    self.init(other.storage.map { Scalar($0) }, shape: other.shape)
  }

  /// Size of the innermost dimension; 1 for a scalar.
  package var columns: Int { shape.last ?? 1 }
  /// Number of innermost rows: the product of all sizes but the last.
  package var rows: Int { shape.dropLast().reduce(1, *) }

  // MARK: Elementwise

  /// `self += alpha other`.
  package mutating func add(_ other: Tensor, scaledBy alpha: Scalar = 1) {
    requireSameShape(other, "add")
    Scalar.axpy(count, alpha, other.storage, &storage)
  }

  /// `self *= alpha`.
  package mutating func scale(by alpha: Scalar) {
    storage.withUnsafeMutableBufferPointer { buffer in
      // Invariant: in place is allowed, each element is read before it is written.
      if let base = buffer.baseAddress { Scalar.scale(buffer.count, alpha, base, base) }
    }
  }

  /// Sets every element to `value`.
  package mutating func fill(_ value: Scalar) {
    Scalar.fill(count, value, &storage)
  }

  /// `f` of every element.
  @specialized(where Scalar == Float)
  package func mapped(_ f: ElementaryFunction) -> Tensor {
    Tensor(written: shape) { Scalar.map(f, count, storage, $0) }
  }

  package static func + (a: Tensor, b: Tensor) -> Tensor { combine(1, a, 1, b) }
  package static func - (a: Tensor, b: Tensor) -> Tensor { combine(1, a, -1, b) }
  package static func * (alpha: Scalar, x: Tensor) -> Tensor {
    Tensor(written: x.shape) { Scalar.scale(x.count, alpha, x.storage, $0) }
  }

  /// `alpha a + beta b`.
  package static func combine(_ alpha: Scalar, _ a: Tensor, _ beta: Scalar, _ b: Tensor) -> Tensor {
    a.requireSameShape(b, "combine")
    return Tensor(written: a.shape) { Scalar.combine(a.count, alpha, a.storage, beta, b.storage, $0) }
  }

  /// The elementwise product.
  package func multiplied(by other: Tensor) -> Tensor {
    requireSameShape(other, "multiply")
    return Tensor(written: shape) { Scalar.multiply(count, storage, other.storage, $0) }
  }

  // MARK: Reductions

  package var sum: Scalar { Scalar.sum(count, storage) }
  /// Mean of all elements; NaN without elements.
  package var mean: Scalar { sum / Scalar(count) }
  /// Sum of the squares of all elements.
  package var squaredNorm: Scalar { Scalar.dot(count, storage, storage) }
  /// `max |x|`; NaN if an element is NaN, 0 without elements.
  package var largestMagnitude: Scalar { Scalar.largestMagnitude(count, storage) }
  /// Whether no element is NaN or infinite.
  package var isFinite: Bool { largestMagnitude.isFinite }

  /// Sum of the products of corresponding elements.
  package func dot(_ other: Tensor) -> Scalar {
    requireSameShape(other, "dot")
    return Scalar.dot(count, storage, other.storage)
  }

  /// Sum over all dimensions but the last: `[.., column] -> [column]`.
  package var columnSums: Tensor {
    var sums = Tensor(zeros: [columns])
    Scalar.columnSums(rows, columns, storage, addingTo: &sums.storage)
    return sums
  }

  /// Softmax along the last dimension, and the logarithm of the sum of exponentials a row:
  /// `[.., column] -> ([.., column], [..])`. Equal to `exp(x - logSumExp)`, stable for any finite row.
  package func softmax() -> (probabilities: Tensor, logSumExp: Tensor) {
    var logSumExp = Tensor(zeros: Array(shape.dropLast()))
    let probabilities = Tensor(written: shape) { y in
      Scalar.softmaxRows(rows, columns, storage, y, logSumExp: &logSumExp.storage)
    }
    return (probabilities, logSumExp)
  }

  /// `log sum exp` along the last dimension: `[.., column] -> [..]`; -infinity for a row of -infinity.
  package func logSumExp() -> Tensor {
    Tensor(written: Array(shape.dropLast())) { lse in
      Scalar.softmaxRows(rows, columns, storage, nil, logSumExp: lse)
    }
  }

  func requireSameShape(_ other: Tensor, _ operation: StaticString) {
    precondition(shape == other.shape, "\(operation): shapes \(shape) and \(other.shape) differ")
  }
}
