/// ``Conv1d`` with three quarters of the multiplications, for kernels of twice their stride whose output is as many
/// strides long as the input, and even: all but the first of the usual five layers on samples.
///
/// In rows of `stride` steps (see ``ConvolutionPlan``) such a convolution has two taps, g0 and g1, matrices of
/// `[stride inputs, outputs]`. Outputs 2i and 2i + 1 together read the rows d0, d1, d2 = rows 2i, 2i + 1, 2i + 2, and the plain
/// definition multiplies four times. Winograd's minimal filter F(2, 2) multiplies three times:
///
///     m = d1 (g0 + g1)    y[2i] = m + (d0 - d1) g0    y[2i + 1] = m + (d2 - d1) g1
///
/// which expands to `d0 g0 + d1 g1` and `d1 g0 + d2 g1`. Its coefficients are 1 and -1, so rounding stays that of the plain
/// products. The rows d1 lie within the input, evenly spaced over all items; only the differences are written, where the plain
/// way writes padded rows. Source: Winograd, Arithmetic Complexity of Computations, SIAM 1980, chapter 5; for networks:
/// Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016 (arXiv:1509.09308), section 4.
struct WinogradConvolution<Scalar: TensorScalar> {
  let plan: ConvolutionPlan
  let outputs: Int

  /// Rows of a product above which packing the weights costs little; larger parts only leave a core's cache.
  private static var worthwhilePairs: Int { 512 }

  /// Pairs of outputs of an item.
  private let pairs: Int
  /// Items of a part.
  private let group: Int
  /// Numbers of a row.
  private let row: Int
  /// Numbers of a row before the input begins, in the first row of an item, and within it in the last.
  private let before: Int

  /// Nil where the plan does not allow it.
  init?(_ plan: ConvolutionPlan, outputs: Int) {
    // Invariant: row j of an item begins at its step j stride - padding. With kernel = 2 stride and T stride steps,
    // stride / 2 <= padding < stride, so rows 1 ..< T lie within the item, row 0 begins before it by the padding and row T
    // has as many steps of it.
    guard
      !plan.isThin, plan.kernel == 2 * plan.stride, plan.inputSteps == plan.outputSteps * plan.stride,
      plan.outputSteps % 2 == 0
    else { return nil }
    self.plan = plan
    self.outputs = outputs
    pairs = plan.outputSteps / 2
    group = min(plan.batch, max(1, (Self.worthwhilePairs + pairs - 1) / pairs))
    row = plan.rowSize
    before = plan.padding * plan.channels
  }

  private var item: Int { plan.inputSteps * plan.channels }
  private var parts: [Range<Int>] {
    Swift.stride(from: 0, to: plan.batch, by: group).map { $0..<min(plan.batch, $0 + group) }
  }

  /// `y [batch, T, outputs]` of `x [batch, T stride, inputs]` and `w [2 stride, inputs, outputs]`.
  @specialized(where Scalar == Float)
  func forward(
    _ x: Scalar.Input, weight w: Scalar.Input, bias: Scalar.Input, to y: Scalar.Output
  ) {
    let sum = tapSum(w)
    let size = group * pairs * row
    let (earlier, later) = (Workspace<Scalar>(size), Workspace<Scalar>(size))
    for part in parts {
      let rows = part.count * pairs
      let x = x + part.lowerBound * item
      let even = y + part.lowerBound * plan.outputSteps * outputs
      multiply(rows, x + (row - before), 2 * row, sum.base, beta: 0, even)
      Scalar.pairBias(rows, outputs, bias, even)
      differences(x, part.count, earlier: earlier.base, later: later.base)
      multiply(rows, earlier.base, row, w, beta: 1, even)
      multiply(rows, later.base, row, w + row * outputs, beta: 1, even + outputs)
    }
  }

  /// Adds to `dW` and `dBias`, and writes the input's gradient unless `dx` is nil. With D the outputs' gradient and
  /// `E = D[2i] + D[2i + 1]` these are the transposes of what ``forward(_:weight:bias:to:)`` does:
  ///
  ///     dg0 += (d0 - d1)^T D[2i] + d1^T E          dd0 = D[2i] g0^T, added to the row that is d2 of the pair before
  ///     dg1 += (d2 - d1)^T D[2i + 1] + d1^T E      dd2 = D[2i + 1] g1^T
  ///                                                dd1 = E (g0 + g1)^T - dd0 - dd2
  @specialized(where Scalar == Float)
  func backward(
    _ dy: Scalar.Input, _ x: Scalar.Input, weight w: Scalar.Input, addingTo dW: Scalar.Output,
    bias dBias: Scalar.Output, to dx: Scalar.Output?
  ) {
    let sum = tapSum(w)
    let size = group * pairs * row
    let (earlier, later) = (Workspace<Scalar>(size), Workspace<Scalar>(size))
    let both = Workspace<Scalar>(group * pairs * outputs)
    let shared = Workspace<Scalar>(row * outputs)
    Scalar.fill(row * outputs, 0, shared.base)
    for part in parts {
      let rows = part.count * pairs
      let x = x + part.lowerBound * item
      let even = dy + part.lowerBound * plan.outputSteps * outputs
      let odd = even + outputs
      Scalar.combineBlock(
        rows, outputs, 1, even, stride: 2 * outputs, 1, odd, stride: 2 * outputs, to: both.base,
        stride: outputs)
      Scalar.columnSums(rows, outputs, both.base, addingTo: dBias)
      multiplyTransposed(rows, x + (row - before), 2 * row, both.base, outputs, addingTo: shared.base)
      differences(x, part.count, earlier: earlier.base, later: later.base)
      multiplyTransposed(rows, earlier.base, row, even, 2 * outputs, addingTo: dW)
      multiplyTransposed(rows, later.base, row, odd, 2 * outputs, addingTo: dW + row * outputs)

      guard let dInput = dx else { continue }
      // The differences have served: their places take dd0 and dd2.
      gradient(rows, even, 2 * outputs, w, beta: 0, earlier.base, row)
      gradient(rows, odd, 2 * outputs, w + row * outputs, beta: 0, later.base, row)
      let dx = dInput + part.lowerBound * item
      addPairs(earlier.base, later.base, part.count, to: dx)
      gradient(rows, both.base, outputs, sum.base, beta: 1, dx + (row - before), 2 * row)
    }
    for tap in 0..<2 { Scalar.axpy(row * outputs, 1, shared.base, dW + tap * row * outputs) }
  }

  /// `d0 - d1` and `d2 - d1` of every pair: `[items pairs, row]` each.
  @specialized(where Scalar == Float)
  private func differences(
    _ x: Scalar.Input, _ items: Int, earlier: Scalar.Output, later: Scalar.Output
  ) {
    for b in 0..<items {
      let (x, earlier, later) = (x + b * item, earlier + b * pairs * row, later + b * pairs * row)
      let middle = x + (row - before)
      Scalar.scale(before, -1, middle, earlier)
      Scalar.combine(row - before, 1, x, -1, middle + before, earlier + before)
      Scalar.pairDifferences(pairs - 1, row, middle, earlier: earlier + row, later: later)
      let lastMiddle = x + (item - before - row)
      let last = later + (pairs - 1) * row
      Scalar.combine(before, 1, lastMiddle + row, -1, lastMiddle, last)
      Scalar.scale(row - before, -1, lastMiddle + before, last + before)
    }
  }

  /// From dd0 and dd2 of every pair writes the rows that are d0 of one pair and d2 of the one before, and `-dd0 - dd2` to d1.
  @specialized(where Scalar == Float)
  private func addPairs(_ dd0: Scalar.Input, _ dd2: Scalar.Input, _ items: Int, to dx: Scalar.Output) {
    for b in 0..<items {
      let (dd0, dd2, dx) = (dd0 + b * pairs * row, dd2 + b * pairs * row, dx + b * item)
      Scalar.copyBlock(1, row - before, dd0 + before, stride: 0, to: dx, stride: 0)
      Scalar.pairSums(pairs - 1, row, earlier: dd0, later: dd2, to: dx + (row - before))
      let last = (pairs - 1) * row
      Scalar.combine(row, -1, dd0 + last, -1, dd2 + last, dx + (item - before - row))
      Scalar.copyBlock(1, before, dd2 + last, stride: 0, to: dx + (item - before), stride: 0)
    }
  }

  private func tapSum(_ w: Scalar.Input) -> Workspace<Scalar> {
    let sum = Workspace<Scalar>(row * outputs)
    Scalar.combine(row * outputs, 1, w, 1, w + row * outputs, sum.base)
    return sum
  }

  /// `y = x g + beta y`, the rows of y two outputs apart.
  private func multiply(
    _ rows: Int, _ x: Scalar.Input, _ distance: Int, _ g: Scalar.Input, beta: Scalar, _ y: Scalar.Output
  ) {
    Scalar.gemm(
      transposeA: false, transposeB: false, m: rows, n: outputs, k: row, alpha: 1, x, lda: distance, g,
      ldb: outputs, beta: beta, y, ldc: 2 * outputs)
  }

  /// `dg += x^T d`.
  private func multiplyTransposed(
    _ rows: Int, _ x: Scalar.Input, _ xDistance: Int, _ d: Scalar.Input, _ dDistance: Int,
    addingTo dg: Scalar.Output
  ) {
    Scalar.gemm(
      transposeA: true, transposeB: false, m: row, n: outputs, k: rows, alpha: 1, x, lda: xDistance, d,
      ldb: dDistance, beta: 1, dg, ldc: outputs)
  }

  /// `dx = d g^T + beta dx`.
  private func gradient(
    _ rows: Int, _ d: Scalar.Input, _ dDistance: Int, _ g: Scalar.Input, beta: Scalar, _ dx: Scalar.Output,
    _ xDistance: Int
  ) {
    Scalar.gemm(
      transposeA: false, transposeB: true, m: rows, n: row, k: outputs, alpha: 1, d, lda: dDistance, g,
      ldb: outputs, beta: beta, dx, ldc: xDistance)
  }
}
