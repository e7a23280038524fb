/// Mean over one dimension, by default over steps: `[batch, step, channel] -> [batch, channel]`.
package struct MeanPool<Scalar: TensorScalar>: Layer {
  /// The dimension that disappears, outermost first.
  package let axis: Int

  package init(axis: Int = 1) { self.axis = axis }

  /// The shape of the input.
  package typealias Cache = [Int]

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: [Int]
  ) {
    let (outer, count, inner) = pooledSizes(x.shape, axis)
    let y = Tensor<Scalar>(written: pooledShape(x.shape, axis)) {
      Scalar.meanPool(outer, count, inner, x.storage, $0)
    }
    return (y, x.shape)
  }

  // y = (sum over t of x_t) / n, so dL/dx_t = dL/dy / n.
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: [Int], into gradient: inout MeanPool
  ) -> Tensor<Scalar> {
    requirePooled(dOutput.shape, of: cache, axis)
    let (outer, count, inner) = pooledSizes(cache, axis)
    return Tensor(written: cache) { Scalar.meanPoolBackward(outer, count, inner, dOutput.storage, $0) }
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {}
}

/// Maximum over one dimension, by default over steps: `[batch, step, channel] -> [batch, channel]`.
///
/// The first of equal maxima gets the gradient. A NaN counts as larger than any number.
package struct MaxPool<Scalar: TensorScalar>: Layer {
  /// The dimension that disappears, outermost first.
  package let axis: Int

  package init(axis: Int = 1) { self.axis = axis }

  package struct Cache: Sendable {
    let shape: [Int]
    /// Where along the axis each maximum was found.
    let index: [Int32]
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    let (outer, count, inner) = pooledSizes(x.shape, axis)
    var index = [Int32](repeating: 0, count: outer * inner)
    let y = Tensor<Scalar>(written: pooledShape(x.shape, axis)) {
      Scalar.maxPool(outer, count, inner, x.storage, $0, index: &index)
    }
    return (y, Cache(shape: x.shape, index: index))
  }

  // y = x_t* with t* the place of the maximum, so dL/dx_t = dL/dy where t = t*, else 0.
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout MaxPool
  ) -> Tensor<Scalar> {
    requirePooled(dOutput.shape, of: cache.shape, axis)
    let (outer, count, inner) = pooledSizes(cache.shape, axis)
    return Tensor(written: cache.shape) {
      Scalar.maxPoolBackward(outer, count, inner, dOutput.storage, index: cache.index, $0)
    }
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {}
}

/// Sizes before, at and after the pooled dimension.
private func pooledSizes(_ shape: [Int], _ axis: Int) -> (outer: Int, count: Int, inner: Int) {
  precondition(
    axis >= 0 && axis < shape.count && shape[axis] > 0,
    "shape \(shape) has nothing to pool along axis \(axis)")
  return (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
}

private func pooledShape(_ shape: [Int], _ axis: Int) -> [Int] {
  var pooled = shape
  pooled.remove(at: axis)
  return pooled
}

private func requirePooled(_ found: [Int], of shape: [Int], _ axis: Int) {
  precondition(
    found == pooledShape(shape, axis),
    "a gradient of shape \(found) does not fit axis \(axis) pooled of \(shape)")
}
