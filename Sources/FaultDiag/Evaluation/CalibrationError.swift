/// How far stated probabilities are from observed frequencies.
package enum CalibrationError {
  /// Expected calibration error: `sum over bins of (n_b / n) |accuracy_b - confidence_b|`.
  ///
  /// Bins of equal width on the probability of the predicted (most probable) class, `(i/m, (i+1)/m]` as in Guo et
  /// al. 2017 (arXiv 1706.04599, eq. 3), who use m = 15. Nil without items.
  /// - `probabilities`: `[item][class]`, each row summing to one.
  /// - `classes`: true class index of each item.
  package static func expected(probabilities: [[Double]], classes: [Int], bins: Int = 15) -> Double? {
    precondition(
      probabilities.count == classes.count, "\(probabilities.count) rows but \(classes.count) classes")
    precondition(bins > 0, "calibration needs at least one bin, found \(bins)")
    guard !classes.isEmpty else { return nil }
    var hits = [Double](repeating: 0, count: bins)
    var confidence = [Double](repeating: 0, count: bins)
    for (row, truth) in zip(probabilities, classes) {
      guard let top = row.indices.max(by: { row[$0] < row[$1] }), row[top].isFinite else { continue }
      let bin = min(max(Int((row[top] * Double(bins)).rounded(.up)) - 1, 0), bins - 1)
      hits[bin] += top == truth ? 1 : 0
      confidence[bin] += row[top]
    }
    return (0..<bins).reduce(0) { $0 + abs(hits[$1] - confidence[$1]) } / Double(classes.count)
  }
}
