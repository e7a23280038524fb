import NeuralNet

/// Who is near whom: the undirected graph of each row's k nearest neighbours by cosine.
///
/// Rows i and j share an edge where either is among the k rows most similar to the other; of equally similar rows the lower
/// number comes first. No gradient passes the choice of edges.
package struct NeighbourGraph: Sendable, Equatable {
  package struct Edge: Sendable, Equatable, Hashable {
    /// The lower number first.
    package var a: Int
    package var b: Int
  }

  /// Number of nodes.
  package let count: Int
  /// Ascending.
  package let edges: [Edge]

  package init(count: Int, edges: [Edge]) {
    precondition(
      edges.allSatisfy { 0 <= $0.a && $0.a < $0.b && $0.b < count }, "an edge lies outside \(count) nodes")
    self.count = count
    self.edges = edges
  }

  /// - Parameters:
  ///   - rows: `[node, size]`.
  ///   - neighbours: k, at most all other nodes.
  package init<Scalar: TensorScalar>(_ rows: Tensor<Scalar>, neighbours: Int) {
    precondition(rows.rank == 2 && neighbours > 0, "\(neighbours) neighbours among rows \(rows.shape)")
    let count = rows.shape[0]
    let unit = UnitLength<Scalar>()(rows)
    let similarity = Tensor.product(unit, unit, transposeB: true).storage
    var found: Set<Edge> = []
    for node in 0..<count {
      let others = (0..<count).filter { $0 != node }
      let ranked = others.sorted {
        (similarity[node * count + $1], $0) < (similarity[node * count + $0], $1)
      }
      for other in ranked.prefix(neighbours) { found.insert(Edge(a: min(node, other), b: max(node, other))) }
    }
    self.init(count: count, edges: found.sorted { ($0.a, $0.b) < ($1.a, $1.b) })
  }

  /// Edges of each node.
  package var degrees: [Int] {
    var result = [Int](repeating: 0, count: count)
    for edge in edges {
      result[edge.a] += 1
      result[edge.b] += 1
    }
    return result
  }

  /// `D^-1/2 (A + I) D^-1/2`, D the degrees with the node's own loop: `[node, node]` (Kipf and Welling 2017, arXiv 1609.02907,
  /// equation 2).
  package func propagation<Scalar: TensorScalar>(as: Scalar.Type) -> Tensor<Scalar> {
    let factors = degrees.map { 1 / Double($0 + 1).squareRoot() }
    var result = Tensor<Scalar>(zeros: [count, count])
    for node in 0..<count { result.storage[node * count + node] = Scalar(factors[node] * factors[node]) }
    for edge in edges {
      let value = Scalar(factors[edge.a] * factors[edge.b])
      result.storage[edge.a * count + edge.b] = value
      result.storage[edge.b * count + edge.a] = value
    }
    return result
  }
}
