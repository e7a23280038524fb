/// What one recording showed a judge: means over its windows.
package struct VerdictScores: Sendable, Equatable {
  /// The networks' mean logit of each fault family they judge.
  package var networks: [Double]
  /// Score of the training-free `LineRule` for each of these families: how far its lines stand above all others.
  package var rule: [Double]
  /// Strength of the lines of each family that physics knows, in natural-log units (`LineScores`). The families of
  /// ``networks`` come first.
  package var lines: [Double]

  package init(networks: [Double], rule: [Double], lines: [Double]) {
    precondition(
      networks.count == rule.count && networks.count <= lines.count,
      "\(networks.count) logits of networks, \(rule.count) scores of the rule and \(lines.count) lines")
    self.networks = networks
    self.rule = rule
    self.lines = lines
  }

  /// Nothing heard yet: zeros.
  init(families: Int, watched: Int) {
    let zeros = [Double](repeating: 0, count: families)
    self.init(networks: zeros, rule: zeros, lines: [Double](repeating: 0, count: watched))
  }

  /// Adds up number by number; both sides have as many families.
  static func += (sum: inout VerdictScores, other: VerdictScores) {
    for family in sum.networks.indices { sum.networks[family] += other.networks[family] }
    for family in sum.rule.indices { sum.rule[family] += other.rule[family] }
    for family in sum.lines.indices { sum.lines[family] += other.lines[family] }
  }

  static func / (sum: VerdictScores, count: Double) -> VerdictScores {
    VerdictScores(
      networks: sum.networks.map { $0 / count }, rule: sum.rule.map { $0 / count },
      lines: sum.lines.map { $0 / count })
  }

  /// The strongest lines of a family that the networks judge: the m of ``VerdictCalibration``.
  var strongest: Double { lines.prefix(networks.count).max() ?? 0 }

  /// What speaks for a family, in the order of the weights of ``VerdictWeights``.
  func evidence(of family: Int) -> [Double] { [networks[family], rule[family], strongest] }
}
