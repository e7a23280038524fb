/// How often positives score higher than all negatives, and than all but a few: top-1 and top-5 accuracy as counts, so that
/// counts of parts can be added.
struct RankCounts: Sendable, Equatable {
  /// Positives that were ranked.
  private(set) var count = 0
  /// Those that score strictly higher than every negative.
  private(set) var first = 0
  /// Those with at most four negatives that score as high or higher.
  private(set) var amongFive = 0

  init() {}

  /// - Parameter ranks: negatives that score at least as high as each positive; -1 where there is no positive.
  init(_ ranks: some Sequence<Int32>) {
    for rank in ranks { add(rank) }
  }

  mutating func add(_ rank: Int32) {
    guard rank >= 0 else { return }
    count += 1
    first += rank == 0 ? 1 : 0
    amongFive += rank < 5 ? 1 : 0
  }

  static func + (a: RankCounts, b: RankCounts) -> RankCounts {
    var sum = a
    sum.count += b.count
    sum.first += b.first
    sum.amongFive += b.amongFive
    return sum
  }

  /// Top-1 accuracy; nil without positives.
  var accuracy: Double? { count > 0 ? Double(first) / Double(count) : nil }

  /// Top-5 accuracy among `candidates`; nil where five candidates or fewer make it 1 by themselves.
  func topFiveAccuracy(among candidates: Int) -> Double? {
    count > 0 && candidates > 5 ? Double(amongFive) / Double(count) : nil
  }
}
