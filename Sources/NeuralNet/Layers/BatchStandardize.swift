/// Standardisation of each channel over the batch: `y = (x - mean) / sqrt(variance + epsilon)`, then `* scale + shift` if
/// `affine`.
///
/// Ioffe and Szegedy, "Batch normalization", 2015, algorithm 1. All dimensions but the last count as the batch: `x, y [.., size]`;
/// everything else is `[size]`. Training uses the batch's mean and biased variance; inference uses the running
/// statistics, which start at 0 and 1. As in PyTorch's `nn.BatchNorm1d`, epsilon is 1e-5, the running statistics move by
/// `momentum` (0.1) towards the batch's, and the running variance is the unbiased one. Unlike there, a forward pass changes
/// nothing: the batch's statistics are in the cache, and ``absorb(_:)`` takes them up. A training batch needs at least two rows.
package struct BatchStandardize<Scalar: TensorScalar>: Layer {
  /// Both absent without `affine`.
  package var scale: Tensor<Scalar>?
  package var shift: Tensor<Scalar>?
  package var runningMean: Tensor<Scalar>
  package var runningVariance: Tensor<Scalar>
  package let epsilon: Scalar
  package let momentum: Scalar

  package var size: Int { runningMean.count }

  package init(_ size: Int, affine: Bool = true, epsilon: Double = 1e-5, momentum: Double = 0.1) {
    precondition(size > 0, "BatchStandardize needs a positive size, found \(size)")
    scale = affine ? Tensor(repeating: 1, shape: [size]) : nil
    shift = affine ? Tensor(zeros: [size]) : nil
    runningMean = Tensor(zeros: [size])
    runningVariance = Tensor(repeating: 1, shape: [size])
    self.epsilon = Scalar(epsilon)
    self.momentum = Scalar(momentum)
  }

  package struct Cache: Sendable {
    let x: Tensor<Scalar>
    /// What was subtracted and multiplied by, `[size]`.
    let mean: Tensor<Scalar>
    let inverse: Tensor<Scalar>
    /// The batch's biased variance; nil in inference, whose statistics are constants.
    let variance: Tensor<Scalar>?
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    precondition(x.columns == size, "BatchStandardize of \(size) cannot take shape \(x.shape)")
    var (mean, variance) = (runningMean, runningVariance)
    if context.mode == .training {
      precondition(x.rows > 1, "a training batch of shape \(x.shape) has no variance over its \(x.rows) row")
      Scalar.columnMoments(x.rows, size, x.storage, mean: &mean.storage, variance: &variance.storage)
    }
    let inverse = Tensor(variance.storage.map { 1 / ($0 + epsilon).squareRoot() }, shape: [size])
    let factor = scale.map { $0.multiplied(by: inverse) } ?? inverse
    let shift = shift ?? Tensor(zeros: [size])
    let y = Tensor<Scalar>(written: x.shape) {
      Scalar.columnAffine(
        x.rows, size, x.storage, center: mean.storage, factor: factor.storage, shift: shift.storage, $0)
    }
    let batchVariance = context.mode == .training ? variance : nil
    return (y, Cache(x: x, mean: mean, inverse: inverse, variance: batchVariance))
  }

  // With h = (x - m) k, k = 1 / sqrt(v + epsilon), y = h s + b and d = dL/dy, in a column of n rows:
  //   dL/ds += sum d h          dL/db += sum d
  //   dL/dx_i = k s (d_i - mean(d) - h_i mean(d h))      as in LayerNorm, m and v being of the column
  //   dL/dx_i = k s d_i                                  in inference, where m and v do not depend on x
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout BatchStandardize
  ) -> Tensor<Scalar> {
    let x = cache.x
    precondition(
      dOutput.shape == x.shape,
      "BatchStandardize got a gradient of shape \(dOutput.shape) for input \(x.shape)")
    var dScale = Tensor<Scalar>(zeros: [size])
    Scalar.columnCenteredDots(
      x.rows, size, dOutput.storage, x.storage, center: cache.mean.storage, factor: cache.inverse.storage,
      addingTo: &dScale.storage)
    let dShift = dOutput.columnSums
    gradient.scale?.add(dScale)
    gradient.shift?.add(dShift)
    let outer = scale.map { $0.multiplied(by: cache.inverse) } ?? cache.inverse
    // In inference the two means are dropped by a factor of zero.
    let share: Scalar = cache.variance == nil || x.rows == 0 ? 0 : 1 / Scalar(x.rows)
    let (a, b) = (share * dShift, share * dScale)
    return Tensor(written: x.shape) {
      Scalar.standardizeBackward(
        x.rows, size, dOutput.storage, x.storage, center: cache.mean.storage, factor: cache.inverse.storage,
        outer: outer.storage, a: a.storage, b: b.storage, $0)
    }
  }

  package mutating func absorb(_ cache: Cache) {
    guard let variance = cache.variance else { return }
    let rows = Scalar(cache.x.rows)
    runningMean = .combine(1 - momentum, runningMean, momentum, cache.mean)
    runningVariance = .combine(1 - momentum, runningVariance, momentum * rows / (rows - 1), variance)
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    if scale != nil { try body(join(path, "weight"), .bias, &scale!) }
    if shift != nil { try body(join(path, "bias"), .bias, &shift!) }
    try body(join(path, "running_mean"), .buffer, &runningMean)
    try body(join(path, "running_var"), .buffer, &runningVariance)
  }
}
