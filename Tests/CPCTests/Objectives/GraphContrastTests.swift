import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct GraphContrastTests {
  private static func matrix(_ x: Tensor<Double>) -> [[Double]] {
    (0..<x.rows).map { Array(x.storage[$0 * x.columns..<($0 + 1) * x.columns]) }
  }

  /// Two views once more: neighbours summed node by node, then the loss over standardised columns.
  private static func definition(
    _ objective: GraphContrast<Double>, _ r: Representations<Double>, _ views: [AdaptiveGraphView<Double>]
  ) -> Double {
    var x = matrix(RepresentationPooling.forward(latents: r.latents, contexts: r.contexts).embedding)
    let nodes = x.count
    for f in x[0].indices {
      let mean = x.reduce(0) { $0 + $1[f] } / Double(nodes)
      for node in x.indices { x[node][f] -= mean }
    }
    let z = views.map { view -> [[Double]] in
      let degrees = view.graph.degrees.map { Double($0 + 1) }
      let spread = (0..<nodes).map { node -> [Double] in
        let near = [node] + view.graph.edges.compactMap { $0.a == node ? $0.b : $0.b == node ? $0.a : nil }
        return x[0].indices.map { f in
          near.reduce(0) { $0 + x[$1][f] * view.mask.storage[f] / sqrt(degrees[node] * degrees[$1]) }
        }
      }
      let hidden = objective.convolution(Tensor(spread.flatMap { $0 }, shape: [nodes, x[0].count]))
      var y = matrix(objective.projector(hidden))
      for d in y[0].indices {
        let mean = y.reduce(0) { $0 + $1[d] } / Double(nodes)
        let variance = y.reduce(0) { $0 + pow($1[d] - mean, 2) } / Double(nodes)
        for node in y.indices { y[node][d] = (y[node][d] - mean) / sqrt(variance + 1e-5) }
      }
      return y
    }
    var loss = 0.0
    for i in z[0][0].indices {
      for j in z[0][0].indices {
        let c = (0..<nodes).reduce(0) { $0 + z[0][$1][i] * z[1][$1][j] } / Double(nodes)
        loss += i == j ? pow(1 - c, 2) : 0.0051 * c * c
      }
    }
    return loss
  }

  private static func views(
    _ objective: GraphContrast<Double>, _ r: Representations<Double>
  ) -> [AdaptiveGraphView<Double>] {
    var random = RandomSource(seed: 6)
    return objective.views(of: r, random: &random)
  }

  @Test func agreesWithItsDefinition() {
    let objective: GraphContrast<Double> = GroupingFixtures.graph()
    let r: Representations<Double> = GroupingFixtures.representations(windows: 7, views: 1)
    let views = Self.views(objective, r)
    var gradient = objective.zeroed()
    let outcome = objective.evaluate(r, views: views, into: &gradient)
    #expect(abs(outcome.loss - Self.definition(objective, r, views)) < 1e-11)
    #expect(outcome.measures.terms.map { $0.name } == ["invariance", "redundancy"])
  }

  @Test func gradientsAgreeWithDifferencesForFixedViews() {
    let objective: GraphContrast<Double> = GroupingFixtures.graph()
    let r: Representations<Double> = GroupingFixtures.representations(windows: 6, views: 1)
    let views = Self.views(objective, r)
    #expect(
      GroupingFixtures.failures(of: objective, at: r, tolerance: 1e-7) {
        $0.evaluate($1, views: views, into: &$2)
      }
        == [])
  }

  @Test func neitherOrderNorViewMatters() {
    let objective: GraphContrast<Double> = GroupingFixtures.graph()
    let r: Representations<Double> = GroupingFixtures.representations(windows: 6, views: 1)
    let loss = GroupingFixtures.loss(objective, r)
    let reordered = GroupingFixtures.reordered(r, [3, 0, 4, 1, 5, 2])
    #expect(abs(GroupingFixtures.loss(objective, reordered) - loss) < 1e-11)
    let views = Self.views(objective, r)
    var unused = objective.zeroed()
    let one = objective.evaluate(r, views: views, into: &unused).loss
    let other = objective.evaluate(r, views: [views[1], views[0]], into: &unused).loss
    #expect(abs(one - other) < 1e-12)
  }

  /// Undamaged views are the same, and their components agree; identical windows have none to agree in.
  @Test func identicalViewsAgreeAndIdenticalWindowsHaveNothingToCompare() {
    var objective: GraphContrast<Double> = GroupingFixtures.graph()
    let r: Representations<Double> = GroupingFixtures.representations(windows: 6, views: 1)
    let whole = AdaptiveGraphView<Double>(
      graph: Self.views(objective, r)[0].graph,
      mask: Tensor(repeating: 1, shape: [GroupingFixtures.embedding]))
    // Large outputs, beside which the variance's epsilon is nothing.
    objective.projector.output!.weight.scale(by: 1e4)
    var unused = objective.zeroed()
    let same = objective.evaluate(r, views: [whole, whole], into: &unused)
    #expect(same.measures.terms[0].value < 1e-8)
    let none = objective.evaluate(GroupingFixtures.identical(r), views: [whole, whole], into: &unused)
    #expect(none.loss == Double(GroupingFixtures.size))
  }

  @Test(arguments: [1, 40]) func extremesAreFinite(neighbours: Int) {
    let objective: GraphContrast<Float> = GroupingFixtures.graph(neighbours: neighbours)
    for windows in [2, 5] {
      let r: Representations<Float> = GroupingFixtures.representations(windows: windows, views: 1)
      #expect(GroupingFixtures.isFinite(objective, r))
      #expect(GroupingFixtures.isFinite(objective, GroupingFixtures.identical(r)))
    }
  }
}
