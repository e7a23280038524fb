import Support

/// Gated recurrent unit over a sequence, from a zero state.
///
/// Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014, in the form of PyTorch and cuDNN, which
/// keeps two biases and resets after the recurrent product (equations of `torch.nn.GRU`):
///
///     r = sigmoid(W_r x_t + b_r + U_r h + c_r)
///     z = sigmoid(W_z x_t + b_z + U_z h + c_z)
///     n = tanh(W_n x_t + b_n + r * (U_n h + c_n))
///     h' = (1 - z) n + z h
///
/// Shapes: `x [batch, step, inputs]`, output (all states) `[batch, step, hidden]`; W is `[3 hidden, inputs]`, U
/// `[3 hidden, hidden]`, both biases `[3 hidden]`, in the order r, z, n. All start uniform on `+-1/sqrt(hidden)`, as in PyTorch.
/// One product makes the input parts of all steps; each step then costs one product with U.
package struct GRU<Scalar: TensorScalar>: Layer {
  /// W, `[3 hidden, inputs]`.
  package var inputWeight: Tensor<Scalar>
  /// U, `[3 hidden, hidden]`.
  package var recurrentWeight: Tensor<Scalar>
  /// b, `[3 hidden]`.
  package var inputBias: Tensor<Scalar>
  /// c, `[3 hidden]`.
  package var recurrentBias: Tensor<Scalar>

  package var inputs: Int { inputWeight.shape[1] }
  package var hidden: Int { recurrentWeight.shape[1] }

  package init(inputs: Int, hidden: Int, random: inout RandomSource) {
    precondition(inputs > 0 && hidden > 0, "GRU needs positive sizes, found \(inputs) and \(hidden)")
    let bound = 1 / Double(hidden).squareRoot()
    inputWeight = Tensor(uniformWithin: bound, shape: [3 * hidden, inputs], random: &random)
    recurrentWeight = Tensor(uniformWithin: bound, shape: [3 * hidden, hidden], random: &random)
    inputBias = Tensor(uniformWithin: bound, shape: [3 * hidden], random: &random)
    recurrentBias = Tensor(uniformWithin: bound, shape: [3 * hidden], random: &random)
  }

  package struct Cache: Sendable {
    let x: Tensor<Scalar>
    /// (r, z, n) of every step, `[batch, step, 3 hidden]`.
    let gates: Tensor<Scalar>
    /// `U_n h + c_n` of every step, `[batch, step, hidden]`.
    let candidate: Tensor<Scalar>
    /// The output, `[batch, step, hidden]`.
    let states: Tensor<Scalar>
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    precondition(
      x.rank == 3 && x.shape[2] == inputs, "GRU of \(inputs) inputs cannot take shape \(x.shape)")
    let (batch, steps, hidden) = (x.shape[0], x.shape[1], hidden)
    var gates = Tensor<Scalar>.productOfRows(x, inputWeight)
    gates.addToRows(inputBias)
    gates = gates.reshaped([batch, steps, 3 * hidden])
    var candidate = Tensor<Scalar>(unsafeUninitialized: [batch, steps, hidden]) { _ in }
    let states = Tensor<Scalar>(written: [batch, steps, hidden]) { states in
      var state = Tensor<Scalar>(zeros: [batch, hidden])
      var recurrent = Tensor<Scalar>(zeros: [batch, 3 * hidden])
      let recurrentWeight = recurrentWeight.transposed()
      gates.storage.withUnsafeMutableBufferPointer { gates in
        candidate.storage.withUnsafeMutableBufferPointer { candidate in
          for t in 0..<steps {
            // Invariant: item b of step t is at (b steps + t) times the width, reached by the strides below.
            if t > 0 { recurrent.setProduct(state, recurrentWeight) }
            Scalar.gruForward(
              batch, hidden, gates: gates.baseAddress! + t * 3 * hidden, stride: steps * 3 * hidden,
              recurrent: recurrent.storage, bias: recurrentBias.storage, state: &state.storage,
              candidate: candidate.baseAddress! + t * hidden, output: states + t * hidden,
              stride: steps * hidden)
          }
        }
      }
    }
    return (states, Cache(x: x, gates: gates, candidate: candidate, states: states))
  }

  // With g = dL/dh' (from the output and from the step after), a the arguments of the gates, q = U_n h + c_n:
  //   dn = g (1 - z)      da_n = dn (1 - n^2)        dz = g (h - n)      da_z = dz z (1 - z)
  //   dr = da_n q         da_r = dr r (1 - r)        dq = da_n r
  //   dL/dh = g z + U^T (da_r, da_z, dq)             to the step before
  // Over all rows (b, t) at once, with A = (da_r, da_z, da_n), Q = (da_r, da_z, dq) and H the states one step before:
  //   dX = A W     dW += A^T X     db += sum A     dU += Q^T H     dc += sum Q
  // Of Q only dq is kept apart, as its other columns are those of A.
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout GRU
  ) -> Tensor<Scalar> {
    precondition(
      dOutput.shape == cache.states.shape,
      "GRU got a gradient of shape \(dOutput.shape) for states \(cache.states.shape)")
    let (dInput, dCandidate) = throughTime(dOutput, cache)
    gradient.inputWeight.addProduct(dInput, transposeA: true, cache.x)
    addBiasGradients(dInput, dCandidate, &gradient)
    addRecurrentWeightGradient(dInput, dCandidate, cache.states, &gradient)
    return Tensor.product(dInput, inputWeight).reshaped(cache.x.shape)
  }

  /// A `[batch, step, 3 hidden]` and dq `[batch, step, hidden]` of all steps, from the last step to the first.
  @specialized(where Scalar == Float)
  private func throughTime(_ dOutput: Tensor<Scalar>, _ cache: Cache) -> (Tensor<Scalar>, Tensor<Scalar>) {
    let (batch, steps, hidden) = (dOutput.shape[0], dOutput.shape[1], hidden)
    var dCandidate = Tensor<Scalar>(unsafeUninitialized: cache.candidate.shape) { _ in }
    let dInput = Tensor<Scalar>(written: cache.gates.shape) { dInput in
      var carry = Tensor<Scalar>(zeros: [batch, hidden])
      let (dOutput, gates, candidate, states) = (
        dOutput.storage, cache.gates.storage, cache.candidate.storage, cache.states.storage
      )
      for t in (0..<steps).reversed() {
        dCandidate.storage.withUnsafeMutableBufferPointer { dCandidate in
          Self.withBases(dOutput, gates, candidate, states) { dOutput, gates, candidate, states in
            // Invariant: offsets t times the width, strides steps times the width, as in forward.
            let (wide, narrow) = (t * 3 * hidden, t * hidden)
            let (dGates, dq) = (dInput + wide, dCandidate.baseAddress! + narrow)
            Scalar.gruBackward(
              batch, hidden, dOutput: dOutput + narrow, gates: gates + wide, candidate: candidate + narrow,
              previous: t > 0 ? states + narrow - hidden : nil, gateStride: steps * 3 * hidden,
              hiddenStride: steps * hidden, carry: &carry.storage, dInput: dGates, dCandidate: dq)
            if t > 0 { addToCarry(&carry.storage, batch, steps, dGates, dq) }
          }
        }
      }
    }
    return (dInput, dCandidate)
  }

  /// `carry += Q U` of one step, whose rows are a whole window apart.
  @specialized(where Scalar == Float)
  private func addToCarry(
    _ carry: Scalar.Output, _ batch: Int, _ steps: Int, _ dGates: Scalar.Input, _ dq: Scalar.Input
  ) {
    recurrentWeight.storage.withUnsafeBufferPointer { u in
      Scalar.tiledGemm(
        transposeA: false, m: batch, n: hidden, k: 2 * hidden, alpha: 1, dGates, lda: steps * 3 * hidden,
        u.baseAddress!, ldb: hidden, beta: 1, carry, ldc: hidden)
      Scalar.tiledGemm(
        transposeA: false, m: batch, n: hidden, k: hidden, alpha: 1, dq, lda: steps * hidden,
        u.baseAddress! + 2 * hidden * hidden, ldb: hidden, beta: 1, carry, ldc: hidden)
    }
  }

  private func addBiasGradients(_ dInput: Tensor<Scalar>, _ dCandidate: Tensor<Scalar>, _ gradient: inout GRU)
  {
    var sums = [Scalar](repeating: 0, count: 3 * hidden)
    Scalar.columnSums(dInput.rows, 3 * hidden, dInput.storage, addingTo: &sums)
    Scalar.axpy(3 * hidden, 1, sums, &gradient.inputBias.storage)
    // Those of dq stand where those of da_n do.
    sums.replaceSubrange(2 * hidden..<3 * hidden, with: repeatElement(0, count: hidden))
    sums.withUnsafeMutableBufferPointer {
      Scalar.columnSums(dCandidate.rows, hidden, dCandidate.storage, addingTo: $0.baseAddress! + 2 * hidden)
    }
    Scalar.axpy(3 * hidden, 1, sums, &gradient.recurrentBias.storage)
  }

  /// `dU += Q^T H` window by window: row t of Q meets row t - 1 of the states; the state before the first is zero.
  @specialized(where Scalar == Float)
  private func addRecurrentWeightGradient(
    _ dInput: Tensor<Scalar>, _ dCandidate: Tensor<Scalar>, _ states: Tensor<Scalar>, _ gradient: inout GRU
  ) {
    let (batch, steps, hidden) = (states.shape[0], states.shape[1], hidden)
    guard steps > 1 else { return }
    gradient.recurrentWeight.storage.withUnsafeMutableBufferPointer { dU in
      Self.withBases(dInput.storage, dCandidate.storage, states.storage, []) {
        dInput, dCandidate, states, _ in
        for item in 0..<batch {
          // Invariant: rows 1 ..< steps of Q and 0 ..< steps - 1 of the states are the item's own.
          let first = item * steps
          Scalar.tiledGemm(
            transposeA: true, m: 2 * hidden, n: hidden, k: steps - 1, alpha: 1,
            dInput + (first + 1) * 3 * hidden, lda: 3 * hidden, states + first * hidden, ldb: hidden, beta: 1,
            dU.baseAddress!, ldc: hidden)
          Scalar.tiledGemm(
            transposeA: true, m: hidden, n: hidden, k: steps - 1, alpha: 1, dCandidate + (first + 1) * hidden,
            lda: hidden, states + first * hidden, ldb: hidden, beta: 1,
            dU.baseAddress! + 2 * hidden * hidden, ldc: hidden)
        }
      }
    }
  }

  private static func withBases(
    _ a: [Scalar], _ b: [Scalar], _ c: [Scalar], _ d: [Scalar],
    _ body: (UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafePointer<Scalar>) ->
      Void
  ) {
    body(a, b, c, d)
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "weight_ih"), .weight, &inputWeight)
    try body(join(path, "weight_hh"), .weight, &recurrentWeight)
    try body(join(path, "bias_ih"), .bias, &inputBias)
    try body(join(path, "bias_hh"), .bias, &recurrentBias)
  }
}
