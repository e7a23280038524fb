import CKernels
import COpenBLAS

/// The kernels of `Double`: one line each, to the C function of the same name.
extension Double: TensorScalar {
  package static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int,
    alpha: Double, _ a: UnsafePointer<Double>, lda: Int, _ b: UnsafePointer<Double>, ldb: Int,
    beta: Double, _ c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    BLAS.configure()
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }

  package static var unpackedProductSize: Int? { nil }

  // MARK: Elementwise

  package static func map(_ f: ElementaryFunction, _ count: Int, _ x: Input, _ y: Output) {
    nk_map_d(f.rawValue, count, x, y)
  }
  package static func mapBackward(
    _ f: ElementaryFunction, _ count: Int, _ dy: Input, saved: Input, _ dx: Output
  ) {
    nk_map_backward_d(f.rawValue, count, dy, saved, dx)
  }
  package static func fill(_ count: Int, _ value: Double, _ y: Output) { nk_fill_d(count, value, y) }
  package static func axpy(_ count: Int, _ alpha: Double, _ x: Input, _ y: Output) {
    nk_axpy_d(count, alpha, x, y)
  }
  package static func scale(_ count: Int, _ alpha: Double, _ x: Input, _ y: Output) {
    nk_scale_d(count, alpha, x, y)
  }
  package static func combine(
    _ count: Int, _ alpha: Double, _ a: Input, _ beta: Double, _ b: Input, _ y: Output
  ) {
    nk_combine_d(count, alpha, a, beta, b, y)
  }
  package static func multiply(_ count: Int, _ a: Input, _ b: Input, _ y: Output) {
    nk_multiply_d(count, a, b, y)
  }
  package static func mask(
    _ count: Int, keep: UnsafePointer<UInt8>, _ scale: Double, _ x: Input, _ y: Output
  ) {
    nk_mask_d(count, keep, scale, x, y)
  }
  package static func transpose(_ rows: Int, _ columns: Int, _ x: Input, _ y: Output) {
    nk_transpose_d(rows, columns, x, y)
  }
  package static func copyBlock(
    _ rows: Int, _ columns: Int, _ x: Input, stride xStride: Int, to y: Output, stride yStride: Int
  ) {
    nk_copy_block_d(rows, columns, x, xStride, y, yStride)
  }
  package static func addBlock(
    _ rows: Int, _ columns: Int, _ x: Input, stride xStride: Int, to y: Output, stride yStride: Int
  ) {
    nk_add_block_d(rows, columns, x, xStride, y, yStride)
  }

  // MARK: Minimal filter

  package static func winogradTaps(_ n: Int, _ g0: Input, _ g1: Input, _ middle: Output) {
    nk_winograd_taps_d(n, g0, g1, middle)
  }
  package static func winogradTapGradients(_ n: Int, _ middle: Input, addingTo dg0: Output, _ dg1: Output) {
    nk_winograd_tap_gradients_d(n, middle, dg0, dg1)
  }
  package static func winogradInputs(_ n: Int, _ columns: Int, _ rows: Input, _ e: Output, distance: Int) {
    nk_winograd_inputs_d(n, columns, rows, e, distance)
  }
  package static func winogradOutputs(
    _ n: Int, _ columns: Int, _ m: Input, distance: Int, bias: Input, _ rows: Output
  ) {
    nk_winograd_outputs_d(n, columns, m, distance, bias, rows)
  }
  package static func winogradOutputGradients(
    _ n: Int, _ columns: Int, _ rows: Input, _ d: Output, distance: Int
  ) {
    nk_winograd_output_gradients_d(n, columns, rows, d, distance)
  }
  package static func winogradInputGradients(
    _ n: Int, _ columns: Int, _ e: Input, distance: Int, before: Input?, _ rows: Output
  ) {
    nk_winograd_input_gradients_d(n, columns, e, distance, before, rows)
  }

  // MARK: Reductions

  package static func sum(_ count: Int, _ x: Input) -> Double { nk_sum_d(count, x) }
  package static func dot(_ count: Int, _ a: Input, _ b: Input) -> Double { nk_dot_d(count, a, b) }
  package static func largestMagnitude(_ count: Int, _ x: Input) -> Double {
    nk_largest_magnitude_d(count, x)
  }
  package static func columnSums(_ rows: Int, _ columns: Int, _ x: Input, addingTo sums: Output) {
    nk_column_sums_d(rows, columns, x, sums)
  }

  // MARK: Rows and columns

  package static func addBias(
    _ rows: Int, _ columns: Int, _ bias: Input, rectify: Bool, _ x: Input, _ y: Output
  ) {
    nk_add_bias_d(rows, columns, bias, rectify ? 1 : 0, x, y)
  }
  package static func biasReLUBackward(
    _ rows: Int, _ columns: Int, _ dy: Input, _ y: Input, _ dx: Output, _ dBias: Output
  ) {
    nk_bias_relu_backward_d(rows, columns, dy, y, dx, dBias)
  }
  package static func softmaxRows(
    _ rows: Int, _ columns: Int, _ x: Input, _ y: Output?, logSumExp: Output
  ) {
    nk_softmax_rows_d(rows, columns, x, y, logSumExp)
  }
  package static func layerNorm(
    _ rows: Int, _ columns: Int, _ x: Input, scale: Input, shift: Input, epsilon: Double, rectify: Bool,
    _ y: Output, mean: Output, inverse: Output
  ) {
    nk_layer_norm_d(rows, columns, x, scale, shift, epsilon, rectify ? 1 : 0, y, mean, inverse)
  }
  package static func layerNormBackward(
    _ rows: Int, _ columns: Int, _ dy: Input, _ x: Input, mean: Input, inverse: Input, scale: Input,
    shift: Input,
    rectify: Bool, _ dx: Output, dScale: Output, dShift: Output
  ) {
    nk_layer_norm_backward_d(
      rows, columns, dy, x, mean, inverse, scale, shift, rectify ? 1 : 0, dx, dScale, dShift)
  }
  package static func columnMoments(
    _ rows: Int, _ columns: Int, _ x: Input, mean: Output, variance: Output
  ) {
    nk_column_moments_d(rows, columns, x, mean, variance)
  }
  package static func columnAffine(
    _ rows: Int, _ columns: Int, _ x: Input, center: Input, factor: Input, shift: Input, _ y: Output
  ) {
    nk_column_affine_d(rows, columns, x, center, factor, shift, y)
  }
  package static func columnCenteredDots(
    _ rows: Int, _ columns: Int, _ dy: Input, _ x: Input, center: Input, factor: Input, addingTo sums: Output
  ) {
    nk_column_centered_dots_d(rows, columns, dy, x, center, factor, sums)
  }
  package static func standardizeBackward(
    _ rows: Int, _ columns: Int, _ dy: Input, _ x: Input, center: Input, factor: Input, outer: Input,
    a: Input, b: Input, _ dx: Output
  ) {
    nk_standardize_backward_d(rows, columns, dy, x, center, factor, outer, a, b, dx)
  }
  package static func unitRows(
    _ rows: Int, _ columns: Int, _ x: Input, epsilon: Double, _ y: Output, norms: Output
  ) {
    nk_unit_rows_d(rows, columns, x, epsilon, y, norms)
  }
  package static func unitRowsBackward(
    _ rows: Int, _ columns: Int, _ dy: Input, _ y: Input, norms: Input, epsilon: Double, _ dx: Output
  ) {
    nk_unit_rows_backward_d(rows, columns, dy, y, norms, epsilon, dx)
  }

  // MARK: Pooling

  package static func meanPool(_ outer: Int, _ count: Int, _ inner: Int, _ x: Input, _ y: Output) {
    nk_mean_pool_d(outer, count, inner, x, y)
  }
  package static func meanPoolBackward(_ outer: Int, _ count: Int, _ inner: Int, _ dy: Input, _ dx: Output) {
    nk_mean_pool_backward_d(outer, count, inner, dy, dx)
  }
  package static func maxPool(
    _ outer: Int, _ count: Int, _ inner: Int, _ x: Input, _ y: Output, index: UnsafeMutablePointer<Int32>
  ) {
    nk_max_pool_d(outer, count, inner, x, y, index)
  }
  package static func maxPoolBackward(
    _ outer: Int, _ count: Int, _ inner: Int, _ dy: Input, index: UnsafePointer<Int32>, _ dx: Output
  ) {
    nk_max_pool_backward_d(outer, count, inner, dy, index, dx)
  }

  // MARK: GRU

  package static func gruForward(
    _ batch: Int, _ hidden: Int, gates: Output, stride gateStride: Int, recurrent: Input, bias: Input,
    state: Output, candidate: Output, output: Output, stride hiddenStride: Int
  ) {
    nk_gru_forward_d(
      batch, hidden, gates, gateStride, recurrent, bias, state, candidate, output, hiddenStride)
  }
  package static func gruBackward(
    _ batch: Int, _ hidden: Int, dOutput: Input, gates: Input, candidate: Input, previous: Input?,
    gateStride: Int, hiddenStride: Int, carry: Output, dInput: Output, dCandidate: Output
  ) {
    nk_gru_backward_d(
      batch, hidden, dOutput, gates, candidate, previous, gateStride, hiddenStride, carry, dInput, dCandidate)
  }

  // MARK: Convolution of few channels

  package static func directConvolution(
    steps: Int, taps: Int, hop: Int, outputs: Int, _ x: Input, _ w: Input, bias: Input, _ y: Output
  ) {
    nk_direct_convolution_d(steps, taps, hop, outputs, x, w, bias, y)
  }
  package static func directConvolutionWeights(
    steps: Int, taps: Int, hop: Int, outputs: Int, _ x: Input, _ dy: Input, addingTo dw: Output
  ) {
    nk_direct_convolution_weights_d(steps, taps, hop, outputs, x, dy, dw)
  }

  // MARK: Optimizers

  package static func adamWUpdate(
    _ count: Int, _ p: Output, _ g: Input, m: Output, v: Output, rate: Double, b1: Double, b2: Double,
    epsilon: Double,
    decay: Double, c1: Double, c2: Double
  ) {
    nk_adamw_update_d(count, p, g, m, v, rate, b1, b2, epsilon, decay, c1, c2)
  }
  package static func sgdUpdate(
    _ count: Int, _ p: Output, _ g: Input, v: Output, rate: Double, momentum: Double, decay: Double,
    nesterov: Bool
  ) {
    nk_sgd_update_d(count, p, g, v, rate, momentum, decay, nesterov ? 1 : 0)
  }
}
