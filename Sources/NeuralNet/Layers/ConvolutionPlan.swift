/// How ``Conv1d`` lays one batch out for matrix products: sizes, and the copies between layouts.
///
/// A *row* is `stride` steps of the padded input, `rowSize = stride channels` numbers. An item needs
/// `rows = outputSteps + blocks - 1` of them: the last output step begins in row `outputSteps - 1` and its taps fill the
/// `blocks = ceil(kernel / stride)` rows from there on. A *part* is a few items side by side, so that products have enough rows to
/// be worth the packing of the weights. Products of a part have `items rows - (blocks - 1)` rows; the last of their
/// shifted views then ends at or before `items rows rowSize`, the end of the part.
struct ConvolutionPlan {
  let batch: Int
  let inputSteps: Int
  let outputSteps: Int
  let channels: Int
  let kernel: Int
  let stride: Int
  let padding: Int

  /// Rows of a product below which packing the weights costs more than joining items.
  private static let worthwhileRows = 512

  var taps: Int { kernel * channels }
  var rowSize: Int { stride * channels }
  var rows: Int { outputSteps + (kernel + stride - 1) / stride - 1 }
  /// Whether products would be too thin for BLAS; items are then taken one at a time by a direct loop.
  var isThin: Bool { taps <= 16 }
  /// Items of a part.
  var group: Int {
    isThin ? 1 : min(batch, max(1, (Self.worthwhileRows + outputSteps - 1) / outputSteps))
  }
  var workspaceCount: Int { group * rows * rowSize }
  /// Items of each part.
  var parts: [Range<Int>] {
    Swift.stride(from: 0, to: batch, by: group).map { $0..<min(batch, $0 + group) }
  }
  /// Which taps (kernel step and channel, flattened) each product takes; also where its view begins.
  var blocks: [Range<Int>] {
    Swift.stride(from: 0, to: taps, by: rowSize).map { $0..<min(taps, $0 + rowSize) }
  }
  /// Rows of the products of a part, those that straddle two items included.
  func productRows(_ items: Int) -> Int { items * rows - (rows - outputSteps) }

  /// The padded input of a part; the input itself where it needs no padding.
  func view<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>, _ part: Range<Int>, _ workspace: Workspace<Scalar>
  ) -> UnsafePointer<Scalar> {
    let item = inputSteps * channels
    // Invariant: without padding the last output step's taps end within the item, so a lone item is its own view.
    if padding == 0 && group == 1 { return x + part.lowerBound * item }
    let size = rows * rowSize
    let before = min(padding * channels, size)
    let copied = min(item, size - before)
    for (i, b) in part.enumerated() {
      let y = workspace.base + i * size
      Scalar.fill(before, 0, y)
      Scalar.copyBlock(1, copied, x + b * item, stride: 0, to: y + before, stride: 0)
      Scalar.fill(size - before - copied, 0, y + before + copied)
    }
    return UnsafePointer(workspace.base)
  }

  /// The transpose of ``view(_:_:_:)``: drops the padding, and zeroes the steps that no tap reaches.
  func unpad<Scalar: TensorScalar>(
    _ dPadded: UnsafePointer<Scalar>, _ part: Range<Int>, to dInput: UnsafeMutablePointer<Scalar>
  ) {
    let item = inputSteps * channels
    let size = rows * rowSize
    let before = min(padding * channels, size)
    let copied = min(item, size - before)
    for (i, b) in part.enumerated() {
      let dx = dInput + b * item
      Scalar.copyBlock(1, copied, dPadded + i * size + before, stride: 0, to: dx, stride: 0)
      Scalar.fill(item - copied, 0, dx + copied)
    }
  }

  /// Drops the straddling rows: `[items, rows, outputs] -> [items, outputSteps, outputs]`.
  func compact<Scalar: TensorScalar>(
    _ joined: UnsafePointer<Scalar>, _ items: Int, _ outputs: Int, to y: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.copyBlock(
      items, outputSteps * outputs, joined, stride: rows * outputs, to: y, stride: outputSteps * outputs)
  }

  /// The transpose of ``compact(_:_:_:to:)``: zeroes in the straddling rows.
  func spread<Scalar: TensorScalar>(
    _ dy: UnsafePointer<Scalar>, _ items: Int, _ outputs: Int, to spread: UnsafeMutablePointer<Scalar>
  ) {
    let kept = outputSteps * outputs
    Scalar.copyBlock(items, kept, dy, stride: kept, to: spread, stride: rows * outputs)
    for i in 0..<items { Scalar.fill(rows * outputs - kept, 0, spread + i * rows * outputs + kept) }
  }
}
