/// Areas under the curve of true-positive against false-positive rate.
///
/// A function answers nil where the area is undefined: without positives, without negatives, or with a score
/// that is not finite.
package enum ReceiverOperatingCharacteristic {
  /// Area under the whole curve: the probability that a positive scores above a negative, ties counting half.
  ///
  /// `AUROC = (R - P (P + 1) / 2) / (P N)` with R the sum of the positives' mid-ranks, P positives and N negatives
  /// (Hanley and McNeil 1982; the Mann-Whitney U statistic). O(n log n).
  package static func area(scores: [Double], positive: [Bool]) -> Double? {
    guard let (positives, negatives) = counts(scores, positive) else { return nil }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var rankSum = 0.0
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      let midRank = Double(start + end + 1) / 2
      for i in start..<end where positive[order[i]] { rankSum += midRank }
      start = end
    }
    let p = Double(positives)
    return (rankSum - p * (p + 1) / 2) / (p * Double(negatives))
  }

  /// Area up to a false-positive rate, standardised so that 0.5 is chance and 1 perfect.
  ///
  /// `(1 + (A - f^2/2) / (f - f^2/2)) / 2` with A the raw area up to rate f, the curve interpolated linearly at f
  /// (McClish 1989). This is scikit-learn's `roc_auc_score(max_fpr: f)`; DCASE 2020 Task 2 reports the same with
  /// f = 0.1.
  /// - `maximumFalsePositiveRate`: f in (0, 1].
  package static func partialArea(
    scores: [Double], positive: [Bool], maximumFalsePositiveRate: Double = 0.1
  ) -> Double? {
    precondition(
      maximumFalsePositiveRate > 0 && maximumFalsePositiveRate <= 1,
      "a false-positive rate of \(maximumFalsePositiveRate) is not in (0, 1]")
    guard let (positives, negatives) = counts(scores, positive) else { return nil }
    let f = maximumFalsePositiveRate
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var area = 0.0
    var (x, y) = (0.0, 0.0)
    var (hits, alarms) = (0, 0)
    var start = 0
    while start < order.count, x < f {
      var end = start
      while end < order.count, scores[order[end]] == scores[order[start]] {
        if positive[order[end]] { hits += 1 } else { alarms += 1 }
        end += 1
      }
      let (nextX, nextY) = (Double(alarms) / Double(negatives), Double(hits) / Double(positives))
      let stop = min(nextX, f)
      let stopY = nextX > x ? y + (nextY - y) * (stop - x) / (nextX - x) : nextY
      area += (stop - x) * (y + stopY) / 2
      (x, y) = (nextX, nextY)
      start = end
    }
    let chance = f * f / 2
    return f == 1 ? area : (1 + (area - chance) / (f - chance)) / 2
  }

  /// Positives and negatives, or nil where an area is undefined.
  private static func counts(_ scores: [Double], _ positive: [Bool]) -> (positives: Int, negatives: Int)? {
    precondition(scores.count == positive.count, "\(scores.count) scores but \(positive.count) labels")
    let positives = positive.reduce(0) { $0 + ($1 ? 1 : 0) }
    guard positives > 0, positives < positive.count, scores.allSatisfy(\.isFinite) else { return nil }
    return (positives, positive.count - positives)
  }
}

/// An area under the curve for every label, and their unweighted mean.
package struct MacroAUROC: Sendable, Equatable, Codable {
  /// One area a label; nil where undefined (the label has no positive or no negative item).
  package var perLabel: [Double?]
  /// Mean of the defined areas; nil when none is.
  package var macro: Double? {
    let defined = perLabel.compactMap { $0 }
    return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
  }

  /// Multi-label: `scores[item][label]` against `truth[item][label]`.
  package init(scores: [[Double]], truth: [[Bool]]) {
    precondition(scores.count == truth.count, "\(scores.count) rows of scores but \(truth.count) of labels")
    let labelCount = truth.first?.count ?? 0
    precondition(
      scores.allSatisfy { $0.count == labelCount } && truth.allSatisfy { $0.count == labelCount },
      "every row needs \(labelCount) scores and labels")
    perLabel = (0..<labelCount).map { label in
      ReceiverOperatingCharacteristic.area(
        scores: scores.map { $0[label] }, positive: truth.map { $0[label] })
    }
  }

  /// One-vs-rest: `scores[item][class]` against the items' class indices.
  package init(scores: [[Double]], classes: [Int], classCount: Int) {
    self.init(scores: scores, truth: classes.map { c in (0..<classCount).map { $0 == c } })
  }
}
