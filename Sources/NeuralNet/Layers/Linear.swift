import Support

/// Affine map of the innermost dimension: `y = x W^T + b`, then `max(0, y)` if `rectified`.
///
/// Shapes: `x [.., inputs]`, `W [outputs, inputs]`, `b [outputs]`, `y [.., outputs]`. Initially W and b are uniform on
/// `+-1/sqrt(inputs)`, as PyTorch's `nn.Linear` draws them.
package struct Linear<Scalar: TensorScalar>: Layer {
  /// `[outputs, inputs]`.
  package var weight: Tensor<Scalar>
  /// `[outputs]`, absent if the layer has none.
  package var bias: Tensor<Scalar>?
  /// Whether a rectifier follows, computed in the same pass as the bias.
  package let rectified: Bool

  package var inputs: Int { weight.shape[1] }
  package var outputs: Int { weight.shape[0] }

  package init(
    inputs: Int, outputs: Int, bias: Bool = true, rectified: Bool = false, random: inout RandomSource
  ) {
    precondition(inputs > 0 && outputs > 0, "Linear needs positive sizes, found \(inputs) and \(outputs)")
    precondition(bias || !rectified, "a rectified Linear has a bias")
    let bound = 1 / Double(inputs).squareRoot()
    weight = Tensor(uniformWithin: bound, shape: [outputs, inputs], random: &random)
    self.bias = bias ? Tensor(uniformWithin: bound, shape: [outputs], random: &random) : nil
    self.rectified = rectified
  }

  /// The input, and the output where the rectifier's mask is read from it.
  package struct Cache: Sendable {
    let x: Tensor<Scalar>
    let output: Tensor<Scalar>?
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    precondition(x.columns == inputs, "Linear of \(inputs) inputs cannot take shape \(x.shape)")
    var y = Tensor<Scalar>.productOfRows(x, weight)
    if let bias { y.addToRows(bias, rectify: rectified) }
    y = y.reshaped(x.shape.dropLast() + [outputs])
    return (y, Cache(x: x, output: rectified ? y : nil))
  }

  // y_ro = sum_i x_ri W_oi + b_o, so with d = dL/dy:
  //   dL/dx_ri = sum_o d_ro W_oi        dX = D W
  //   dL/dW_oi = sum_r d_ro x_ri        dW += D^T X
  //   dL/db_o  = sum_r d_ro
  // With the rectifier, d is 0 wherever the output is.
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Linear
  ) -> Tensor<Scalar> {
    let d = accumulate(dOutput, cache, into: &gradient)
    return Tensor.product(d, weight).reshaped(cache.x.shape)
  }

  /// The part of backward that concerns the parameters, for a first layer whose input needs no gradient.
  /// Returns the gradient before the rectifier.
  @discardableResult
  @specialized(where Scalar == Float)
  package func accumulate(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Linear
  ) -> Tensor<Scalar> {
    var d = dOutput
    precondition(
      d.shape == cache.x.shape.dropLast() + [outputs],
      "Linear of \(outputs) outputs got a gradient of shape \(d.shape) for input \(cache.x.shape)")
    if let y = cache.output {
      d = Tensor(written: d.shape) {
        Scalar.biasReLUBackward(d.rows, outputs, dOutput.storage, y.storage, $0, &gradient.bias!.storage)
      }
    } else if bias != nil {
      Scalar.columnSums(d.rows, outputs, d.storage, addingTo: &gradient.bias!.storage)
    }
    gradient.weight.addProduct(d, transposeA: true, cache.x)
    return d
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "weight"), .weight, &weight)
    if bias != nil { try body(join(path, "bias"), .bias, &bias!) }
  }
}

extension Tensor {
  /// Adds `bias` to every innermost row, then takes `max(0, .)` if `rectify`.
  package mutating func addToRows(_ bias: Tensor, rectify: Bool = false) {
    precondition(bias.count == columns, "a bias of shape \(bias.shape) does not fit rows of \(shape)")
    let (rows, columns) = (rows, columns)
    storage.withUnsafeMutableBufferPointer { buffer in
      // Invariant: in place is allowed, each element is read before it is written.
      guard let base = buffer.baseAddress, rows > 0 else { return }
      Scalar.addBias(rows, columns, bias.storage, rectify: rectify, base, base)
    }
  }
}
