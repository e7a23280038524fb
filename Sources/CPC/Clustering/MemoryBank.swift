import NeuralNet

/// Embeddings of past batches, the oldest forgotten first; more to compare with than one batch holds.
///
/// A ring of `capacity` rows, filled at `cursor`. Buffers only: nothing here is trained, all is saved, so that a resumed
/// training goes on with the same rows. Introduced as the queue of MoCo (He et al. 2020, arXiv 1911.05722, section 3.1).
package struct MemoryBank<Scalar: TensorScalar>: Parameterized, Sendable, Equatable {
  /// `[capacity, size]`.
  private var storage: Tensor<Scalar>
  /// Rows ever written, counted up to twice the capacity: `[1]`.
  private var written: Tensor<Scalar>

  package init(capacity: Int, size: Int) {
    precondition(capacity >= 0 && size > 0, "a memory of \(capacity) rows of \(size)")
    storage = Tensor(zeros: [capacity, size])
    written = Tensor(zeros: [1])
  }

  package var capacity: Int { storage.shape[0] }
  /// Rows held.
  package var count: Int { min(Int(written.storage[0]), capacity) }
  package var isFull: Bool { capacity > 0 && count == capacity }

  /// The rows held, `[count, size]`, in no particular order.
  package var rows: Tensor<Scalar> { storage.outer(0..<count) }

  /// Takes up rows `[row, size]`; of more rows than fit, the last.
  @specialized(where Scalar == Float)
  package mutating func append(_ rows: Tensor<Scalar>) {
    precondition(rows.columns == storage.columns, "rows \(rows.shape) do not fit a memory \(storage.shape)")
    guard capacity > 0 else { return }
    let size = storage.columns
    var total = Int(written.storage[0])
    for row in max(0, rows.rows - capacity)..<rows.rows {
      let place = total % capacity
      storage.storage.replaceSubrange(
        place * size..<(place + 1) * size, with: rows.storage[row * size..<(row + 1) * size])
      total += 1
      // The place in the ring and whether it is full is all the count tells; small numbers stay exact in Float.
      if total == 2 * capacity { total = capacity }
    }
    written.storage[0] = Scalar(total)
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "rows"), .buffer, &storage)
    try body(join(path, "written"), .buffer, &written)
  }
}
