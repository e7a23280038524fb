/// Normalisation of each innermost row: `y = (x - mean) / sqrt(variance + epsilon) * scale + shift`, then `max(0, y)` if
/// `rectified`.
///
/// Ba, Kiros and Hinton, "Layer normalization", 2016, equation 4. Mean and biased variance are over the row's `size`
/// elements. After a channels-last convolution this normalises over channels at each step. Shapes: `x, y [.., size]`,
/// `scale, shift [size]`, initially 1 and 0. Epsilon is 1e-5 as in PyTorch. NaN spreads over its row.
package struct LayerNorm<Scalar: TensorScalar>: Layer {
  package var scale: Tensor<Scalar>
  package var shift: Tensor<Scalar>
  package let epsilon: Scalar
  /// Whether a rectifier follows, computed in the same pass.
  package let rectified: Bool

  package init(_ size: Int, epsilon: Double = 1e-5, rectified: Bool = false) {
    precondition(size > 0, "LayerNorm needs a positive size, found \(size)")
    scale = Tensor(repeating: 1, shape: [size])
    shift = Tensor(zeros: [size])
    self.epsilon = Scalar(epsilon)
    self.rectified = rectified
  }

  /// The input, and mean and inverse standard deviation of each row.
  package struct Cache: Sendable {
    let x: Tensor<Scalar>
    let mean: Tensor<Scalar>
    let inverse: Tensor<Scalar>
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    precondition(x.columns == scale.count, "LayerNorm of \(scale.count) cannot take shape \(x.shape)")
    var mean = Tensor<Scalar>(zeros: [x.rows])
    var inverse = Tensor<Scalar>(zeros: [x.rows])
    let y = Tensor<Scalar>(written: x.shape) {
      Scalar.layerNorm(
        x.rows, x.columns, x.storage, scale: scale.storage, shift: shift.storage, epsilon: epsilon,
        rectify: rectified, $0, mean: &mean.storage, inverse: &inverse.storage)
    }
    return (y, Cache(x: x, mean: mean, inverse: inverse))
  }

  // With h = (x - m) k, k = 1 / sqrt(v + epsilon), y = h s + b and g = dL/dy s, in a row of n:
  //   dL/ds += dL/dy h          dL/db += dL/dy
  //   dh_i/dx_j = k (delta_ij - 1/n - h_i h_j / n)     since dm/dx_j = 1/n and dv/dx_j = 2 (x_j - m) / n
  //   dL/dx_j = k (g_j - mean(g) - h_j mean(g h))
  // With the rectifier, dL/dy is 0 wherever h s + b <= 0.
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout LayerNorm
  ) -> Tensor<Scalar> {
    let x = cache.x
    precondition(
      dOutput.shape == x.shape, "LayerNorm got a gradient of shape \(dOutput.shape) for input \(x.shape)")
    return Tensor(written: x.shape) {
      Scalar.layerNormBackward(
        x.rows, x.columns, dOutput.storage, x.storage, mean: cache.mean.storage,
        inverse: cache.inverse.storage,
        scale: scale.storage, shift: shift.storage, rectify: rectified, $0, dScale: &gradient.scale.storage,
        dShift: &gradient.shift.storage)
    }
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "weight"), .bias, &scale)
    try body(join(path, "bias"), .bias, &shift)
  }
}
