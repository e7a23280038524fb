import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct TCLTests {
  static let labels: [Int?] = [2, nil, 2, 0, nil, 2]

  /// NT-Xent in plain loops; `leavesOut` says which rows are no candidates.
  private static func contrast(
    _ rows: [[Double]], temperature: Double, leavesOut: (Int, Int) -> Bool = { _, _ in false }
  ) -> Double {
    let unit = rows.map { row in row.map { $0 / sqrt(row.reduce(0) { $0 + $1 * $1 }) } }
    func score(_ i: Int, _ j: Int) -> Double {
      exp(zip(unit[i], unit[j]).reduce(0) { $0 + $1.0 * $1.1 } / temperature)
    }
    let half = rows.count / 2
    return rows.indices.reduce(0) { sum, i in
      let pair = (i + half) % rows.count
      let total = rows.indices.filter { $0 != i && !leavesOut(i, $0) }.reduce(0) { $0 + score(i, $1) }
      return sum - log(score(i, pair) / total) / Double(rows.count)
    }
  }

  private static func matrix(_ x: Tensor<Double>) -> [[Double]] {
    (0..<x.rows).map { Array(x.storage[$0 * x.columns..<($0 + 1) * x.columns]) }
  }

  @Test(arguments: [nil, labels]) func agreesWithItsDefinition(labels: [Int?]?) {
    let objective: TCL<Double> = GroupingFixtures.tcl(windows: 6)
    let r: Representations<Double> = GroupingFixtures.representations(windows: 6)
    let e = RepresentationPooling.forward(latents: r.latents, contexts: r.contexts).embedding
    let instances = Self.contrast(Self.matrix(objective.instanceHead(e)), temperature: 0.5) { i, j in
      guard let labels, i % 6 != j % 6, let label = labels[i % 6] else { return false }
      return label == labels[j % 6]
    }
    let p = Self.matrix(objective.clusterHead(e)).map { row in
      row.map { exp($0) / row.reduce(0) { $0 + exp($1) } }
    }
    let columns = [0, 6].flatMap { first in (0..<4).map { k in (0..<6).map { p[first + $0][k] } } }
    let clusters = Self.contrast(columns, temperature: 1)
    let imbalance = [0, 6].reduce(0.0) { sum, first in
      (0..<4).reduce(sum + log(4)) { sum, k in
        let share = (0..<6).reduce(0) { $0 + p[first + $1][k] } / 6
        return sum + share * log(share)
      }
    }
    var gradient = objective.zeroed()
    let outcome = objective.evaluate(r, labels: labels, into: &gradient)
    let terms = outcome.measures.terms
    #expect(
      terms.map { $0.name } == ["instances", "clusters", "imbalance"] + (labels == nil ? [] : ["labels"]))
    for (term, expected) in zip(terms, [instances, clusters, imbalance]) {
      #expect(abs(term.value - expected) < 1e-12, "\(term.name)")
    }
    #expect(abs(outcome.loss - terms.reduce(0) { $0 + $1.value }) < 1e-13)
  }

  @Test(arguments: [nil, labels]) func gradientsAgreeWithDifferences(labels: [Int?]?) {
    let objective: TCL<Double> = GroupingFixtures.tcl(windows: 6)
    let r: Representations<Double> = GroupingFixtures.representations(windows: 6)
    #expect(
      GroupingFixtures.failures(of: objective, at: r) { $0.evaluate($1, labels: labels, into: &$2) } == [])
  }

  @Test func neitherOrderNorViewMattersBeforeBoosting() {
    let objective: TCL<Double> = GroupingFixtures.tcl(windows: 5)
    let r: Representations<Double> = GroupingFixtures.representations(windows: 5)
    let loss = GroupingFixtures.loss(objective, r, step: 0)
    let reordered = GroupingFixtures.reordered(r, [3, 0, 4, 1, 2])
    #expect(abs(GroupingFixtures.loss(objective, reordered, step: 0) - loss) < 1e-12)
    #expect(abs(GroupingFixtures.loss(objective, GroupingFixtures.swapped(r), step: 0) - loss) < 1e-12)
  }

  /// Alike in all: log(2 B - 1) among rows, log(2 K - 1) among columns that are all the same, no imbalance.
  @Test func indifferentHeadsGiveChance() {
    var objective: TCL<Double> = GroupingFixtures.tcl(windows: 5)
    objective.clusterHead.output!.weight.fill(0)
    objective.clusterHead.output!.bias!.fill(0)
    let r = GroupingFixtures.identical(GroupingFixtures.representations(windows: 5, as: Double.self))
    #expect(abs(GroupingFixtures.loss(objective, r, step: 0) - log(9) - log(7)) < 1e-12)
  }

  /// One cluster for all is the dearest that the imbalance can be, whatever the batch.
  @Test(arguments: [2, 3, 50]) func theTrivialSolutionCosts(windows: Int) {
    var logits = Tensor<Double>(zeros: [2 * windows, 4])
    for row in 0..<2 * windows { logits.storage[row * 4 + 1] = 50 }
    let outcome = ClusterContrast.evaluate(logits, temperature: 1)
    #expect(abs(outcome.imbalance - 2 * log(4)) < 1e-12)
    #expect(outcome.dLogits.isFinite)
  }

  @Test(arguments: [2, 30]) func extremesAreFinite(clusters: Int) {
    for windows in [2, 5] {
      let objective: TCL<Float> = GroupingFixtures.tcl(windows: windows, clusters: clusters)
      let r: Representations<Float> = GroupingFixtures.representations(windows: windows)
      #expect(GroupingFixtures.isFinite(objective, r))
      #expect(GroupingFixtures.isFinite(objective, GroupingFixtures.identical(r)))
    }
  }

  @Test func boostingLabelsTheWindowsItIsSureOf() {
    var objective: TCL<Double> = GroupingFixtures.tcl(windows: 8)
    objective.clusterHead.output!.weight.scale(by: 60)
    let batch: Representations<Double> = GroupingFixtures.representations(windows: 3)
    var r = batch
    r.windows = [6, 1, 4]
    var early = ObjectiveContext(random: RandomSource(seed: 1), step: 0, totalSteps: 10)
    objective.stepEnded(r, &early)
    #expect(objective.labels.storage.allSatisfy { $0 == -1 })
    var late = ObjectiveContext(random: RandomSource(seed: 1), step: 9, totalSteps: 10)
    objective.stepEnded(r, &late)
    let labelled = objective.labels.storage.indices.filter { objective.labels.storage[$0] >= 0 }
    #expect(!labelled.isEmpty && Set(labelled).isSubset(of: [6, 1, 4]))
    objective.clusterHead.output!.weight.fill(0)
    objective.stepEnded(r, &late)
    #expect(objective.labels.storage.allSatisfy { $0 == -1 })
  }
}
