import NeuralNet

/// Margin loss over pairs: springs that pull equal pairs together and push different ones apart up to a margin.
///
///     D = ||a - b||,   L = (1 - Y) D^2 / 2 + Y max(0, m - D)^2 / 2,   Y = 0 same, 1 different
///
/// Mean over the pairs. Hadsell, Chopra and LeCun 2006 ("Dimensionality reduction by learning an invariant
/// mapping", equations 2 to 4). At D = 0 a different pair has no direction to move in; its gradient is zero.
package struct SiameseLoss: Sendable, Equatable, Codable {
  /// The distance at which different pairs rest.
  package var margin: Double

  package init(margin: Double = 1) {
    precondition(margin > 0, "the margin must be positive, found \(margin)")
    self.margin = margin
  }

  /// - `a`, `b`: `[pair, channel]`, the two sides.
  /// - `different`: Y of each pair.
  /// - Returns: the loss and its gradients by both sides.
  package func callAsFunction<Scalar: TensorScalar>(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, different: [Bool]
  ) -> (loss: Scalar, dA: Tensor<Scalar>, dB: Tensor<Scalar>) {
    precondition(
      a.rank == 2 && a.shape == b.shape && a.shape[0] == different.count,
      "sides of shapes \(a.shape) and \(b.shape) with \(different.count) labels are not pairs")
    let (pairs, channels) = (a.shape[0], a.shape[1])
    // u = (a - b) / D, a row of zeros where D is 0.
    var distances = Tensor<Scalar>(zeros: [pairs])
    let difference = a - b
    var dA = Tensor<Scalar>(written: a.shape) {
      Scalar.unitRows(
        pairs, channels, difference.storage, epsilon: .leastNormalMagnitude, $0, norms: &distances.storage)
    }
    var loss = 0.0
    dA.storage.withUnsafeMutableBufferPointer { rows in
      for pair in 0..<pairs {
        let distance = Double(distances.storage[pair])
        let stretch = different[pair] ? min(distance - margin, 0) : distance
        loss += stretch * stretch / 2
        // dL/da = stretch u. Invariant: row `pair` holds `channels` numbers; scaling in place is allowed.
        guard let row = rows.baseAddress.map({ $0 + pair * channels }) else { continue }
        Scalar.scale(channels, Scalar(stretch / Double(pairs)), row, row)
      }
    }
    return (Scalar(loss / Double(max(pairs, 1))), dA, -1 * dA)
  }

  /// Euclidean distance, accumulated in double precision.
  package static func distance<Scalar: TensorScalar>(
    _ a: ArraySlice<Scalar>, _ b: ArraySlice<Scalar>
  ) -> Double {
    zip(a, b).reduce(0.0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }.squareRoot()
  }
}
