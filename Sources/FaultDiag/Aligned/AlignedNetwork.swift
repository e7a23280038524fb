import NeuralNet
import Support

/// Judges each fault family from the aligned envelope of one window.
///
/// One multilayer perceptron reads the lines of every (family, band) pair alike, so what it learns of one family's
/// lines serves the others; its outputs are pooled over bands by mean and maximum, and a head compares a family's
/// pooled lines with those of its rivals:
///
///     h[b,f,n] = relu(W2 dropout(relu(W1 x[b,f,n] + b1)) + b2)          [32]
///     e[b,f]   = [mean_n h, max_n h]                                    [64]
///     y[b,f]   = V2 relu(V1 [e[b,f], mean_{g≠f} e[b,g], max_{g≠f} e[b,g], onehot(f)] + c1) + c2
///
/// Input `[batch, family, band, position]`, output logits `[batch, family]`: whether the bearing at the sensor has
/// that fault. Families are independent (two faults may be present), so the loss is a sum of binary
/// cross-entropies.
package struct AlignedNetwork<Scalar: TensorScalar>: Layer {
  /// Families judged, in the order of the input's second dimension.
  package let families: Int
  package let bands: Int
  package let positions: Int
  package var lines1: Linear<Scalar>
  package var lines2: Linear<Scalar>
  package var head1: Linear<Scalar>
  package var head2: Linear<Scalar>
  package var relu = ReLU<Scalar>()
  package var dropout: Dropout<Scalar>

  static var hidden: Int { 64 }
  static var width: Int { 32 }

  package init(families: Int, bands: Int, positions: Int, dropout rate: Double, random: inout RandomSource) {
    precondition(families >= 2, "rivals need at least 2 families, found \(families)")
    self.families = families
    self.bands = bands
    self.positions = positions
    lines1 = Linear(inputs: positions, outputs: Self.hidden, random: &random)
    lines2 = Linear(inputs: Self.hidden, outputs: Self.width, random: &random)
    head1 = Linear(inputs: 6 * Self.width + families, outputs: 32, random: &random)
    head2 = Linear(inputs: 32, outputs: 1, random: &random)
    dropout = Dropout(rate)
  }

  /// A network of this shape with all weights zero, to be filled from a checkpoint.
  init(zeros shape: AlignedShape, dropout: Double) {
    // The draws are overwritten, so their source does not matter.
    var random = RandomSource(seed: 0)
    self = AlignedNetwork(
      families: shape.families, bands: shape.bands, positions: shape.positions, dropout: dropout,
      random: &random
    ).zeroed()
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try lines1.visit(join(path, "lines1"), body)
    try lines2.visit(join(path, "lines2"), body)
    try head1.visit(join(path, "head1"), body)
    try head2.visit(join(path, "head2"), body)
  }

  /// What backward needs of one forward pass.
  package struct Cache: Sendable {
    let lines1: Linear<Scalar>.Cache
    let relu1: ReLU<Scalar>.Cache
    let dropout: Dropout<Scalar>.Cache
    let lines2: Linear<Scalar>.Cache
    let relu2: ReLU<Scalar>.Cache
    /// For each `[batch, family, channel]` the band that held the maximum.
    let strongestBand: [Int]
    /// For each `[batch, family, channel of e]` the rival family that held the maximum.
    let strongestRival: [Int]
    let head1: Linear<Scalar>.Cache
    let relu3: ReLU<Scalar>.Cache
    let head2: Linear<Scalar>.Cache
  }

  package func forward(
    _ x: Tensor<Scalar>, _ context: inout ForwardContext
  ) -> (output: Tensor<Scalar>, cache: Cache) {
    precondition(
      x.rank == 4 && Array(x.shape[1...]) == [families, bands, positions],
      "aligned network wants [batch, \(families), \(bands), \(positions)], found \(x.shape)")
    let batch = x.shape[0]
    let (a1, lines1Cache) = lines1.forward(x.reshaped([batch * families * bands, positions]), &context)
    let (r1, relu1Cache) = relu.forward(a1, &context)
    let (d1, dropoutCache) = dropout.forward(r1, &context)
    let (a2, lines2Cache) = lines2.forward(d1, &context)
    let (h, relu2Cache) = relu.forward(a2, &context)
    let (e, strongestBand) = poolBands(h, batch: batch)
    let (rivals, strongestRival) = compareRivals(e, batch: batch)
    let (a3, head1Cache) = head1.forward(rivals, &context)
    let (r3, relu3Cache) = relu.forward(a3, &context)
    let (y, head2Cache) = head2.forward(r3, &context)
    let cache = Cache(
      lines1: lines1Cache, relu1: relu1Cache, dropout: dropoutCache, lines2: lines2Cache, relu2: relu2Cache,
      strongestBand: strongestBand, strongestRival: strongestRival, head1: head1Cache, relu3: relu3Cache,
      head2: head2Cache)
    return (y.reshaped([batch, families]), cache)
  }

  package func backward(_ dLogits: Tensor<Scalar>, _ cache: Cache, into gradient: inout Self) -> Tensor<
    Scalar
  > {
    let batch = dLogits.shape[0]
    let dR3 = head2.backward(dLogits.reshaped([batch * families, 1]), cache.head2, into: &gradient.head2)
    let dA3 = relu.backward(dR3, cache.relu3, into: &gradient.relu)
    let dRivals = head1.backward(dA3, cache.head1, into: &gradient.head1)
    let dE = uncompareRivals(dRivals, cache.strongestRival, batch: batch)
    let dH = unpoolBands(dE, cache.strongestBand, batch: batch)
    let dA2 = relu.backward(dH, cache.relu2, into: &gradient.relu)
    let dD1 = lines2.backward(dA2, cache.lines2, into: &gradient.lines2)
    let dR1 = dropout.backward(dD1, cache.dropout, into: &gradient.dropout)
    let dA1 = relu.backward(dR1, cache.relu1, into: &gradient.relu)
    let dX = lines1.backward(dA1, cache.lines1, into: &gradient.lines1)
    return dX.reshaped([batch, families, bands, positions])
  }
}

// MARK: - Pooling over bands

extension AlignedNetwork {
  /// `h [batch·family·band, width]` to `e [batch·family, 2·width]`: mean, then maximum.
  private func poolBands(_ h: Tensor<Scalar>, batch: Int) -> (e: Tensor<Scalar>, strongest: [Int]) {
    let width = Self.width
    let rows = batch * families
    var e = [Scalar](repeating: 0, count: rows * 2 * width)
    var strongest = [Int](repeating: 0, count: rows * width)
    for row in 0..<rows {
      for c in 0..<width {
        var sum: Scalar = 0
        var best = -Scalar.infinity
        for band in 0..<bands {
          let value = h.storage[(row * bands + band) * width + c]
          sum += value
          if value > best {
            best = value
            strongest[row * width + c] = band
          }
        }
        e[row * 2 * width + c] = sum / Scalar(bands)
        e[row * 2 * width + width + c] = h.storage[(row * bands + strongest[row * width + c]) * width + c]
      }
    }
    return (Tensor(e, shape: [rows, 2 * width]), strongest)
  }

  private func unpoolBands(_ dE: Tensor<Scalar>, _ strongest: [Int], batch: Int) -> Tensor<Scalar> {
    let width = Self.width
    let rows = batch * families
    var dH = Tensor<Scalar>(zeros: [rows * bands, width])
    for row in 0..<rows {
      for c in 0..<width {
        let dMean = dE.storage[row * 2 * width + c] / Scalar(bands)
        for band in 0..<bands { dH.storage[(row * bands + band) * width + c] += dMean }
        dH.storage[(row * bands + strongest[row * width + c]) * width + c] +=
          dE.storage[row * 2 * width + width + c]
      }
    }
    return dH
  }
}

// MARK: - Comparison with the other families

extension AlignedNetwork {
  /// `e [batch·family, D]` to `[e own, mean of the others, maximum of the others, onehot] [batch·family, 3 D + F]`.
  private func compareRivals(_ e: Tensor<Scalar>, batch: Int) -> (rivals: Tensor<Scalar>, strongest: [Int]) {
    let d = 2 * Self.width
    let outputs = 3 * d + families
    var rivals = Tensor<Scalar>(zeros: [batch * families, outputs])
    var strongest = [Int](repeating: 0, count: batch * families * d)
    for b in 0..<batch {
      for f in 0..<families {
        let row = b * families + f
        for c in 0..<d {
          var sum: Scalar = 0
          var best = f == 0 ? 1 : 0
          for g in 0..<families where g != f {
            let value = e.storage[(b * families + g) * d + c]
            sum += value
            if value > e.storage[(b * families + best) * d + c] { best = g }
          }
          strongest[row * d + c] = best
          rivals.storage[row * outputs + c] = e.storage[row * d + c]
          rivals.storage[row * outputs + d + c] = sum / Scalar(families - 1)
          rivals.storage[row * outputs + 2 * d + c] = e.storage[(b * families + best) * d + c]
        }
        rivals.storage[row * outputs + 3 * d + f] = 1
      }
    }
    return (rivals, strongest)
  }

  private func uncompareRivals(_ dRivals: Tensor<Scalar>, _ strongest: [Int], batch: Int) -> Tensor<Scalar> {
    let d = 2 * Self.width
    let outputs = 3 * d + families
    var dE = Tensor<Scalar>(zeros: [batch * families, d])
    for b in 0..<batch {
      for f in 0..<families {
        let row = b * families + f
        for c in 0..<d {
          dE.storage[row * d + c] += dRivals.storage[row * outputs + c]
          let dMean = dRivals.storage[row * outputs + d + c] / Scalar(families - 1)
          for g in 0..<families where g != f { dE.storage[(b * families + g) * d + c] += dMean }
          dE.storage[(b * families + strongest[row * d + c]) * d + c] +=
            dRivals.storage[row * outputs + 2 * d + c]
        }
      }
    }
    return dE
  }
}
