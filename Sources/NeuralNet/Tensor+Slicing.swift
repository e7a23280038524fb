import Support

/// Parts of tensors and their putting together. Everything copies; `add...` methods are the transposes of the
/// corresponding readers, which is what a backward pass needs.
extension Tensor {
  /// Number of elements in one item of the outer dimension.
  private var itemCount: Int { shape.dropFirst().reduce(1, *) }

  // MARK: Outer dimension

  /// Items `range` of the outer dimension: `[n, ..] -> [range.count, ..]`.
  package func outer(_ range: Range<Int>) -> Tensor {
    precondition(
      rank > 0 && range.lowerBound >= 0 && range.upperBound <= shape[0],
      "items \(range) of shape \(shape) do not exist")
    let item = itemCount
    return Tensor(
      Array(storage[(range.lowerBound * item)..<(range.upperBound * item)]),
      shape: [range.count] + shape.dropFirst())
  }

  /// Item `index` of the outer dimension, without that dimension: `[n, ..] -> [..]`.
  package func item(_ index: Int) -> Tensor {
    outer(index..<(index + 1)).reshaped(Array(shape.dropFirst()))
  }

  /// Items of the outer dimension by index, repeats allowed: `[n, ..] -> [indices.count, ..]`.
  @specialized(where Scalar == Float)
  package func gathering(_ indices: [Int]) -> Tensor {
    requireItems(indices)
    let item = itemCount
    return Tensor(written: [indices.count] + shape.dropFirst()) { y in
      // Invariant: each index was checked against the outer size.
      storage.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress else { return }
        for (i, index) in indices.enumerated() {
          Scalar.copyBlock(1, item, x + index * item, stride: item, to: y + i * item, stride: item)
        }
      }
    }
  }

  /// Adds item `i` of `other` to item `indices[i]`, in order: the gradient of ``gathering(_:)``.
  @specialized(where Scalar == Float)
  package mutating func addItems(_ other: Tensor, at indices: [Int]) {
    requireItems(indices)
    precondition(
      other.shape == [indices.count] + shape.dropFirst(),
      "items of shape \(other.shape) cannot be added at \(indices.count) places of shape \(shape)")
    let item = itemCount
    storage.withUnsafeMutableBufferPointer { y in
      other.storage.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        for (i, index) in indices.enumerated() { Scalar.axpy(item, 1, x + i * item, y + index * item) }
      }
    }
  }

  @specialized(where Scalar == Float)
  private func requireItems(_ indices: [Int]) {
    precondition(rank > 0, "a scalar has no items")
    for index in indices {
      precondition(index >= 0 && index < shape[0], "item \(index) of shape \(shape) does not exist")
    }
  }

  // MARK: Any dimension

  /// Part `range` of dimension `axis`: `[.., n, ..] -> [.., range.count, ..]`.
  @specialized(where Scalar == Float)
  package func slice(_ range: Range<Int>, axis: Int) -> Tensor {
    let (outer, size, inner) = around(axis, range)
    var sliced = shape
    sliced[axis] = range.count
    return Tensor(written: sliced) { y in
      // Invariant: block o begins at (o size + lower) inner and ends within its size.
      storage.withUnsafeBufferPointer { x in
        Scalar.copyBlock(
          outer, range.count * inner, x.baseAddress! + range.lowerBound * inner, stride: size * inner, to: y,
          stride: range.count * inner)
      }
    }
  }

  /// Adds `other` to the part of dimension `axis` that begins at `start`: the gradient of ``slice(_:axis:)``.
  @specialized(where Scalar == Float)
  package mutating func addSlice(_ other: Tensor, at start: Int, axis: Int) {
    precondition(rank == other.rank, "slices of shapes \(shape) and \(other.shape) differ in rank")
    let range = start..<(start + other.shape[axis])
    let (outer, size, inner) = around(axis, range)
    var expected = shape
    expected[axis] = range.count
    precondition(
      expected == other.shape,
      "a slice of shape \(other.shape) does not fit \(shape) at \(start) of axis \(axis)")
    storage.withUnsafeMutableBufferPointer { y in
      other.storage.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        Scalar.addBlock(
          outer, range.count * inner, x, stride: range.count * inner, to: y + start * inner,
          stride: size * inner)
      }
    }
  }

  /// One step of a sequence: `[batch, step, channel] -> [batch, channel]`.
  package func step(_ index: Int) -> Tensor {
    let part = slice(index..<(index + 1), axis: 1)
    return part.reshaped([shape[0]] + shape.dropFirst(2))
  }

  /// Joins tensors along the outermost dimension, each part copied on a thread of its own.
  package static func joined(_ parts: [Tensor]) -> Tensor {
    guard parts.count > 1 else { return parts[0] }
    let starts = parts.reduce(into: [0]) { $0.append($0.last! + $1.count) }
    let shape = [parts.reduce(0) { $0 + $1.shape[0] }] + parts[0].shape.dropFirst()
    precondition(
      parts.allSatisfy { $0.shape.dropFirst() == parts[0].shape.dropFirst() },
      "cannot join shapes \(parts.map(\.shape))")
    return Tensor(written: shape) { y in
      // Invariant: part i has its own elements, from starts[i] on.
      nonisolated(unsafe) let y = y
      Parallel.forEachRun(of: parts.count, threads: parts.count) { run in
        for i in run {
          let count = parts[i].count
          Scalar.copyBlock(1, count, parts[i].storage, stride: count, to: y + starts[i], stride: count)
        }
      }
    }
  }

  /// Joins tensors along dimension `axis`; all other sizes agree.
  @specialized(where Scalar == Float)
  package static func concatenated(_ parts: [Tensor], axis: Int) -> Tensor {
    precondition(!parts.isEmpty, "nothing to concatenate")
    var shape = parts[0].shape
    precondition(axis >= 0 && axis < shape.count, "axis \(axis) of shape \(shape) does not exist")
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    for part in parts {
      var expected = shape
      expected[axis] = part.rank > axis ? part.shape[axis] : 0
      precondition(
        part.shape == expected, "cannot join \(part.shape) to \(parts[0].shape) along axis \(axis)")
    }
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    return Tensor(written: shape) { y in
      var start = 0
      for part in parts {
        // Invariant: the parts' widths add up to shape[axis], so blocks tile each outer row without overlap.
        let width = part.shape[axis] * inner
        Scalar.copyBlock(
          outer, width, part.storage, stride: width, to: y + start, stride: shape[axis] * inner)
        start += width
      }
    }
  }

  /// Sizes before, at and after `axis`, which `range` must lie within.
  private func around(_ axis: Int, _ range: Range<Int>) -> (outer: Int, size: Int, inner: Int) {
    precondition(axis >= 0 && axis < rank, "axis \(axis) of shape \(shape) does not exist")
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "part \(range) of axis \(axis) of shape \(shape) does not exist")
    return (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }
}
