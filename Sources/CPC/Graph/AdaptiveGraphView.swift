import Foundation
import NeuralNet
import Support

/// A graph with some edges dropped and some features masked, the less important ones rather.
///
///     P(edge dropped)    = min( (s_max - s_e) / (s_max - mean s) p_e, limit )    s_e = log of the mean degree of its ends
///     P(feature masked)  = min( (s_max - s_f) / (s_max - mean s) p_f, limit )    s_f = log sum over nodes of degree |x_f|
///
/// Degree is the centrality (Zhu et al. 2021, "Graph contrastive learning with adaptive augmentation", arXiv 2010.14945,
/// equations 3 to 7, limit 0.7; Zhou et al. 2023 use it for machine data). Where nothing differs in importance, every
/// probability is p. No gradient passes the probabilities.
package struct AdaptiveGraphView<Scalar: TensorScalar>: Sendable, Equatable {
  package let graph: NeighbourGraph
  /// 1 where a feature is kept, 0 where masked, in all nodes: `[size]`.
  package let mask: Tensor<Scalar>

  package init(graph: NeighbourGraph, mask: Tensor<Scalar>) {
    self.graph = graph
    self.mask = mask
  }

  /// How much is taken away, on the mean.
  package struct Strength: Sendable, Equatable {
    /// p_e.
    package var edges: Double
    /// p_f.
    package var features: Double

    package init(edges: Double, features: Double) {
      precondition(
        (0...1).contains(edges) && (0...1).contains(features),
        "probabilities \(edges) and \(features) are not in 0 ... 1")
      self.edges = edges
      self.features = features
    }
  }

  static var limit: Double { 0.7 }

  /// - `features`: x, `[node, size]`.
  /// - `numbers`: what each node is known by; an edge's draw depends on its ends' numbers alone, not on the nodes' order.
  @specialized(where Scalar == Float)
  package init(
    of graph: NeighbourGraph, features: Tensor<Scalar>, numbers: [Int], strength: Strength,
    random: inout RandomSource
  ) {
    precondition(
      features.shape[0] == graph.count && numbers.count == graph.count,
      "features \(features.shape) and \(numbers.count) numbers for \(graph.count) nodes")
    let seed = random.next()
    let dropped = Self.edgeProbabilities(graph, mean: strength.edges)
    let kept = zip(graph.edges, dropped).filter { edge, probability in
      let (a, b) = (numbers[edge.a], numbers[edge.b])
      var stream = RandomSource(seed: seed, path: [UInt64(min(a, b)), UInt64(max(a, b))])
      return stream.uniform() >= probability
    }
    let masked = Self.featureProbabilities(features, degrees: graph.degrees, mean: strength.features)
    self.graph = NeighbourGraph(count: graph.count, edges: kept.map { $0.0 })
    mask = Tensor(masked.map { random.uniform() < $0 ? 0 : 1 }, shape: [masked.count])
  }

  @specialized(where Scalar == Float)
  static func edgeProbabilities(_ graph: NeighbourGraph, mean: Double) -> [Double] {
    let degrees = graph.degrees
    return probabilities(
      graph.edges.map { log(Double(degrees[$0.a] + degrees[$0.b]) / 2) }, mean: mean)
  }

  @specialized(where Scalar == Float)
  static func featureProbabilities(
    _ features: Tensor<Scalar>, degrees: [Int], mean: Double
  ) -> [Double] {
    let size = features.columns
    var weights = [Double](repeating: 0, count: size)
    for (node, degree) in degrees.enumerated() {
      for f in 0..<size { weights[f] += Double(degree) * Double(abs(features.storage[node * size + f])) }
    }
    // A feature that is nowhere present has no logarithm; it is as unimportant as numbers go.
    return probabilities(weights.map { log(max($0, 1e-12)) }, mean: mean)
  }

  @specialized(where Scalar == Float)
  private static func probabilities(_ importance: [Double], mean: Double) -> [Double] {
    guard let highest = importance.max() else { return [] }
    let spread = highest - importance.reduce(0, +) / Double(importance.count)
    guard spread > 1e-9 else { return importance.map { _ in min(mean, limit) } }
    return importance.map { min((highest - $0) / spread * mean, limit) }
  }
}
