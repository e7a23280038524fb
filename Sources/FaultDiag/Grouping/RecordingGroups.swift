import CPC
import NeuralNet

/// Recordings in groups: who is in which, how surely, and whom to listen to first.
package struct RecordingGroups: Sendable, Encodable {
  package var schemaVersion = 1
  package var model: String
  /// What the model was trained by.
  package var objective: String
  package var source: GroupingModel.Source
  /// Groups that have members, the largest first.
  package var groups: [Group]
  /// Groups that the model knows and no recording belongs to.
  package var emptyGroups: Int
  /// In the order of the groups, the nearest to the centre first.
  package var recordings: [Member]
  /// With at least two labels, over the recordings that have one; absent without.
  package var agreement: ClusterAgreement?

  package struct Group: Sendable, Equatable, Encodable {
    /// From 1 in the order of the list.
    package var number: Int
    package var size: Int
    /// Mean probability of the members.
    package var probability: Double
    /// Nearest to the group's centre, at most three.
    package var typical: [String]
    /// How many members have which label, the most frequent first.
    package var labels: [LabelCount]
  }

  package struct LabelCount: Sendable, Equatable, Encodable {
    package var label: String
    package var count: Int
  }

  package struct Member: Sendable, Equatable, Encodable {
    package var path: String
    /// Number of its group.
    package var group: Int
    /// Of the group.
    package var probability: Double
    /// From the mean of the group's members.
    package var distance: Double
    package var label: String?
  }

  /// Members of a typical list.
  private static var typicalCount: Int { 3 }

  /// - `paths`, `labels`: one of each row of the grouping.
  package init(
    _ grouping: Grouping<Float>, source: GroupingModel.Source, of model: GroupingModel, paths: [String],
    labels: [String?]
  ) {
    let (rows, count) = (grouping.probabilities.shape[0], grouping.probabilities.shape[1])
    precondition(
      paths.count == rows && labels.count == rows,
      "\(paths.count) paths and \(labels.count) labels for \(rows) rows")
    let best = (0..<rows).map { Self.best(grouping.probabilities, row: $0) }
    let members = (0..<count).map { group in (0..<rows).filter { best[$0].group == group } }
    let order = members.indices.filter { !members[$0].isEmpty }.sorted {
      (members[$1].count, $0) < (members[$0].count, $1)
    }
    self.model = model.path
    objective = model.objectiveName
    self.source = source
    emptyGroups = count - order.count
    groups = []
    recordings = []
    for (index, group) in order.enumerated() {
      let distances = Self.distances(grouping.places, members[group])
      let listed = zip(members[group], distances).sorted { ($0.1, paths[$0.0]) < ($1.1, paths[$1.0]) }.map {
        Member(
          path: paths[$0], group: index + 1, probability: best[$0].probability, distance: $1,
          label: labels[$0])
      }
      recordings += listed
      groups.append(
        Group(
          number: index + 1, size: listed.count,
          probability: listed.reduce(0) { $0 + $1.probability } / Double(listed.count),
          typical: listed.prefix(Self.typicalCount).map { $0.path }, labels: Self.counted(listed)))
    }
    agreement = Self.agreement(groups: best.map { $0.group }, labels: labels)
  }

  private static func best(_ probabilities: Tensor<Float>, row: Int) -> (group: Int, probability: Double) {
    let count = probabilities.shape[1]
    var result = (group: 0, probability: -1.0)
    for group in 0..<count {
      let p = Double(probabilities.storage[row * count + group])
      if p > result.probability { result = (group, p) }
    }
    return result
  }

  /// Of each member from the mean of them all.
  private static func distances(_ places: Tensor<Float>, _ members: [Int]) -> [Double] {
    let rows = places.gathering(members)
    let size = rows.columns
    let center = rows.columnSums.storage.map { Double($0) / Double(members.count) }
    return members.indices.map { row in
      var squared = 0.0
      for d in 0..<size {
        let difference = Double(rows.storage[row * size + d]) - center[d]
        squared += difference * difference
      }
      return squared.squareRoot()
    }
  }

  private static func counted(_ members: [Member]) -> [LabelCount] {
    let counts = members.compactMap { $0.label }.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    return counts.map { LabelCount(label: $0, count: $1) }.sorted {
      ($1.count, $0.label) < ($0.count, $1.label)
    }
  }

  private static func agreement(groups: [Int], labels: [String?]) -> ClusterAgreement? {
    let labelled = labels.indices.filter { labels[$0] != nil }
    let names = Set(labels.compactMap { $0 }).sorted()
    guard names.count > 1 else { return nil }
    return ClusterAgreement(
      groups: labelled.map { groups[$0] },
      classes: labelled.map { index in names.firstIndex { $0 == labels[index] } ?? 0 })
  }
}
