import NeuralNet

/// Brings every channel to mean zero and standard deviation one by statistics of the training set.
///
///     y = (x - mean) / max(sd, floor)
///
/// A channel that is constant in training (dead unit) has an inverse deviation of zero, so it cannot explode on
/// a recording where it comes alive. The statistics are saved, not trained.
package struct Standardizer<Scalar: TensorScalar>: Layer {
  /// `[channel]`.
  package var mean: Tensor<Scalar>
  /// One over the standard deviation, `[channel]`.
  package var scale: Tensor<Scalar>

  /// The identity.
  package init(size: Int) {
    mean = Tensor(zeros: [size])
    scale = Tensor(repeating: 1, shape: [size])
  }

  /// Statistics of the rows of `x`, `[row, channel]`, accumulated in double precision.
  @specialized(where Scalar == Float)
  package init(fitting x: Tensor<Scalar>) {
    precondition(x.rank == 2, "statistics need [row, channel], found \(x.shape)")
    let (rows, channels) = (x.shape[0], x.shape[1])
    var (sums, squares) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    for row in 0..<rows {
      for c in 0..<channels { sums[c] += Double(x.storage[row * channels + c]) }
    }
    let means = sums.map { $0 / Double(max(rows, 1)) }
    for row in 0..<rows {
      for c in 0..<channels {
        let difference = Double(x.storage[row * channels + c]) - means[c]
        squares[c] += difference * difference
      }
    }
    let deviations = squares.map { ($0 / Double(max(rows, 1))).squareRoot() }
    mean = Tensor(means.map { Scalar($0) }, shape: [channels])
    scale = Tensor(
      zip(deviations, means).map { deviation, mean in
        deviation > 1e-6 * max(1, abs(mean)) ? Scalar(1 / deviation) : 0
      }, shape: [channels])
  }

  @specialized(where Scalar == Float)
  package func forward(
    _ x: Tensor<Scalar>, _ context: inout ForwardContext
  ) -> (output: Tensor<Scalar>, cache: Void) {
    let channels = mean.count
    precondition(x.shape.last == channels, "statistics of \(channels) channels cannot take shape \(x.shape)")
    var y = x
    for i in y.storage.indices {
      y.storage[i] = (y.storage[i] - mean.storage[i % channels]) * scale.storage[i % channels]
    }
    return (y, ())
  }

  // dL/dx = dL/dy * scale; the statistics are constants.
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Void, into gradient: inout Standardizer
  ) -> Tensor<Scalar> {
    var dx = dOutput
    for i in dx.storage.indices { dx.storage[i] *= scale.storage[i % mean.count] }
    return dx
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "mean"), .buffer, &mean)
    try body(join(path, "scale"), .buffer, &scale)
  }
}
