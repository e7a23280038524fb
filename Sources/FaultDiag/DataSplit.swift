import Support

/// What is kept wholly on one side of a split.
package enum SplitUnit: String, Sendable, Codable, CaseIterable {
  /// The bearing id, else the machine, else the file.
  case automatic
  case bearing
  case machine
  case file

  /// The unit of this name; `window` is refused with its reason.
  package init(named name: String) throws(FaultDiagError) {
    if ["window", "windows", "segment", "segments"].contains(name.lowercased()) { throw .windowSplit }
    guard let unit = SplitUnit(rawValue: name.lowercased()) else {
      throw .badSetting(
        name: "the split unit", found: "'\(name)'",
        expected: "one of " + Self.allCases.map { $0.rawValue }.joined(separator: ", "))
    }
    self = unit
  }
}

/// A labelled recording as a split sees it.
package struct SplitItem: Sendable, Equatable {
  package var path: String
  package var label: String
  package var bearingID: String?
  package var machine: String?

  package init(path: String, label: String, bearingID: String? = nil, machine: String? = nil) {
    self.path = path
    self.label = label
    self.bearingID = bearingID
    self.machine = machine
  }
}

/// Recordings divided into training and test so that no physical bearing or machine is on both sides.
///
/// Random windows of the same recordings score .997 where unseen bearings score .603 (CWRU, four classes): the
/// split decides what a figure means, so the leaking ones cannot be made here.
package struct DataSplit: Sendable, Equatable {
  /// Indices of the items, ascending.
  package var training: [Int]
  package var test: [Int]

  /// Takes a split made elsewhere, and refuses one that leaks.
  package init(training: [Int], test: [Int], of items: [SplitItem]) throws(FaultDiagError) {
    let groups = Self.naturalGroups(items)
    let trained = Set(training.map { groups[$0] })
    if let shared = test.map({ groups[$0] }).filter(trained.contains).min() {
      throw .leakingSplit(
        group: shared, training: training.filter { groups[$0] == shared }.map { items[$0].path },
        test: test.filter { groups[$0] == shared }.map { items[$0].path })
    }
    self.training = training.sorted()
    self.test = test.sorted()
  }

  /// The physical identity of each item: `bearing b7`, else `machine m2`, else `file a.wav`.
  ///
  /// Where a machine has recordings without a bearing id, any of its bearings might be meant: the whole machine
  /// is then one group.
  package static func naturalGroups(_ items: [SplitItem]) -> [String] {
    let vague = Set(items.filter { $0.bearingID == nil }.compactMap(\.machine))
    return items.map { item in
      if let machine = item.machine, vague.contains(machine) || item.bearingID == nil {
        return "machine \(machine)"
      }
      if let bearing = item.bearingID { return "bearing \(bearing)" }
      return "file \(item.path)"
    }
  }

  /// The group of each item by the unit that was asked for.
  static func groups(_ items: [SplitItem], by unit: SplitUnit) throws(FaultDiagError) -> [String] {
    switch unit {
    case .automatic: return naturalGroups(items)
    case .file: return items.map { "file \($0.path)" }
    case .bearing: return try groups(items, named: "bearing", key: \.bearingID)
    case .machine: return try groups(items, named: "machine", key: \.machine)
    }
  }

  private static func groups(
    _ items: [SplitItem], named name: String, key: KeyPath<SplitItem, String?>
  ) throws(FaultDiagError) -> [String] {
    var result: [String] = []
    for item in items {
      guard let value = item[keyPath: key] else {
        throw .badSetting(
          name: "a split by \(name)", found: "used with \(item.path), whose \(name) is unknown",
          expected: "a \(name) id for every recording")
      }
      result.append("\(name) \(value)")
    }
    return result
  }
}

/// The folds of a group-wise cross-validation.
package struct GroupFolds: Sendable, Equatable {
  package var folds: [DataSplit]
  /// Classes that occur in one group only: held out, they would be unknown in training, so that group always trains.
  package var impossible: [String]
  /// Number of groups that take a turn in test.
  package var heldOutGroups: Int

  /// Divides the groups over `count` folds, the labels spread as evenly as the groups allow.
  ///
  /// Groups are taken from large to small (equal ones in an order drawn from `seed`) and each goes to the fold that
  /// holds least of its labels. Same items and seed, same folds.
  package init(
    _ items: [SplitItem], count: Int, unit: SplitUnit = .automatic, seed: UInt64
  ) throws(FaultDiagError) {
    let plan = try Plan(items, unit: unit)
    guard count >= 2, count <= plan.free.count else {
      throw .tooManyFolds(folds: count, groups: plan.free.count)
    }
    var random = RandomSource(seed: seed)
    let drawn = random.permutation(plan.free.count).map { plan.free[$0] }
    let order = drawn.indices.sorted { (drawn[$1].items.count, $0) < (drawn[$0].items.count, $1) }
    var members = [[Int]](repeating: [], count: count)
    var load = [[Int]](repeating: [Int](repeating: 0, count: plan.labels.count), count: count)
    for group in order.map({ drawn[$0] }) {
      let fold = (0..<count).min { a, b in
        Self.cost(of: group, on: load[a]) < Self.cost(of: group, on: load[b])
      }!
      members[fold] += group.items
      for label in plan.labels.indices { load[fold][label] += group.labels[label] }
    }
    try self.init(items, tests: members, plan: plan)
  }

  /// One fold a group: each group that can be held out is the test once.
  package init(leavingOneGroupOutOf items: [SplitItem], unit: SplitUnit = .automatic) throws(FaultDiagError) {
    let plan = try Plan(items, unit: unit)
    try self.init(items, tests: plan.free.map(\.items), plan: plan)
  }

  private init(_ items: [SplitItem], tests: [[Int]], plan: Plan) throws(FaultDiagError) {
    folds = []
    for test in tests {
      let held = Set(test)
      folds.append(
        try DataSplit(training: items.indices.filter { !held.contains($0) }, test: test, of: items))
    }
    impossible = plan.impossible
    heldOutGroups = plan.free.count
  }

  /// How much of a group's labels a fold already holds, then how full it is.
  private static func cost(of group: Group, on load: [Int]) -> (Int, Int) {
    (zip(group.labels, load).reduce(0) { $0 + $1.0 * $1.1 }, load.reduce(0, +))
  }

  private struct Group {
    var name: String
    var items: [Int]
    /// Items of each label.
    var labels: [Int]
  }

  /// Which groups may be held out.
  private struct Plan {
    var labels: [String]
    var impossible: [String]
    var free: [Group]

    init(_ items: [SplitItem], unit: SplitUnit) throws(FaultDiagError) {
      let labels = Set(items.map(\.label)).sorted()
      guard labels.count >= 2 else { throw .tooFewClasses(found: labels) }
      let names = try DataSplit.groups(items, by: unit)
      let groups = Set(names).sorted().map { name in
        let members = items.indices.filter { names[$0] == name }
        return Group(
          name: name, items: members,
          labels: labels.map { label in members.reduce(0) { $0 + (items[$1].label == label ? 1 : 0) } })
      }
      let single = labels.indices.filter { label in groups.filter { $0.labels[label] > 0 }.count == 1 }
      self.labels = labels
      impossible = single.map { labels[$0] }
      free = groups.filter { group in single.allSatisfy { group.labels[$0] == 0 } }
      guard free.count >= 2 else { throw .nothingToHoldOut(classes: labels, groups: groups.count) }
    }
  }
}
