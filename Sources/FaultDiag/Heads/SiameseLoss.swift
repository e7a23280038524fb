import NeuralNet
import Support

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

  /// - Parameters:
  ///   - a, b: `[pair, channel]`, the two sides.
  ///   - different: Y of each pair.
  /// - Returns: the loss and its gradients by both sides.
  package func callAsFunction<Scalar: TensorScalar>(
    _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, different: [Bool]
  ) -> (loss: Scalar, dA: Tensor<Scalar>, dB: Tensor<Scalar>) {
    precondition(
      a.rank == 2 && a.shape == b.shape && a.shape[0] == different.count,
      "sides of shapes \(a.shape) and \(b.shape) with \(different.count) labels are not pairs")
    var (dA, dB) = (Tensor<Scalar>(zeros: a.shape), Tensor<Scalar>(zeros: b.shape))
    var loss = 0.0
    let (pairs, channels) = (a.shape[0], a.shape[1])
    for pair in 0..<pairs {
      let row = pair * channels..<(pair + 1) * channels
      let distance = Self.distance(a.storage[row], b.storage[row])
      let stretch = different[pair] ? min(distance - margin, 0) : distance
      loss += stretch * stretch / 2
      // dL/da = stretch * (a - b) / D; for an equal pair stretch / D is 1, also at D = 0.
      let pull = different[pair] ? (distance > 0 ? stretch / distance : 0) : 1
      for i in row {
        let d = Scalar(pull / Double(pairs)) * (a.storage[i] - b.storage[i])
        dA.storage[i] = d
        dB.storage[i] = -d
      }
    }
    return (Scalar(loss / Double(max(pairs, 1))), dA, dB)
  }

  /// Euclidean distance, accumulated in double precision.
  static func distance<Scalar: TensorScalar>(_ a: ArraySlice<Scalar>, _ b: ArraySlice<Scalar>) -> Double {
    zip(a, b).reduce(0.0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }.squareRoot()
  }
}

/// Pairs of items drawn so that equal and different pairs balance, and within each the classes.
package struct BalancedPairs: Sendable {
  /// Item indices of each class that has any, by class.
  private let members: [[Int]]

  /// - Parameter labels: class index of each item; at least two classes must occur for different pairs.
  package init(labels: [Int]) {
    members = Set(labels).sorted().map { label in labels.indices.filter { labels[$0] == label } }
  }

  package struct Pair: Sendable, Equatable {
    package var a: Int
    package var b: Int
    package var different: Bool
  }

  /// `count` pairs, alternately equal and different.
  ///
  /// An equal pair draws a class and two distinct members (a class of one gives the item with itself); a different
  /// pair draws two distinct classes and a member of each. Rare classes are thereby drawn as often as common ones.
  package func draw(_ count: Int, _ random: inout RandomSource) -> [Pair] {
    guard !members.isEmpty else { return [] }
    return (0..<count).map { index in
      index % 2 == 0 || members.count < 2 ? equalPair(&random) : differentPair(&random)
    }
  }

  private func equalPair(_ random: inout RandomSource) -> Pair {
    let own = members[random.integer(below: members.count)]
    let first = random.integer(below: own.count)
    guard own.count > 1 else { return Pair(a: own[0], b: own[0], different: false) }
    let second = (first + 1 + random.integer(below: own.count - 1)) % own.count
    return Pair(a: own[first], b: own[second], different: false)
  }

  private func differentPair(_ random: inout RandomSource) -> Pair {
    let first = random.integer(below: members.count)
    let second = (first + 1 + random.integer(below: members.count - 1)) % members.count
    return Pair(
      a: members[first][random.integer(below: members[first].count)],
      b: members[second][random.integer(below: members[second].count)], different: true)
  }
}
