import NeuralNet
import Support

/// Judges each fault family from the aligned envelope of one window.
///
/// One multilayer perceptron reads the lines of every row (a family, or a rival: a comb of lines of no family) and band
/// alike, so what it learns of one family's lines serves the others; its outputs are pooled over bands by mean and maximum.
/// A second one reads what the bands agree on, the mean of the narrow bands beside the whitened one: lines too weak for
/// any single band stand out of their mean. A head compares a family with the others and with the rivals:
///
///     h[b,r,n] = relu(W2 dropout(relu(W1 x[b,r,n] + b1)) + b2)                              [32]
///     a[b,r]   = relu(A2 dropout(relu(A1 [2 mean_n x[b,r,n], x[b,r,last]] + c1)) + c2)      [32]
///     e[b,r]   = [mean_n h, max_n h, a]                                                     [96]
///     y[b,f]   = V2 relu(V1 [e[b,f], mean and max over other families, mean and max over rivals, onehot(f)] + d1) + d2
///
/// The mean of x is over all bands but the last two (the whole range, plain and whitened); silent ones are left out, since
/// training silences bands.
///
/// Input `[batch, row, band, position]`, families before rivals; output logits `[batch, family]`: whether the bearing at the
/// sensor has that fault. Families are independent (two faults may be present), so the loss is a sum of binary
/// cross-entropies.
package struct AlignedNetwork<Scalar: TensorScalar>: Layer {
  /// Families judged, in the order of the input's second dimension.
  package let families: Int
  /// Rows after those of the families; 0 for none.
  package let rivals: Int
  package let bands: Int
  package let positions: Int
  package var lines1: Linear<Scalar>
  package var lines2: Linear<Scalar>
  package var agreement1: Linear<Scalar>
  package var agreement2: Linear<Scalar>
  package var head1: Linear<Scalar>
  package var head2: Linear<Scalar>
  package var relu = ReLU<Scalar>()
  package var dropout: Dropout<Scalar>

  static var hidden: Int { 64 }
  static var width: Int { 32 }
  static var agreementHidden: Int { 32 }
  /// Values of e.
  static var rowWidth: Int { 3 * width }

  var rows: Int { families + rivals }
  /// Values that the head reads of a family.
  var compared: Int { (rivals > 0 ? 5 : 3) * Self.rowWidth + families }

  package init(
    families: Int, rivals: Int, bands: Int, positions: Int, dropout rate: Double, random: inout RandomSource
  ) {
    precondition(families >= 2, "rivals need at least 2 families, found \(families)")
    precondition(bands >= 3, "agreement needs at least 3 bands, found \(bands)")
    self.families = families
    self.rivals = rivals
    self.bands = bands
    self.positions = positions
    lines1 = Linear(inputs: positions, outputs: Self.hidden, random: &random)
    lines2 = Linear(inputs: Self.hidden, outputs: Self.width, random: &random)
    agreement1 = Linear(inputs: 2 * positions, outputs: Self.agreementHidden, random: &random)
    agreement2 = Linear(inputs: Self.agreementHidden, outputs: Self.width, random: &random)
    let compared = (rivals > 0 ? 5 : 3) * Self.rowWidth + families
    head1 = Linear(inputs: compared, outputs: 32, random: &random)
    head2 = Linear(inputs: 32, outputs: 1, random: &random)
    dropout = Dropout(rate)
  }

  /// A network of this shape with all weights zero, to be filled from a checkpoint.
  init(zeros shape: AlignedShape, dropout: Double) {
    // The draws are overwritten, so their source does not matter.
    var random = RandomSource(seed: 0)
    self = AlignedNetwork(
      families: shape.families, rivals: shape.rivals, bands: shape.bands, positions: shape.positions,
      dropout: dropout, random: &random
    ).zeroed()
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try lines1.visit(join(path, "lines1"), body)
    try lines2.visit(join(path, "lines2"), body)
    try agreement1.visit(join(path, "agreement1"), body)
    try agreement2.visit(join(path, "agreement2"), body)
    try head1.visit(join(path, "head1"), body)
    try head2.visit(join(path, "head2"), body)
  }

  /// What backward needs of two linear layers with dropout between.
  package struct BlockCache: Sendable {
    let linear1: Linear<Scalar>.Cache
    let relu1: ReLU<Scalar>.Cache
    let dropout: Dropout<Scalar>.Cache
    let linear2: Linear<Scalar>.Cache
    let relu2: ReLU<Scalar>.Cache
  }

  /// What backward needs of one forward pass.
  package struct Cache: Sendable {
    let lines: BlockCache
    let agreement: BlockCache
    let live: Live
    /// For each `[batch, row, channel]` the band that held the maximum.
    let strongestBand: [Int]
    /// For each `[batch, family, channel of e]` the row that held the maximum: of the other families, then of the rivals.
    let strongestRow: [Int]
    let head1: Linear<Scalar>.Cache
    let relu3: ReLU<Scalar>.Cache
    let head2: Linear<Scalar>.Cache
  }

  @specialized(where Scalar == Float)
  package func forward(
    _ x: Tensor<Scalar>, _ context: inout ForwardContext
  ) -> (output: Tensor<Scalar>, cache: Cache) {
    precondition(
      x.rank == 4 && Array(x.shape[1...]) == [rows, bands, positions],
      "aligned network wants [batch, \(rows), \(bands), \(positions)], found \(x.shape)")
    let batch = x.shape[0]
    let (h, linesCache) = block(
      lines1, lines2, x.reshaped([batch * rows * bands, positions]), &context)
    let live = Live(x, bands: bands, positions: positions)
    let (a, agreementCache) = block(agreement1, agreement2, agree(x, live), &context)
    let (e, strongestBand) = poolBands(h, beside: a)
    let (compared, strongestRow) = compare(e, batch: batch)
    let (a3, head1Cache) = head1.forward(compared, &context)
    let (r3, relu3Cache) = relu.forward(a3, &context)
    let (y, head2Cache) = head2.forward(r3, &context)
    let cache = Cache(
      lines: linesCache, agreement: agreementCache, live: live, strongestBand: strongestBand,
      strongestRow: strongestRow, head1: head1Cache, relu3: relu3Cache, head2: head2Cache)
    return (y.reshaped([batch, families]), cache)
  }

  @specialized(where Scalar == Float)
  package func backward(_ dLogits: Tensor<Scalar>, _ cache: Cache, into gradient: inout Self) -> Tensor<
    Scalar
  > {
    let batch = dLogits.shape[0]
    let dR3 = head2.backward(dLogits.reshaped([batch * families, 1]), cache.head2, into: &gradient.head2)
    let dA3 = relu.backward(dR3, cache.relu3, into: &gradient.relu)
    let dCompared = head1.backward(dA3, cache.head1, into: &gradient.head1)
    let dE = uncompare(dCompared, cache.strongestRow, batch: batch)
    let (dH, dA) = unpoolBands(dE, cache.strongestBand)
    let dAgreed = unblock(
      agreement1, agreement2, dA, cache.agreement, &gradient.agreement1, &gradient.agreement2)
    var dX = unblock(lines1, lines2, dH, cache.lines, &gradient.lines1, &gradient.lines2)
    disagree(dAgreed, cache.live, into: &dX)
    return dX.reshaped([batch, rows, bands, positions])
  }

  private func block(
    _ first: Linear<Scalar>, _ second: Linear<Scalar>, _ x: Tensor<Scalar>, _ context: inout ForwardContext
  ) -> (output: Tensor<Scalar>, cache: BlockCache) {
    let (a1, linear1) = first.forward(x, &context)
    let (r1, relu1) = relu.forward(a1, &context)
    let (d1, dropped) = dropout.forward(r1, &context)
    let (a2, linear2) = second.forward(d1, &context)
    let (output, relu2) = relu.forward(a2, &context)
    return (
      output,
      BlockCache(linear1: linear1, relu1: relu1, dropout: dropped, linear2: linear2, relu2: relu2)
    )
  }

  private func unblock(
    _ first: Linear<Scalar>, _ second: Linear<Scalar>, _ dOutput: Tensor<Scalar>, _ cache: BlockCache,
    _ firstGradient: inout Linear<Scalar>, _ secondGradient: inout Linear<Scalar>
  ) -> Tensor<Scalar> {
    // A rectifier and dropout have no weights, so their gradients need no place.
    var (noRelu, noDropout) = (relu, dropout)
    let dA2 = relu.backward(dOutput, cache.relu2, into: &noRelu)
    let dD1 = second.backward(dA2, cache.linear2, into: &secondGradient)
    let dR1 = dropout.backward(dD1, cache.dropout, into: &noDropout)
    let dA1 = relu.backward(dR1, cache.relu1, into: &noRelu)
    return first.backward(dA1, cache.linear1, into: &firstGradient)
  }
}
