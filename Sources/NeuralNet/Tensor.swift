/// A dense array of scalars in row-major order, outermost dimension first.
///
/// Shapes are written `[batch, step, channel]`. A tensor is a value: assigning copies lazily, and a mutation
/// never shows through another variable. All arithmetic is in the kernels of ``TensorScalar``; this type
/// only owns the storage and checks shapes.
package struct Tensor<Scalar: TensorScalar>: Sendable, Equatable {
  /// Sizes, outermost first. The empty shape is a single scalar.
  package private(set) var shape: [Int]
  /// The elements in row-major order; `storage.count == shape.reduce(1, *)`.
  package var storage: [Scalar]

  /// Wraps `storage` without copying it.
  package init(_ storage: [Scalar], shape: [Int]) {
    precondition(
      storage.count == shape.reduce(1, *),
      "tensor of shape \(shape) needs \(shape.reduce(1, *)) elements, found \(storage.count)")
    self.shape = shape
    self.storage = storage
  }

  /// A tensor of one repeated value.
  @specialized(where Scalar == Float)
  package init(repeating value: Scalar, shape: [Int]) {
    self.init([Scalar](repeating: value, count: shape.reduce(1, *)), shape: shape)
  }

  /// A tensor of zeros.
  @specialized(where Scalar == Float)
  package init(zeros shape: [Int]) {
    self.init(repeating: 0, shape: shape)
  }

  /// A tensor whose storage `body` fills completely; saves the zero fill of large outputs.
  package init(unsafeUninitialized shape: [Int], _ body: (UnsafeMutableBufferPointer<Scalar>) -> Void) {
    let count = shape.reduce(1, *)
    self.shape = shape
    // Invariant: `body` writes all `count` elements, as its name promises.
    self.storage = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      body(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
      initialized = count
    }
  }

  package var count: Int { storage.count }
  package var rank: Int { shape.count }

  /// The same elements under another shape of equal count.
  package func reshaped(_ shape: [Int]) -> Tensor {
    precondition(
      shape.reduce(1, *) == count, "cannot reshape \(self.shape) to \(shape): element counts differ")
    var result = self
    result.shape = shape
    return result
  }
}
