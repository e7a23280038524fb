import Foundation

/// How well groups that were found without labels agree with labels; the names of the groups do not matter.
///
/// With n_{gc} items of group g and class c among n:
///
///     ACC = max over one-to-one pairings of groups with classes of the paired n_{gc}, over n
///     NMI = I(G; C) / ((H(G) + H(C)) / 2)
///     ARI = (index - expected) / (largest - expected), index = sum over g, c of pairs(n_{gc})
///
/// ACC by the Hungarian method (Yang et al., "Image clustering using local discriminant models and global integration", 2010,
/// equation 17); NMI with the arithmetic mean as scikit-learn's `normalized_mutual_info_score`; ARI by Hubert and Arabie,
/// "Comparing partitions", 1985, equation 5.
package struct ClusterAgreement: Sendable, Equatable, Codable {
  /// In 0 ... 1.
  package var accuracy: Double
  /// In 0 ... 1; 1 where both are one single group.
  package var normalizedMutualInformation: Double
  /// 1 for the same partition, about 0 for chance, below 0 for less than chance.
  package var adjustedRandIndex: Double
  /// Items that carry a label.
  package var count: Int

  /// - `groups`, `classes`: one of each an item, any numbers.
  package init(groups: [Int], classes: [Int]) {
    precondition(groups.count == classes.count, "\(groups.count) groups but \(classes.count) classes")
    precondition(!groups.isEmpty, "no items to compare")
    count = groups.count
    let table = Self.contingency(groups, classes)
    accuracy = AssignmentProblem.bestTotal(table) / Double(count)
    normalizedMutualInformation = Self.mutualInformation(table)
    adjustedRandIndex = Self.randIndex(table)
  }

  /// Items of each group and class, `[group][class]`.
  private static func contingency(_ groups: [Int], _ classes: [Int]) -> [[Double]] {
    let (rows, columns) = (numbers(groups), numbers(classes))
    var table = [[Double]](repeating: [Double](repeating: 0, count: columns.count), count: rows.count)
    for (g, c) in zip(groups, classes) { table[rows[g]!][columns[c]!] += 1 }
    return table
  }

  private static func numbers(_ values: [Int]) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: Set(values).sorted().enumerated().map { ($1, $0) })
  }

  private static func margins(_ table: [[Double]]) -> (rows: [Double], columns: [Double]) {
    (table.map { $0.reduce(0, +) }, table[0].indices.map { c in table.reduce(0) { $0 + $1[c] } })
  }

  private static func mutualInformation(_ table: [[Double]]) -> Double {
    let (rows, columns) = margins(table)
    let n = rows.reduce(0, +)
    func entropy(_ counts: [Double]) -> Double {
      counts.reduce(0) { $1 > 0 ? $0 - $1 / n * log($1 / n) : $0 }
    }
    guard rows.count > 1 || columns.count > 1 else { return 1 }
    let (a, b) = (entropy(rows), entropy(columns))
    // I = H(G) + H(C) - H(G, C), which rounding may leave a little below zero.
    let information = max(0, a + b - entropy(table.flatMap { $0 }))
    return min(1, information / ((a + b) / 2))
  }

  private static func randIndex(_ table: [[Double]]) -> Double {
    let (rows, columns) = margins(table)
    func pairs(_ counts: [Double]) -> Double { counts.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
    let index = pairs(table.flatMap { $0 })
    let (a, b) = (pairs(rows), pairs(columns))
    let all = pairs([rows.reduce(0, +)])
    let expected = all > 0 ? a * b / all : 0
    let largest = (a + b) / 2
    // Both all in one group, or both every item for itself: the same partition.
    return largest == expected ? 1 : (index - expected) / (largest - expected)
  }
}
