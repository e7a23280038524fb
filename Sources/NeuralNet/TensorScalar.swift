/// A floating-point type that tensors are made of: `Float` trains, `Double` checks gradients.
///
/// Every loop over elements is a static kernel here, so that layers stay generic without losing speed:
/// a witness call costs nanoseconds and the loop behind it is compiled once for its type. The loops are in C
/// (`CKernels`, see `NeuralKernels.h` for accuracy and special values): Float has polynomial exponentials
/// and vector clones, Double has libm's.
///
/// Arrays are row-major. An output may be the array of an input unless said otherwise; `count`, `rows` and
/// `columns` say how many elements the pointers must reach.
package protocol TensorScalar: BinaryFloatingPoint, Sendable, Codable, StoredScalar
where RawSignificand: FixedWidthInteger {
  typealias Input = UnsafePointer<Self>
  typealias Output = UnsafeMutablePointer<Self>

  /// `C = alpha op(A) op(B) + beta C`, row-major; the BLAS `gemm` with its leading dimensions.
  static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int,
    alpha: Self, _ a: UnsafePointer<Self>, lda: Int, _ b: UnsafePointer<Self>, ldb: Int,
    beta: Self, _ c: UnsafeMutablePointer<Self>, ldc: Int)
  /// How many multiplications a product may have for ``gemm`` to make it without packing, unless B is transposed; nil where
  /// it always packs. See ``TiledProduct``.
  static var unpackedProductSize: Int? { get }

  // MARK: Elementwise

  /// `y = f(x)`.
  static func map(_ f: ElementaryFunction, _ count: Int, _ x: Input, _ y: Output)
  /// `dx = dy f'(x)`, given `saved`: the output for those functions whose ``ElementaryFunction/savesOutput`` is true,
  /// the input for the others.
  static func mapBackward(_ f: ElementaryFunction, _ count: Int, _ dy: Input, saved: Input, _ dx: Output)
  /// `y = value`.
  static func fill(_ count: Int, _ value: Self, _ y: Output)
  /// `y += alpha x`.
  static func axpy(_ count: Int, _ alpha: Self, _ x: Input, _ y: Output)
  /// `y = alpha x`.
  static func scale(_ count: Int, _ alpha: Self, _ x: Input, _ y: Output)
  /// `y = alpha a + beta b`.
  static func combine(_ count: Int, _ alpha: Self, _ a: Input, _ beta: Self, _ b: Input, _ y: Output)
  /// `y = a b`.
  static func multiply(_ count: Int, _ a: Input, _ b: Input, _ y: Output)
  /// `y = scale x` where `keep` is not 0, else 0.
  static func mask(_ count: Int, keep: UnsafePointer<UInt8>, _ scale: Self, _ x: Input, _ y: Output)
  /// `y [columns, rows]`, the transpose of `x [rows, columns]`; another array than x.
  static func transpose(_ rows: Int, _ columns: Int, _ x: Input, _ y: Output)
  /// Copies a `[rows, columns]` block; the strides are distances between row beginnings. The blocks are disjoint.
  static func copyBlock(_ rows: Int, _ columns: Int, _ x: Input, stride: Int, to y: Output, stride: Int)
  /// Adds a `[rows, columns]` block to another; the strides are distances between row beginnings.
  static func addBlock(_ rows: Int, _ columns: Int, _ x: Input, stride: Int, to y: Output, stride: Int)

  // MARK: Minimal filter F(4, 2), see `WinogradConvolution`

  // Four outputs, or the rows d0 ... d3 of an input, are rows of `columns` numbers behind one another; n times four of them.
  // What belongs to the five products lies `distance` apart, a row for each four outputs.

  /// `g0 + g1`, `g0 - g1` and `g0 + 2 g1`, n numbers each, behind one another.
  static func winogradTaps(_ n: Int, _ g0: Input, _ g1: Input, _ middle: Output)
  /// Adds to the gradients of g0 and g1 what those of the three sums give.
  static func winogradTapGradients(_ n: Int, _ middle: Input, addingTo dg0: Output, _ dg1: Output)
  /// The factors e0 ... e4 from the rows d0 ... d4; d4 is the next four's d0.
  static func winogradInputs(_ n: Int, _ columns: Int, _ rows: Input, _ e: Output, distance: Int)
  /// The outputs from the products m0 ... m4 and the bias.
  static func winogradOutputs(
    _ n: Int, _ columns: Int, _ m: Input, distance: Int, bias: Input, _ rows: Output)
  /// The gradients of m1, m2 and m3 from those of the outputs.
  static func winogradOutputGradients(_ n: Int, _ columns: Int, _ rows: Input, _ d: Output, distance: Int)
  /// The gradients of d0 ... d3 from those of e0 ... e4. `before`: where those of e4 begin of the four outputs before the
  /// first, whose d4 is the first d0; nil adds nothing to the rows d0.
  static func winogradInputGradients(
    _ n: Int, _ columns: Int, _ e: Input, distance: Int, before: Input?, _ rows: Output)

  // MARK: Reductions

  /// Sum of all elements.
  static func sum(_ count: Int, _ x: Input) -> Self
  /// `sum a b`.
  static func dot(_ count: Int, _ a: Input, _ b: Input) -> Self
  /// `max |x|`, 0 for no elements; NaN if any element is NaN.
  static func largestMagnitude(_ count: Int, _ x: Input) -> Self
  /// `sums += sum over rows`.
  static func columnSums(_ rows: Int, _ columns: Int, _ x: Input, addingTo sums: Output)

  // MARK: Rows and columns

  /// `y = x + bias` in each row, then `max(0, .)` if `rectify`.
  static func addBias(_ rows: Int, _ columns: Int, _ bias: Input, rectify: Bool, _ x: Input, _ y: Output)
  /// `dx = dy` where `y > 0`, else 0; adds the column sums of `dx` to `dBias`.
  static func biasReLUBackward(
    _ rows: Int, _ columns: Int, _ dy: Input, _ y: Input, _ dx: Output, _ dBias: Output)
  /// `y = exp(x - lse)` in each row, `lse = log sum exp(x)` with the maximum taken out; `y` may be nil.
  static func softmaxRows(_ rows: Int, _ columns: Int, _ x: Input, _ y: Output?, logSumExp: Output)
  /// Layer normalisation of each row, see ``LayerNorm``; keeps mean and inverse standard deviation a row.
  static func layerNorm(
    _ rows: Int, _ columns: Int, _ x: Input, scale: Input, shift: Input, epsilon: Self, rectify: Bool,
    _ y: Output, mean: Output, inverse: Output)
  /// Adds to `dScale` and `dShift`.
  static func layerNormBackward(
    _ rows: Int, _ columns: Int, _ dy: Input, _ x: Input, mean: Input, inverse: Input, scale: Input,
    shift: Input,
    rectify: Bool, _ dx: Output, dScale: Output, dShift: Output)
  /// Mean and biased variance of each column, in two passes.
  static func columnMoments(_ rows: Int, _ columns: Int, _ x: Input, mean: Output, variance: Output)
  /// `y = (x - center) factor + shift`, with one of each a column.
  static func columnAffine(
    _ rows: Int, _ columns: Int, _ x: Input, center: Input, factor: Input, shift: Input, _ y: Output)
  /// `sums += sum over rows of dy (x - center) factor`.
  static func columnCenteredDots(
    _ rows: Int, _ columns: Int, _ dy: Input, _ x: Input, center: Input, factor: Input, addingTo sums: Output)
  /// `dx = outer (dy - a - (x - center) factor b)`, with one of each a column.
  static func standardizeBackward(
    _ rows: Int, _ columns: Int, _ dy: Input, _ x: Input, center: Input, factor: Input, outer: Input,
    a: Input, b: Input, _ dx: Output)
  /// `y = x / max(norm, epsilon)` in each row, keeping the Euclidean norms.
  static func unitRows(_ rows: Int, _ columns: Int, _ x: Input, epsilon: Self, _ y: Output, norms: Output)
  static func unitRowsBackward(
    _ rows: Int, _ columns: Int, _ dy: Input, _ y: Input, norms: Input, epsilon: Self, _ dx: Output)

  // MARK: Pooling of [outer, count, inner] over its middle; outputs are not the inputs

  static func meanPool(_ outer: Int, _ count: Int, _ inner: Int, _ x: Input, _ y: Output)
  static func meanPoolBackward(_ outer: Int, _ count: Int, _ inner: Int, _ dy: Input, _ dx: Output)
  /// The first of equal maxima wins; a NaN wins over numbers.
  static func maxPool(
    _ outer: Int, _ count: Int, _ inner: Int, _ x: Input, _ y: Output, index: UnsafeMutablePointer<Int32>)
  static func maxPoolBackward(
    _ outer: Int, _ count: Int, _ inner: Int, _ dy: Input, index: UnsafePointer<Int32>, _ dx: Output)

  // MARK: GRU, one step; see ``GRU`` for the equations. Strides are distances between two items of the batch

  /// `gates` holds the input part and receives (r, z, n); `recurrent` is `[batch, 3 hidden]` without bias;
  /// `state` is updated in place; `candidate` receives `W_hn h + b_hn` and `output` the new state.
  static func gruForward(
    _ batch: Int, _ hidden: Int, gates: Output, stride: Int, recurrent: Input, bias: Input, state: Output,
    candidate: Output, output: Output, stride: Int)
  /// `carry` holds the gradient from later steps and receives `dh z`; `previous` is nil for the zero state; `dInput` receives
  /// the gradients of the gates' arguments, `dCandidate` that of `W_hn h + b_hn`.
  static func gruBackward(
    _ batch: Int, _ hidden: Int, dOutput: Input, gates: Input, candidate: Input, previous: Input?,
    gateStride: Int, hiddenStride: Int, carry: Output, dInput: Output, dCandidate: Output)

  // MARK: Convolution of few input channels, where a matrix product would be too thin

  /// `y[t, o] = bias[o] + sum_k x[t hop + k] w[k, o]`.
  static func directConvolution(
    steps: Int, taps: Int, hop: Int, outputs: Int, _ x: Input, _ w: Input, bias: Input, _ y: Output)
  /// `dw[k, o] += sum_t x[t hop + k] dy[t, o]`.
  static func directConvolutionWeights(
    steps: Int, taps: Int, hop: Int, outputs: Int, _ x: Input, _ dy: Input, addingTo dw: Output)

  // MARK: Optimizers, in place

  /// `p -= rate decay p; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= rate (m / c1) / (sqrt(v / c2) + epsilon)`,
  /// where `c1 = 1 - b1^t` and `c2 = 1 - b2^t` correct the bias of step `t`.
  static func adamWUpdate(
    _ count: Int, _ p: Output, _ g: Input, m: Output, v: Output, rate: Self, b1: Self, b2: Self,
    epsilon: Self,
    decay: Self, c1: Self, c2: Self)
  /// `d = g + decay p; v = momentum v + d; p -= rate (nesterov ? d + momentum v : v)`.
  static func sgdUpdate(
    _ count: Int, _ p: Output, _ g: Input, v: Output, rate: Self, momentum: Self, decay: Self, nesterov: Bool)
}

/// The functions of one variable that have kernels. The numbers are those of `nk_function` in `NeuralKernels.h`.
package enum ElementaryFunction: Int32, Sendable, CaseIterable {
  case exp = 0
  case log = 1
  case tanh = 2
  case sigmoid = 3
  case erf = 4
  case relu = 5
  case gelu = 6

  /// Whether the derivative is computed from the output (exp, tanh, sigmoid, ReLU) or from the input.
  package var savesOutput: Bool {
    switch self {
    case .exp, .tanh, .sigmoid, .relu: true
    case .log, .erf, .gelu: false
    }
  }
}
