/// Scales each innermost row to Euclidean length 1: `y = x / max(|x|, epsilon)`.
///
/// As `torch.nn.functional.normalize`, epsilon 1e-12. Shape `[.., size]` is kept. A row of zeros stays zero. Lengths are
/// computed without overflow or underflow of the squares; a row with an infinity or a NaN becomes NaN in part.
package struct UnitLength<Scalar: TensorScalar>: Layer {
  package let epsilon: Scalar

  package init(epsilon: Double = 1e-12) { self.epsilon = Scalar(epsilon) }

  package struct Cache: Sendable {
    let output: Tensor<Scalar>
    /// |x| of each row.
    let norms: Tensor<Scalar>
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    var norms = Tensor<Scalar>(zeros: [x.rows])
    let y = Tensor<Scalar>(written: x.shape) {
      Scalar.unitRows(x.rows, x.columns, x.storage, epsilon: epsilon, $0, norms: &norms.storage)
    }
    return (y, Cache(output: y, norms: norms))
  }

  // y = x / l with l = |x| and dl/dx = y, so with d = dL/dy:
  //   dL/dx = (d - y (d . y)) / l: the part of d along the row is lost.
  // Below epsilon the divisor is constant: dL/dx = d / epsilon.
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout UnitLength
  ) -> Tensor<Scalar> {
    let y = cache.output
    precondition(
      dOutput.shape == y.shape, "UnitLength got a gradient of shape \(dOutput.shape) for output \(y.shape)")
    return Tensor(written: y.shape) {
      Scalar.unitRowsBackward(
        y.rows, y.columns, dOutput.storage, y.storage, norms: cache.norms.storage, epsilon: epsilon, $0)
    }
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {}
}
