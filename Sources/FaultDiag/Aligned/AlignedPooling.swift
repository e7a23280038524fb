import NeuralNet

/// Which bands of each `[batch, row]` are not silent.
package struct Live: Sendable {
  /// `[batch · row, band]`.
  let isLive: [Bool]
  /// Of each `[batch · row]`, how many of the bands that are averaged; at least 1.
  let counts: [Int]

  init<Scalar>(_ x: Tensor<Scalar>, bands: Int, positions: Int) {
    let values = x.storage
    let isLive = (0..<values.count / positions).map { slice in
      values[slice * positions..<(slice + 1) * positions].contains { $0 != 0 }
    }
    self.isLive = isLive
    counts = (0..<isLive.count / bands).map { row in
      max(1, isLive[row * bands..<row * bands + bands - 2].count { $0 })
    }
  }
}

// MARK: - What bands agree on

extension AlignedNetwork {
  /// `x [batch, row, band, position]` to `[batch·row, 2·position]`: twice the mean of all bands but the last two, then the
  /// last band.
  ///
  /// Twice, since noise that differs between bands leaves their mean about half as large as a band.
  @specialized(where Scalar == Float)
  func agree(_ x: Tensor<Scalar>, _ live: Live) -> Tensor<Scalar> {
    let values = x.storage
    let count = live.counts.count
    var agreed = [Scalar](repeating: 0, count: count * 2 * positions)
    for row in 0..<count {
      let start = row * 2 * positions
      let share = 2 / Scalar(live.counts[row])
      for band in 0..<bands - 2 where live.isLive[row * bands + band] {
        let from = (row * bands + band) * positions
        for p in 0..<positions { agreed[start + p] += share * values[from + p] }
      }
      let last = (row * bands + bands - 1) * positions
      for p in 0..<positions { agreed[start + positions + p] = values[last + p] }
    }
    return Tensor(agreed, shape: [count, 2 * positions])
  }

  /// Adds to dX what came through ``agree(_:_:)``.
  @specialized(where Scalar == Float)
  func disagree(_ dAgreed: Tensor<Scalar>, _ live: Live, into dX: inout Tensor<Scalar>) {
    for row in 0..<live.counts.count {
      let start = row * 2 * positions
      let share = 2 / Scalar(live.counts[row])
      for band in 0..<bands - 2 where live.isLive[row * bands + band] {
        let to = (row * bands + band) * positions
        for p in 0..<positions { dX.storage[to + p] += share * dAgreed.storage[start + p] }
      }
      let last = (row * bands + bands - 1) * positions
      for p in 0..<positions { dX.storage[last + p] += dAgreed.storage[start + positions + p] }
    }
  }
}

// MARK: - Pooling over bands

extension AlignedNetwork {
  /// `h [batch·row·band, width]` and `a [batch·row, width]` to `e [batch·row, 3·width]`: mean, maximum, a.
  @specialized(where Scalar == Float)
  func poolBands(
    _ h: Tensor<Scalar>, beside a: Tensor<Scalar>
  ) -> (e: Tensor<Scalar>, strongest: [Int]) {
    let (width, size) = (Self.width, Self.rowWidth)
    let count = a.shape[0]
    var e = [Scalar](repeating: 0, count: count * size)
    var strongest = [Int](repeating: 0, count: count * width)
    for row in 0..<count {
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
        e[row * size + c] = sum / Scalar(bands)
        e[row * size + width + c] = h.storage[(row * bands + strongest[row * width + c]) * width + c]
        e[row * size + 2 * width + c] = a.storage[row * width + c]
      }
    }
    return (Tensor(e, shape: [count, size]), strongest)
  }

  @specialized(where Scalar == Float)
  func unpoolBands(_ dE: Tensor<Scalar>, _ strongest: [Int]) -> (dH: Tensor<Scalar>, dA: Tensor<Scalar>) {
    let (width, size) = (Self.width, Self.rowWidth)
    let count = dE.shape[0]
    var dH = Tensor<Scalar>(zeros: [count * bands, width])
    var dA = Tensor<Scalar>(zeros: [count, width])
    for row in 0..<count {
      for c in 0..<width {
        let dMean = dE.storage[row * size + c] / Scalar(bands)
        for band in 0..<bands { dH.storage[(row * bands + band) * width + c] += dMean }
        dH.storage[(row * bands + strongest[row * width + c]) * width + c] +=
          dE.storage[row * size + width + c]
        dA.storage[row * width + c] = dE.storage[row * size + 2 * width + c]
      }
    }
    return (dH, dA)
  }
}

// MARK: - Comparison with the other rows

extension AlignedNetwork {
  /// Rows that family `f` is compared with: the other families, then the rivals.
  private func opponents(of f: Int) -> [[Int]] {
    let others = (0..<families).filter { $0 != f }
    return rivals > 0 ? [others, Array(families..<rows)] : [others]
  }

  /// `e [batch·row, D]` to `[e own, mean and maximum of other families, mean and maximum of rivals, onehot]`
  /// `[batch·family, 5 D + F]` (3 D + F without rivals).
  @specialized(where Scalar == Float)
  func compare(_ e: Tensor<Scalar>, batch: Int) -> (compared: Tensor<Scalar>, strongest: [Int]) {
    let (d, outputs) = (Self.rowWidth, compared)
    var result = Tensor<Scalar>(zeros: [batch * families, outputs])
    var strongest: [Int] = []
    for b in 0..<batch {
      for f in 0..<families {
        let start = (b * families + f) * outputs
        for c in 0..<d { result.storage[start + c] = e.storage[(b * rows + f) * d + c] }
        for (group, opponents) in opponents(of: f).enumerated() {
          let at = start + (1 + 2 * group) * d
          for c in 0..<d {
            var sum: Scalar = 0
            var best = opponents[0]
            for g in opponents {
              let value = e.storage[(b * rows + g) * d + c]
              sum += value
              if value > e.storage[(b * rows + best) * d + c] { best = g }
            }
            strongest.append(best)
            result.storage[at + c] = sum / Scalar(opponents.count)
            result.storage[at + d + c] = e.storage[(b * rows + best) * d + c]
          }
        }
        result.storage[start + outputs - families + f] = 1
      }
    }
    return (result, strongest)
  }

  @specialized(where Scalar == Float)
  func uncompare(_ dCompared: Tensor<Scalar>, _ strongest: [Int], batch: Int) -> Tensor<Scalar> {
    let (d, outputs) = (Self.rowWidth, compared)
    var dE = Tensor<Scalar>(zeros: [batch * rows, d])
    var next = 0
    for b in 0..<batch {
      for f in 0..<families {
        let start = (b * families + f) * outputs
        for c in 0..<d { dE.storage[(b * rows + f) * d + c] += dCompared.storage[start + c] }
        for (group, opponents) in opponents(of: f).enumerated() {
          let at = start + (1 + 2 * group) * d
          for c in 0..<d {
            let dMean = dCompared.storage[at + c] / Scalar(opponents.count)
            for g in opponents { dE.storage[(b * rows + g) * d + c] += dMean }
            dE.storage[(b * rows + strongest[next]) * d + c] += dCompared.storage[at + d + c]
            next += 1
          }
        }
      }
    }
    return dE
  }
}
