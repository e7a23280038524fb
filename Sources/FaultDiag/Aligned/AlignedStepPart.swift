import CKernels
import NeuralNet
import SignalIO
import Support

/// A few windows of a batch on their way through an ``AlignedNetwork`` and back, in memory that is planned once.
///
/// Slices `[row, position]` of bands that the augmentation silenced are zeros, whose product with any weights is known: they
/// lie behind the others and take no part in the two large products, that of all slices with the first layer's weights and
/// that of their gradients.
final class AlignedStepPart {
  /// What is done with which windows.
  struct Task: Sendable {
    /// Examples.
    var rows: [Int]
    /// One a window.
    var draws: [AlignedAugmentation.Draw]
    /// Names the masks of dropout.
    var linesKey: UInt32
    var agreementKey: UInt32
    /// Windows of the whole batch, over which the loss is a mean.
    var batch: Int
  }

  private typealias Network = AlignedNetwork<Float>

  private let shape: AlignedShape
  /// Bits below this drop an element, and the others are multiplied by ``kept``.
  private let threshold: UInt32
  private let kept: Float
  /// Slot of each window's bands, see AlignedKernels.h.
  private var slots: [Int32]
  /// `[slot, row, position]`.
  private let x: AlignedBuffer
  /// `[slot, row, hidden]`: after the first layer, its rectifier and dropout, and the gradient of the same.
  private let first: AlignedBuffer
  private let dFirst: AlignedBuffer
  /// `[slot, row, width]`.
  private let h: AlignedBuffer
  private let dH: AlignedBuffer
  private var strongestBand: [UInt8]
  private var strongestRow: [UInt8]
  /// `[window, row, ...]` of the network that reads what bands agree on.
  private let agreed: AlignedBuffer
  private let agreedFirst: AlignedBuffer
  private let dAgreedFirst: AlignedBuffer
  private let a: AlignedBuffer
  private let dA: AlignedBuffer
  /// Of the part's share of the batch's mean loss.
  private(set) var gradient: AlignedNetwork<Float>

  init(shape: AlignedShape, dropout: Double, capacity: Int) {
    self.shape = shape
    threshold = UInt32(dropout * 0x1p32)
    kept = Float(1 / (1 - dropout))
    let rows = capacity * shape.rows
    let slices = rows * shape.bands
    slots = [Int32](repeating: 0, count: capacity * shape.bands)
    x = AlignedBuffer(count: slices * shape.positions)
    first = AlignedBuffer(count: slices * Network.hidden)
    dFirst = AlignedBuffer(count: slices * Network.hidden)
    h = AlignedBuffer(count: slices * Network.width)
    dH = AlignedBuffer(count: slices * Network.width)
    strongestBand = [UInt8](repeating: 0, count: rows * Network.width)
    strongestRow = [UInt8](repeating: 0, count: capacity * shape.families * 2 * Network.rowWidth)
    agreed = AlignedBuffer(count: rows * 2 * shape.positions)
    agreedFirst = AlignedBuffer(count: rows * Network.agreementHidden)
    dAgreedFirst = AlignedBuffer(count: rows * Network.agreementHidden)
    a = AlignedBuffer(count: rows * Network.width)
    dA = AlignedBuffer(count: rows * Network.width)
    gradient = AlignedNetwork(zeros: shape, dropout: dropout)
  }

  /// Sets ``gradient`` and returns the loss, both as the part's share of the batch's mean.
  func evaluate(_ network: AlignedNetwork<Float>, _ examples: AlignedExamples, _ task: Task) -> Double {
    gradient.visit("") { _, _, tensor in tensor.fill(0) }
    let live = hear(task, examples)
    let windows = task.rows.count
    let e = forward(network, task, windows: windows, live: live)
    let (loss, dE) = judge(network, e, task, examples)
    backward(network, dE, windows: windows, live: live)
    return loss
  }

  /// Augmented windows into ``x``; returns how many slots hold values.
  private func hear(_ task: Task, _ examples: AlignedExamples) -> Int {
    let (bands, rows, positions) = (shape.bands, shape.rows, shape.positions)
    let silent = task.draws.flatMap(\.isSilent)
    let live = silent.count { !$0 }
    var (nextLive, nextSilent) = (0, live)
    for (slice, isSilent) in silent.enumerated() {
      slots[slice] = Int32(isSilent ? nextSilent : nextLive)
      if isSilent { nextSilent += 1 } else { nextLive += 1 }
    }
    for (window, (row, draw)) in zip(task.rows, task.draws).enumerated() {
      let stretch = AxisStretch(scale: draw.scale, shape: shape)
      examples.features[row].withUnsafeBufferPointer { source in
        // Invariant: a window holds rows x bands x positions values, and a slot has room for rows x positions.
        for band in 0..<bands where !draw.isSilent[band] {
          let to = x.base + Int(slots[window * bands + band]) * rows * positions
          for r in 0..<rows {
            let from = (r * bands + band) * positions
            ak_stretch(
              source.baseAddress! + from, stretch.offsets.count, stretch.begins, stretch.offsets,
              stretch.share, draw.noise, draw.key, UInt32(from), to + r * positions)
          }
        }
      }
    }
    return live
  }

  /// e of ``AlignedNetwork``: `[window · row, rowWidth]`.
  private func forward(
    _ network: AlignedNetwork<Float>, _ task: Task, windows: Int, live: Int
  ) -> Tensor<Float> {
    let (bands, rows, positions, width) = (shape.bands, shape.rows, shape.positions, Network.width)
    let (slices, liveSlices, size) = (windows * bands * rows, live * rows, Network.rowWidth)
    multiply(x, [liveSlices, positions], network.lines1.weight, into: first)
    first.clear(liveSlices * Network.hidden..<slices * Network.hidden)
    drop(first, slices, network.lines1, key: task.linesKey)
    multiply(first, [slices, Network.hidden], network.lines2.weight, into: h)
    Float.addBias(slices, width, network.lines2.bias!.storage, rectify: true, h.base, h.base)

    let agreedRows = windows * rows
    ak_agree(windows, rows, bands, positions, slots, Int32(live), x.base, agreed.base)
    multiply(agreed, [agreedRows, 2 * positions], network.agreement1.weight, into: agreedFirst)
    drop(agreedFirst, agreedRows, network.agreement1, key: task.agreementKey)
    multiply(agreedFirst, [agreedRows, Network.agreementHidden], network.agreement2.weight, into: a)
    Float.addBias(agreedRows, width, network.agreement2.bias!.storage, rectify: true, a.base, a.base)

    return Tensor(written: [agreedRows, size]) { e in
      ak_pool_bands(windows, rows, bands, width, slots, h.base, size, e, &strongestBand)
      Float.copyBlock(agreedRows, width, a.base, stride: width, to: e + 2 * width, stride: size)
    }
  }

  /// The head's loss, and its gradient with respect to e.
  private func judge(
    _ network: AlignedNetwork<Float>, _ e: Tensor<Float>, _ task: Task, _ examples: AlignedExamples
  ) -> (loss: Double, dE: Tensor<Float>) {
    let windows = task.rows.count
    // The head has no dropout, so that nothing is drawn.
    var context = ForwardContext(mode: .training, random: RandomSource(seed: 0))
    let width = Network.rowWidth
    let compared = Tensor(written: [windows * shape.families, network.compared]) {
      ak_compare(windows, shape.families, shape.rivals, width, e.storage, $0, &strongestRow)
    }
    let (a3, head1) = network.head1.forward(compared, &context)
    let (r3, relu3) = network.relu.forward(a3, &context)
    let (y, head2) = network.head2.forward(r3, &context)
    let targets = Tensor(task.rows.flatMap { examples.targets[$0] }, shape: y.shape)
    var (loss, dY) = BinaryCrossEntropy.evaluate(logits: y, targets: targets)
    let share = Double(windows) / Double(task.batch)
    dY.scale(by: Float(share))
    let dR3 = network.head2.backward(dY, head2, into: &gradient.head2)
    let dA3 = network.relu.backward(dR3, relu3, into: &gradient.relu)
    let dCompared = network.head1.backward(dA3, head1, into: &gradient.head1)
    loss *= share
    let dE = Tensor(written: e.shape) {
      ak_uncompare(windows, shape.families, shape.rivals, width, dCompared.storage, strongestRow, $0)
    }
    return (loss, dE)
  }

  private func backward(_ network: AlignedNetwork<Float>, _ dE: Tensor<Float>, windows: Int, live: Int) {
    let (bands, rows, width) = (shape.bands, shape.rows, Network.width)
    let (slices, liveSlices, size) = (windows * bands * rows, live * rows, Network.rowWidth)
    ak_unpool_bands(windows, rows, bands, width, slots, h.base, size, dE.storage, strongestBand, dH.base)
    Float.columnSums(slices, width, dH.base, addingTo: &gradient.lines2.bias!.storage)
    addProduct(dH, first, rows: slices, into: &gradient.lines2.weight)
    undrop(dH, slices, first, network.lines2, into: dFirst, &gradient.lines1.bias!)
    addProduct(dFirst, x, rows: liveSlices, into: &gradient.lines1.weight)

    let agreedRows = windows * rows
    dE.storage.withUnsafeBufferPointer { source in
      // Invariant: dE has rows of size 3 width, of which the last third is that of a.
      Float.copyBlock(
        agreedRows, width, source.baseAddress! + 2 * width, stride: size, to: dA.base, stride: width)
    }
    Float.biasReLUBackward(
      agreedRows, width, dA.base, a.base, dA.base, &gradient.agreement2.bias!.storage)
    addProduct(dA, agreedFirst, rows: agreedRows, into: &gradient.agreement2.weight)
    undrop(dA, agreedRows, agreedFirst, network.agreement2, into: dAgreedFirst, &gradient.agreement1.bias!)
    addProduct(dAgreedFirst, agreed, rows: agreedRows, into: &gradient.agreement1.weight)
  }
}

// MARK: - Products and dropout

extension AlignedStepPart {
  /// `y = x W^T` of the first rows of x.
  private func multiply(_ x: AlignedBuffer, _ shape: [Int], _ weight: Tensor<Float>, into y: AlignedBuffer) {
    let (rows, inputs, outputs) = (shape[0], shape[1], weight.shape[0])
    guard rows > 0 else { return }
    precondition(weight.shape[1] == inputs && rows * inputs <= x.count && rows * outputs <= y.count)
    Float.gemm(
      transposeA: false, transposeB: true, m: rows, n: outputs, k: inputs, alpha: 1, x.base, lda: inputs,
      weight.storage, ldb: inputs, beta: 0, y.base, ldc: outputs)
  }

  /// `dW += dY^T X` over the first rows of both.
  private func addProduct(
    _ dY: AlignedBuffer, _ x: AlignedBuffer, rows: Int, into dWeight: inout Tensor<Float>
  ) {
    let (outputs, inputs) = (dWeight.shape[0], dWeight.shape[1])
    guard rows > 0 else { return }
    precondition(rows * outputs <= dY.count && rows * inputs <= x.count)
    Float.gemm(
      transposeA: true, transposeB: false, m: outputs, n: inputs, k: rows, alpha: 1, dY.base, lda: outputs,
      x.base, ldb: inputs, beta: 1, &dWeight.storage, ldc: inputs)
  }

  /// Bias, rectifier and dropout behind `layer`, in place.
  private func drop(_ y: AlignedBuffer, _ rows: Int, _ layer: Linear<Float>, key: UInt32) {
    ak_bias_relu_dropout(rows, layer.outputs, layer.bias!.storage, key, threshold, kept, y.base)
  }

  /// The gradient dY of `layer`'s output back through it and ``drop(_:_:_:key:)``, whose output is its input y: what
  /// is dropped or rectified is 0 there.
  private func undrop(
    _ dY: AlignedBuffer, _ rows: Int, _ y: AlignedBuffer, _ layer: Linear<Float>, into dX: AlignedBuffer,
    _ dBias: inout Tensor<Float>
  ) {
    let (inputs, outputs) = (layer.inputs, layer.outputs)
    Float.gemm(
      transposeA: false, transposeB: false, m: rows, n: inputs, k: outputs, alpha: kept, dY.base,
      lda: outputs, layer.weight.storage, ldb: inputs, beta: 0, dX.base, ldc: inputs)
    Float.biasReLUBackward(rows, inputs, dX.base, y.base, dX.base, &dBias.storage)
  }
}
