import NeuralNet

/// Brings every input channel to mean 0 and deviation 1 over the training recordings: `y = (x - mean) * factor`.
///
/// The statistics are state of the model, not trained: they are measured once before training and saved with it.
/// Fresh, it is the identity. Shapes: `x, y [.., channel]`, `mean, factor [channel]`.
package struct InputScaling<Scalar: TensorScalar>: Layer {
  package var mean: Tensor<Scalar>
  /// Reciprocal of the deviation.
  package var factor: Tensor<Scalar>

  package init(size: Int) {
    mean = Tensor(zeros: [size])
    factor = Tensor(repeating: 1, shape: [size])
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: [Int]
  ) {
    precondition(x.columns == mean.count, "input \(x.shape) has not the \(mean.count) channels of the model")
    return (scaled(x, from: mean), x.shape)
  }

  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: [Int], into gradient: inout InputScaling
  ) -> Tensor<Scalar> {
    precondition(dOutput.shape == cache, "gradient \(dOutput.shape) of an output \(cache)")
    return scaled(dOutput, from: Tensor(zeros: mean.shape))
  }

  private func scaled(_ x: Tensor<Scalar>, from center: Tensor<Scalar>) -> Tensor<Scalar> {
    let zero = Tensor<Scalar>(zeros: mean.shape)
    return Tensor(written: x.shape) {
      Scalar.columnAffine(
        x.rows, x.columns, x.storage, center: center.storage, factor: factor.storage, shift: zero.storage, $0)
    }
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "mean"), .buffer, &mean)
    try body(join(path, "factor"), .buffer, &factor)
  }
}
