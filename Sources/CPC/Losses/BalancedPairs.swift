import Support

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
