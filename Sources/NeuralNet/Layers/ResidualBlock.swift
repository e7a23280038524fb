import Support

/// Two convolutions beside a way past them: `y = max(0, F(x) + P(x))`.
///
///     F(x) = norm2(conv2(max(0, norm1(conv1 x))))        P(x) = x, or norm(1 x 1 convolution of x) where the shape changes
///
/// Shapes: `x [batch, step, inputs]`, `y [batch, ceil(step / stride), outputs]`; kernels of 3 with padding 1, the stride in
/// conv1 and in the projection. He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016, figure 5
/// left and equation 2 (option B), with convolutions along one axis. Departures: normalisation is over channels at each
/// step (``LayerNorm``) where they normalise over the batch, so that an item's output does not depend on its company,
/// two items are batch enough, and splitting a batch over threads changes nothing; convolutions keep their bias, which
/// that normalisation does not cancel.
package struct ResidualBlock<Scalar: TensorScalar>: Layer {
  package var first: Conv1d<Scalar>
  package var firstNorm: LayerNorm<Scalar>
  package var second: Conv1d<Scalar>
  package var secondNorm: LayerNorm<Scalar>
  /// Both nil where the shape stays.
  package var projection: Conv1d<Scalar>?
  package var projectionNorm: LayerNorm<Scalar>?
  private let rectifier = ReLU<Scalar>()

  @specialized(where Scalar == Float)
  package init(inputs: Int, outputs: Int, stride: Int = 1, random: inout RandomSource) {
    first = Conv1d(
      inputs: inputs, outputs: outputs, kernel: 3, stride: stride, padding: 1, random: &random)
    firstNorm = LayerNorm(outputs, rectified: true)
    second = Conv1d(inputs: outputs, outputs: outputs, kernel: 3, padding: 1, random: &random)
    secondNorm = LayerNorm(outputs)
    if stride != 1 || inputs != outputs {
      projection = Conv1d(inputs: inputs, outputs: outputs, kernel: 1, stride: stride, random: &random)
      projectionNorm = LayerNorm(outputs)
    }
  }

  package var inputs: Int { first.inputs }
  package var outputs: Int { first.outputs }
  package func outputSteps(_ steps: Int) -> Int { first.outputSteps(steps) }

  /// What the layers kept; the rectifier's is the output.
  package struct Cache: Sendable {
    let first: Conv1d<Scalar>.Cache
    let firstNorm: LayerNorm<Scalar>.Cache
    let second: Conv1d<Scalar>.Cache
    let secondNorm: LayerNorm<Scalar>.Cache
    let projection: (convolution: Conv1d<Scalar>.Cache, norm: LayerNorm<Scalar>.Cache)?
    let output: Tensor<Scalar>
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    let a = first.forward(x, &context)
    let b = firstNorm.forward(a.output, &context)
    let c = second.forward(b.output, &context)
    let d = secondNorm.forward(c.output, &context)
    let past = project(x, &context)
    let (y, kept) = rectifier.forward(d.output + past.output, &context)
    return (
      y,
      Cache(
        first: a.cache, firstNorm: b.cache, second: c.cache, secondNorm: d.cache, projection: past.cache,
        output: kept)
    )
  }

  private func project(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: (convolution: Conv1d<Scalar>.Cache, norm: LayerNorm<Scalar>.Cache)?
  ) {
    guard let projection, let projectionNorm else { return (x, nil) }
    let convolved = projection.forward(x, &context)
    let normalised = projectionNorm.forward(convolved.output, &context)
    return (normalised.output, (convolved.cache, normalised.cache))
  }

  // The sum sends its gradient both ways: dL/dx is that through F and that through P added.
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout ResidualBlock
  ) -> Tensor<Scalar> {
    var unused = rectifier
    let dSum = rectifier.backward(dOutput, cache.output, into: &unused)
    var d = secondNorm.backward(dSum, cache.secondNorm, into: &gradient.secondNorm)
    d = second.backward(d, cache.second, into: &gradient.second)
    d = firstNorm.backward(d, cache.firstNorm, into: &gradient.firstNorm)
    var dx = first.backward(d, cache.first, into: &gradient.first)
    if let kept = cache.projection, let projection, let projectionNorm {
      let dPast = projectionNorm.backward(dSum, kept.norm, into: &gradient.projectionNorm!)
      dx.add(projection.backward(dPast, kept.convolution, into: &gradient.projection!))
    } else {
      dx.add(dSum)
    }
    return dx
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try first.visit(join(path, "first"), body)
    try firstNorm.visit(join(path, "firstNorm"), body)
    try second.visit(join(path, "second"), body)
    try secondNorm.visit(join(path, "secondNorm"), body)
    try projection?.visit(join(path, "projection"), body)
    try projectionNorm?.visit(join(path, "projectionNorm"), body)
  }
}
