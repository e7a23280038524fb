import NeuralNet

/// Which group each of some embeddings belongs to, and where it lies among the others.
package struct Grouping<Scalar: TensorScalar>: Sendable, Equatable {
  /// Probability of each group, `[row, K]`, rows summing to 1.
  package var probabilities: Tensor<Scalar>
  /// Where nearness is measured: unit vectors `[row, size]`.
  package var places: Tensor<Scalar>

  package init(probabilities: Tensor<Scalar>, places: Tensor<Scalar>) {
    precondition(
      probabilities.rank == 2 && places.rank == 2 && probabilities.shape[0] == places.shape[0],
      "probabilities \(probabilities.shape) and places \(places.shape) are not of the same rows")
    self.probabilities = probabilities
    self.places = places
  }
}

/// An objective that learns groups while it trains.
package protocol GroupingObjective<Scalar>: Objective {
  /// Numbers of groups it can tell; empty before it has formed any.
  var groupCounts: [Int] { get }

  /// Groups of pooled embeddings `[row, 2 D + H]`.
  ///
  /// - `count`: one of ``groupCounts``.
  func groups(of embeddings: Tensor<Scalar>, count: Int) -> Grouping<Scalar>
}
