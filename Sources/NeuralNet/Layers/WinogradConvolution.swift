/// ``Conv1d`` with five eighths of the multiplications, for kernels of twice their stride whose output is as many strides
/// long as the input, a multiple of four: all but the first of the usual five layers on samples.
///
/// In rows of `stride` steps (see ``ConvolutionPlan``) such a convolution has two taps, g0 and g1, matrices of
/// `[stride inputs, outputs]`. Four outputs together read the rows d0 ... d4, of which d4 is the next four's d0, and the plain
/// definition multiplies eight times. The minimal filter F(4, 2) multiplies five times; with the points 0, 1, -1, 2 and infinity:
///
///     m0 = (2 (d0 - d2) + a) g0 / 2             y0 = m0 + m1 + m2 + m3
///     m1 = (d1 + d2 - a) (g0 + g1) / 2          y1 =      m1 - m2 + 2 m3
///     m2 = (3 (d2 - d1) - a) (g0 - g1) / 6      y2 =      m1 + m2 + 4 m3
///     m3 = a (g0 + 2 g1) / 6                    y3 =      m1 - m2 + 8 m3 + m4
///     m4 = (d4 - d2 - 2 a) g1                   with a = d3 - d1
///
/// Expanded, `y_i = d_i g0 + d_(i+1) g1`. Source: Winograd, Arithmetic Complexity of Computations, SIAM 1980, chapter 5; for
/// networks Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016 (arXiv:1509.09308), section 4.
struct WinogradConvolution<Scalar: TensorScalar> {
  /// Rows of a part: its factors, five times as many rows, stay in a core's cache until their products have been made.
  private static var partRows: Int { 128 }

  private let plan: ConvolutionPlan
  private let outputs: Int
  /// Times four outputs of an item.
  private let fours: Int
  /// Items of a part.
  private let group: Int
  /// Numbers of a row.
  private let row: Int
  /// Numbers of row 0 before an item begins; as many of row T are its last.
  private let before: Int

  /// Nil where the plan does not allow it.
  init?(_ plan: ConvolutionPlan, outputs: Int) {
    // Invariant: row j of an item begins at its step j stride - padding. With kernel = 2 stride and T stride steps,
    // stride / 2 <= padding < stride, so rows 1 ..< T lie within the item, row 0 begins before it by the padding, and of
    // row T as many steps are the item's last. Pairs of outputs, F(2, 2) with three quarters of the multiplications, would
    // take in layers that four do not divide: the smallest of the usual encoder at most.
    guard
      !plan.isThin, plan.kernel == 2 * plan.stride, plan.inputSteps == plan.outputSteps * plan.stride,
      plan.outputSteps % 4 == 0
    else { return nil }
    self.plan = plan
    self.outputs = outputs
    fours = plan.outputSteps / 4
    group = min(plan.batch, max(1, (Self.partRows + fours - 1) / fours))
    row = plan.rowSize
    before = plan.padding * plan.channels
  }

  private var item: Int { plan.inputSteps * plan.channels }
  private var parts: [Range<Int>] {
    Swift.stride(from: 0, to: plan.batch, by: group).map { $0..<min(plan.batch, $0 + group) }
  }
  private var tap: Int { row * outputs }

  /// `y [batch, T, outputs]` of `x [batch, T stride, inputs]` and `w [2 stride, inputs, outputs]`.
  @specialized(where Scalar == Float)
  func forward(_ x: Scalar.Input, weight w: Scalar.Input, bias: Scalar.Input, to y: Scalar.Output) {
    let taps = Taps(w, size: tap)
    let (inputs, products) = (group * fours * row, group * fours * outputs)
    let (e, m) = (Workspace<Scalar>(5 * inputs), Workspace<Scalar>(5 * products))
    for part in parts {
      let rows = part.count * fours
      factors(x + part.lowerBound * item, part.count, e.base, inputs)
      for index in 0..<5 {
        Scalar.tiledGemm(
          transposeA: false, m: rows, n: outputs, k: row, alpha: Self.scale(of: index),
          e.base + index * inputs, lda: row, taps[index], ldb: outputs, beta: 0,
          m.base + index * products, ldc: outputs)
      }
      Scalar.winogradOutputs(
        rows, outputs, m.base, distance: products, bias: bias,
        y + part.lowerBound * plan.outputSteps * outputs)
    }
  }

  /// Adds to `dW` and `dBias`, and writes the input's gradient unless `dx` is nil: the transposes of what
  /// ``forward(_:weight:bias:to:)`` does, step by step.
  @specialized(where Scalar == Float)
  func backward(
    _ dy: Scalar.Input, _ x: Scalar.Input, weight w: Scalar.Input, addingTo dW: Scalar.Output,
    bias dBias: Scalar.Output, to dx: Scalar.Output?
  ) {
    // Once for all parts, so that their products need no transposing.
    let transposedTaps = dx.map { _ in Taps(transposing: w, rows: row, columns: outputs) }
    let (inputs, products) = (group * fours * row, group * fours * outputs)
    let (e, d) = (Workspace<Scalar>(5 * inputs), Workspace<Scalar>(3 * products))
    let dMiddle = Workspace<Scalar>(3 * tap)
    Scalar.fill(3 * tap, 0, dMiddle.base)
    for part in parts {
      let rows = part.count * fours
      let dy = dy + part.lowerBound * plan.outputSteps * outputs
      Scalar.winogradOutputGradients(rows, outputs, dy, d.base, distance: products)
      // The gradient of m1 is the sum of four outputs' gradients.
      Scalar.columnSums(rows, outputs, d.base, addingTo: dBias)
      // Those of m0 and m4 are the gradients of the first and the last output themselves.
      let gradients: [(rows: Scalar.Input, distance: Int, dFactor: Scalar.Output)] = [
        (dy, 4 * outputs, dW), (Scalar.Input(d.base), outputs, dMiddle.base),
        (Scalar.Input(d.base + products), outputs, dMiddle.base + tap),
        (Scalar.Input(d.base + 2 * products), outputs, dMiddle.base + 2 * tap),
        (dy + 3 * outputs, 4 * outputs, dW + tap),
      ]
      factors(x + part.lowerBound * item, part.count, e.base, inputs)
      for (index, d) in gradients.enumerated() {
        Scalar.tiledGemm(
          transposeA: true, m: row, n: outputs, k: rows, alpha: Self.scale(of: index),
          e.base + index * inputs, lda: row, d.rows, ldb: d.distance, beta: 1, d.dFactor, ldc: outputs)
      }
      guard let dx, let transposedTaps else { continue }
      // The factors have served; their gradients take their places.
      for (index, d) in gradients.enumerated() {
        Scalar.tiledGemm(
          transposeA: false, m: rows, n: row, k: outputs, alpha: Self.scale(of: index), d.rows,
          lda: d.distance, transposedTaps[index], ldb: row, beta: 0, e.base + index * inputs, ldc: row)
      }
      scatter(e.base, inputs, part.count, to: dx + part.lowerBound * item)
    }
    Scalar.winogradTapGradients(tap, dMiddle.base, addingTo: dW, dW + tap)
  }

  /// What each of the five products multiplies its input's factor with, but for a scale.
  private struct Taps {
    /// g0 and, behind it, g1.
    private let taps: Scalar.Input
    /// `g0 + g1`, `g0 - g1` and `g0 + 2 g1`.
    private let middle: Workspace<Scalar>
    /// Where the taps are those of this value alone.
    private let own: Workspace<Scalar>?
    private let size: Int

    /// - `taps`: must outlive this value.
    init(_ taps: Scalar.Input, size: Int, own: Workspace<Scalar>? = nil) {
      (self.taps, self.size, self.own) = (taps, size, own)
      middle = Workspace(3 * size)
      Scalar.winogradTaps(size, taps, taps + size, middle.base)
    }

    init(transposing taps: Scalar.Input, rows: Int, columns: Int) {
      let size = rows * columns
      let own = Workspace<Scalar>(2 * size)
      for tap in 0..<2 { Scalar.transpose(rows, columns, taps + tap * size, own.base + tap * size) }
      self.init(own.base, size: size, own: own)
    }

    subscript(product: Int) -> Scalar.Input {
      switch product {
      case 0: taps
      case 1, 2, 3: Scalar.Input(middle.base + (product - 1) * size)
      default: taps + size
      }
    }
  }

  /// What the definition divides a product by.
  private static func scale(of product: Int) -> Scalar {
    switch product {
    case 0, 1: 1 / 2
    case 2, 3: 1 / 6
    default: 1
    }
  }

  /// The inputs' factors of all products: five of `[items fours, row]`, `distance` apart.
  @specialized(where Scalar == Float)
  private func factors(_ x: Scalar.Input, _ items: Int, _ e: Scalar.Output, _ distance: Int) {
    let padded = Workspace<Scalar>(5 * row)
    for b in 0..<items {
      let (x, e) = (x + b * item, e + b * fours * row)
      // Only the first and the last four read what lies outside the item.
      for q in fours == 1 ? [0] : [0, fours - 1] {
        let start = 4 * q * row - before
        let inside = max(0, start)..<min(item, start + 5 * row)
        Scalar.fill(5 * row, 0, padded.base)
        Scalar.copyBlock(
          1, inside.count, x + inside.lowerBound, stride: 0, to: padded.base + (inside.lowerBound - start),
          stride: 0)
        Scalar.winogradInputs(1, row, padded.base, e + q * row, distance: distance)
      }
      if fours > 2 {
        Scalar.winogradInputs(fours - 2, row, x + (4 * row - before), e + row, distance: distance)
      }
    }
  }

  /// The transpose of ``factors(_:_:_:_:)``.
  @specialized(where Scalar == Float)
  private func scatter(_ e: Scalar.Input, _ distance: Int, _ items: Int, to dx: Scalar.Output) {
    let first = Workspace<Scalar>(4 * row)
    for b in 0..<items {
      let (e, dx) = (e + b * fours * row, dx + b * item)
      let last = e + 4 * distance
      Scalar.winogradInputGradients(1, row, e, distance: distance, before: nil, first.base)
      Scalar.copyBlock(1, 4 * row - before, first.base + before, stride: 0, to: dx, stride: 0)
      Scalar.winogradInputGradients(
        fours - 1, row, e + row, distance: distance, before: last, dx + (4 * row - before))
      Scalar.copyBlock(
        1, before, last + (fours - 1) * row, stride: 0, to: dx + (item - before), stride: 0)
    }
  }
}
