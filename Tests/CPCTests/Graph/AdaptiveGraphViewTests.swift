import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct AdaptiveGraphViewTests {
  private typealias Edge = NeighbourGraph.Edge

  /// A star of four around node 0, and a pair apart.
  private static let star = NeighbourGraph(
    count: 6, edges: [Edge(a: 0, b: 1), Edge(a: 0, b: 2), Edge(a: 0, b: 3), Edge(a: 4, b: 5)])

  @Test func neighboursAreTheMostSimilar() {
    // Directions at 0, 10, 25 and 90 degrees.
    let angles = [0.0, 10, 25, 90].map { $0 * .pi / 180 }
    let rows = Tensor<Double>(angles.flatMap { [cos($0), sin($0)] }, shape: [4, 2])
    let graph = NeighbourGraph(rows, neighbours: 1)
    #expect(graph.edges == [Edge(a: 0, b: 1), Edge(a: 1, b: 2), Edge(a: 2, b: 3)])
    #expect(graph.degrees == [1, 2, 2, 1])
    #expect(NeighbourGraph(rows, neighbours: 9).edges.count == 6)
  }

  @Test func propagationIsSymmetricWithTheSharesOfKipfAndWelling() {
    let p = Self.star.propagation(as: Double.self)
    #expect(p == p.transposed())
    #expect(abs(p.storage[0] - 1 / 4.0) < 1e-15)
    #expect(abs(p.storage[1] - 1 / sqrt(8)) < 1e-15)
    #expect(p.storage[4] == 0)
    #expect(abs(p.storage[4 * 6 + 5] - 1 / 2.0) < 1e-15)
  }

  @Test func centralEdgesAreKeptAndProbabilitiesFollowTheFormula() {
    let found = AdaptiveGraphView<Double>.edgeProbabilities(Self.star, mean: 0.2)
    let importance = [log(2.0), log(2.0), log(2.0), log(1.0)]
    let mean = importance.reduce(0, +) / 4
    let expected = importance.map { min((log(2) - $0) / (log(2) - mean) * 0.2, 0.7) }
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12) }
    #expect(found[0] == 0 && found[3] == 0.7)
  }

  @Test func largeFeaturesOfCentralNodesAreKept() {
    var x = Tensor<Double>(repeating: 0.1, shape: [6, 3])
    x.storage[1] = 5  // node 0 has the most edges
    x.storage[4 * 3 + 2] = 5
    let found = AdaptiveGraphView.featureProbabilities(x, degrees: Self.star.degrees, mean: 0.3)
    #expect(found[1] == 0 && found[1] < found[2] && found[2] < found[0])
    let even = AdaptiveGraphView.featureProbabilities(
      Tensor<Double>(zeros: [6, 3]), degrees: Self.star.degrees, mean: 0.3)
    #expect(even == [0.3, 0.3, 0.3])
  }

  @Test func drawsHaveTheirProbabilities() {
    let rows: Tensor<Double> = randomTensor([30, 12], seed: 2)
    let graph = NeighbourGraph(rows, neighbours: 4)
    let wanted = AdaptiveGraphView<Double>.edgeProbabilities(graph, mean: 0.3)
    let masked = AdaptiveGraphView.featureProbabilities(rows, degrees: graph.degrees, mean: 0.3)
    var random = RandomSource(seed: 5)
    let views = (0..<200).map { _ in
      AdaptiveGraphView(
        of: graph, features: rows, numbers: Array(0..<30), strength: .init(edges: 0.3, features: 0.3),
        random: &random)
    }
    let kept = views.reduce(0) { $0 + $1.graph.edges.count }
    let share = 1 - Double(kept) / Double(200 * graph.edges.count)
    #expect(abs(share - wanted.reduce(0, +) / Double(wanted.count)) < 0.02)
    let shown = views.reduce(0) { $0 + $1.mask.sum } / Double(200 * 12)
    #expect(abs(1 - shown - masked.reduce(0, +) / 12) < 0.03)
  }

  @Test func withoutStrengthNothingIsTakenAway() {
    let rows: Tensor<Float> = randomTensor([8, 5], seed: 2)
    let graph = NeighbourGraph(rows, neighbours: 3)
    var random = RandomSource(seed: 5)
    let view = AdaptiveGraphView(
      of: graph, features: rows, numbers: Array(0..<8), strength: .init(edges: 0, features: 0),
      random: &random)
    #expect(view.graph == graph && view.mask.storage.allSatisfy { $0 == 1 })
  }
}
