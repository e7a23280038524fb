/// Counts of true against predicted classes, and the figures made from them.
///
/// `counts[t][p]` is the number of items of true class `t` that were given class `p`.
package struct ConfusionMatrix: Sendable, Equatable, Codable {
  package private(set) var classes: [String]
  package private(set) var counts: [[Int]]

  package init(classes: [String]) {
    self.classes = classes
    counts = [[Int]](repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
  }

  /// Counts pairs of class indices.
  package init(classes: [String], truth: [Int], predicted: [Int]) {
    precondition(
      truth.count == predicted.count, "\(truth.count) true classes but \(predicted.count) predictions")
    self.init(classes: classes)
    for (t, p) in zip(truth, predicted) { add(truth: t, predicted: p) }
  }

  package mutating func add(truth: Int, predicted: Int) {
    precondition(
      classes.indices.contains(truth) && classes.indices.contains(predicted),
      "classes \(truth) and \(predicted) are not both in 0..<\(classes.count)")
    counts[truth][predicted] += 1
  }

  package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Share of items on the diagonal; nil when nothing was counted.
  package var accuracy: Double? {
    total == 0 ? nil : Double(classes.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
  }

  /// Share of the items of each class that were found; nil for a class without items.
  package var recalls: [Double?] {
    classes.indices.map { c in
      let items = counts[c].reduce(0, +)
      return items == 0 ? nil : Double(counts[c][c]) / Double(items)
    }
  }

  /// Mean recall over the classes that have items (Brodersen et al. 2010; scikit-learn's `balanced_accuracy_score`).
  package var balancedAccuracy: Double? { mean(recalls.compactMap { $0 }) }

  /// F1 of each class, `2 TP / (2 TP + FP + FN)`; nil for a class neither true nor predicted anywhere.
  package var f1Scores: [Double?] {
    classes.indices.map { c in
      let missed = counts[c].reduce(0, +) - counts[c][c]
      let raised = counts.reduce(0) { $0 + $1[c] } - counts[c][c]
      let denominator = 2 * counts[c][c] + missed + raised
      return denominator == 0 ? nil : 2 * Double(counts[c][c]) / Double(denominator)
    }
  }

  /// Unweighted mean of ``f1Scores`` over the classes that occur (scikit-learn's `f1_score(average="macro")`).
  package var macroF1: Double? { mean(f1Scores.compactMap { $0 }) }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
