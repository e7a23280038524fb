import Support

/// Strided convolution along steps, channels last: `y[b, t, o] = bias[o] + sum_kc x[b, t stride + k - padding, c] W[k, c, o]`.
///
/// Shapes: `x [batch, step, inputs]`, `W [kernel, inputs, outputs]`, `bias [outputs]`, `y [batch, T, outputs]` with
/// `T = (steps + 2 padding - kernel) / stride + 1`; outside the input, x is zero. This is PyTorch's `nn.Conv1d` (a
/// correlation) with other layouts: its weight is `[outputs, inputs, kernel]`. Initially W and bias are uniform on
/// `+-1/sqrt(inputs kernel)`, as there.
///
/// There is no im2col copy. `stride` consecutive steps of the padded input are one row of `stride inputs` contiguous
/// numbers, and the taps `j stride ..< (j + 1) stride` of every output step are the rows from j on. The convolution is
/// then `ceil(kernel / stride)` accumulating matrix products, two for the usual kernel = 2 stride. Short items are
/// taken together: an item of T output steps has `T + ceil(kernel / stride) - 1` rows, and the few products that straddle
/// two items are thrown away (forward) or meet a zero gradient (backward). Where `kernel inputs` is tiny, a matrix
/// product would be too thin and a direct loop takes its place; where outputs can be made in fours,
/// `WinogradConvolution` does.
package struct Conv1d<Scalar: TensorScalar>: Layer {
  /// `[kernel, inputs, outputs]`.
  package var weight: Tensor<Scalar>
  /// `[outputs]`.
  package var bias: Tensor<Scalar>
  package let stride: Int
  package let padding: Int

  package var kernel: Int { weight.shape[0] }
  package var inputs: Int { weight.shape[1] }
  package var outputs: Int { weight.shape[2] }

  @specialized(where Scalar == Float)
  package init(
    inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, random: inout RandomSource
  ) {
    precondition(
      inputs > 0 && outputs > 0 && kernel > 0 && stride > 0 && padding >= 0,
      "Conv1d cannot have inputs \(inputs), outputs \(outputs), kernel \(kernel), stride \(stride), padding \(padding)"
    )
    let bound = 1 / Double(inputs * kernel).squareRoot()
    weight = Tensor(uniformWithin: bound, shape: [kernel, inputs, outputs], random: &random)
    bias = Tensor(uniformWithin: bound, shape: [outputs], random: &random)
    self.stride = stride
    self.padding = padding
  }

  /// Number of output steps for `steps` input steps; 0 if the padded input is shorter than the kernel.
  @specialized(where Scalar == Float)
  package func outputSteps(_ steps: Int) -> Int {
    max(0, (steps + 2 * padding - kernel + stride) / stride)
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Tensor<Scalar>
  ) {
    let plan = plan(for: x)
    let y = Tensor<Scalar>(written: [plan.batch, plan.outputSteps, outputs]) { y in
      if let fast = WinogradConvolution<Scalar>(plan, outputs: outputs) {
        fast.forward(x.storage, weight: weight.storage, bias: bias.storage, to: y)
        return
      }
      // Invariant: every view lies within x or the workspace, as ConvolutionPlan argues.
      let padded = Workspace<Scalar>(plan.workspaceCount)
      let joined = Workspace<Scalar>(plan.group > 1 ? plan.group * plan.rows * outputs : 0)
      x.storage.withUnsafeBufferPointer { x in
        for part in plan.parts {
          let input = plan.view(x.baseAddress!, part, padded)
          let out = y + part.lowerBound * plan.outputSteps * outputs
          if plan.isThin {
            Scalar.directConvolution(
              steps: plan.outputSteps, taps: plan.taps, hop: plan.rowSize, outputs: outputs, input,
              weight.storage,
              bias: bias.storage, out)
          } else {
            convolve(plan, part.count, input, plan.group > 1 ? joined.base : out)
            if plan.group > 1 { plan.compact(joined.base, part.count, outputs, to: out) }
          }
        }
      }
    }
    return (y, x)
  }

  /// The accumulating products of one part; its rows are those of the plan, straddling ones included.
  @specialized(where Scalar == Float)
  private func convolve(
    _ plan: ConvolutionPlan, _ items: Int, _ input: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>
  ) {
    let m = plan.productRows(items)
    Scalar.copyBlock(m, outputs, bias.storage, stride: 0, to: y, stride: outputs)
    weight.storage.withUnsafeBufferPointer { w in
      for block in plan.blocks {
        Scalar.tiledGemm(
          transposeA: false, m: m, n: outputs, k: block.count, alpha: 1,
          input + block.lowerBound, lda: plan.rowSize, w.baseAddress! + block.lowerBound * outputs,
          ldb: outputs,
          beta: 1, y, ldc: outputs)
      }
    }
  }

  // With X the view whose row t holds the taps of output t (kernel x inputs numbers), Y = X W + bias and D = dL/dY:
  //   dW += X^T D        dbias += sum of D's rows        dX = D W^T, added back at the places the view reads.
  // X is never built: block j of its columns is the padded input from row j on, so
  //   dW_j += X_j^T D    and    row (t + j) of the padded input's gradient gets D_t W_j^T.
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Tensor<Scalar>, into gradient: inout Conv1d
  ) -> Tensor<Scalar> {
    propagate(dOutput, cache, into: &gradient, inputGradient: true)!
  }

  /// The part of backward that concerns the parameters, for a first layer whose input needs no gradient.
  package func accumulate(_ dOutput: Tensor<Scalar>, _ cache: Tensor<Scalar>, into gradient: inout Conv1d) {
    _ = propagate(dOutput, cache, into: &gradient, inputGradient: false)
  }

  @specialized(where Scalar == Float)
  private func propagate(
    _ dOutput: Tensor<Scalar>, _ x: Tensor<Scalar>, into gradient: inout Conv1d, inputGradient: Bool
  ) -> Tensor<Scalar>? {
    let plan = plan(for: x)
    precondition(
      dOutput.shape == [plan.batch, plan.outputSteps, outputs],
      "Conv1d got a gradient of shape \(dOutput.shape) for input \(x.shape)")
    guard inputGradient else {
      propagate(plan, dOutput, x, &gradient, nil)
      return nil
    }
    return Tensor(written: x.shape) { propagate(plan, dOutput, x, &gradient, $0) }
  }

  @specialized(where Scalar == Float)
  private func propagate(
    _ plan: ConvolutionPlan, _ dOutput: Tensor<Scalar>, _ x: Tensor<Scalar>, _ gradient: inout Conv1d,
    _ dInput: UnsafeMutablePointer<Scalar>?
  ) {
    if let fast = WinogradConvolution<Scalar>(plan, outputs: outputs) {
      fast.backward(
        dOutput.storage, x.storage, weight: weight.storage, addingTo: &gradient.weight.storage,
        bias: &gradient.bias.storage, to: dInput)
      return
    }
    Scalar.columnSums(dOutput.rows, outputs, dOutput.storage, addingTo: &gradient.bias.storage)
    let padded = Workspace<Scalar>(plan.workspaceCount)
    let dPadded = Workspace<Scalar>(dInput == nil ? 0 : plan.workspaceCount)
    let spread = Workspace<Scalar>(plan.group > 1 ? plan.group * plan.rows * outputs : 0)
    x.storage.withUnsafeBufferPointer { x in
      dOutput.storage.withUnsafeBufferPointer { d in
        for part in plan.parts {
          let input = plan.view(x.baseAddress!, part, padded)
          var dy = d.baseAddress! + part.lowerBound * plan.outputSteps * outputs
          if plan.group > 1 {
            plan.spread(dy, part.count, outputs, to: spread.base)
            dy = UnsafePointer(spread.base)
          }
          addWeightGradient(plan, part.count, input, dy, &gradient.weight.storage)
          if let dInput {
            scatter(plan, part.count, dy, dPadded)
            plan.unpad(dPadded.base, part, to: dInput)
          }
        }
      }
    }
  }

  @specialized(where Scalar == Float)
  private func addWeightGradient(
    _ plan: ConvolutionPlan, _ items: Int, _ input: UnsafePointer<Scalar>, _ dy: UnsafePointer<Scalar>,
    _ dWeight: UnsafeMutablePointer<Scalar>
  ) {
    if plan.isThin {
      Scalar.directConvolutionWeights(
        steps: plan.outputSteps, taps: plan.taps, hop: plan.rowSize, outputs: outputs, input, dy,
        addingTo: dWeight)
      return
    }
    for block in plan.blocks {
      Scalar.tiledGemm(
        transposeA: true, m: block.count, n: outputs, k: plan.productRows(items), alpha: 1,
        input + block.lowerBound, lda: plan.rowSize, dy, ldb: outputs, beta: 1,
        dWeight + block.lowerBound * outputs, ldc: outputs)
    }
  }

  /// Gradient of the padded input of one part.
  @specialized(where Scalar == Float)
  private func scatter(
    _ plan: ConvolutionPlan, _ items: Int, _ dy: UnsafePointer<Scalar>, _ dPadded: Workspace<Scalar>
  ) {
    Scalar.fill(items * plan.rows * plan.rowSize, 0, dPadded.base)
    weight.storage.withUnsafeBufferPointer { w in
      for block in plan.blocks {
        Scalar.gemm(
          transposeA: false, transposeB: true, m: plan.productRows(items), n: block.count, k: outputs,
          alpha: 1, dy,
          lda: outputs, w.baseAddress! + block.lowerBound * outputs, ldb: outputs, beta: 1,
          dPadded.base + block.lowerBound, ldc: plan.rowSize)
      }
    }
  }

  @specialized(where Scalar == Float)
  private func plan(for x: Tensor<Scalar>) -> ConvolutionPlan {
    precondition(
      x.rank == 3 && x.shape[2] == inputs, "Conv1d of \(inputs) channels cannot take shape \(x.shape)")
    let outputSteps = outputSteps(x.shape[1])
    precondition(
      outputSteps > 0 && x.shape[1] > 0,
      "Conv1d of kernel \(kernel) and padding \(padding) has no output for shape \(x.shape)")
    return ConvolutionPlan(
      batch: x.shape[0], inputSteps: x.shape[1], outputSteps: outputSteps, channels: inputs, kernel: kernel,
      stride: stride, padding: padding)
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "weight"), .weight, &weight)
    try body(join(path, "bias"), .bias, &bias)
  }
}
