import CPC
import NeuralNet
import Support

/// What puts unlabelled recordings into groups: the groups that a model learnt (SwAV, PCL, TCL), or k-means on its embedding.
package struct GroupingModel: Sendable {
  /// Where groups come from.
  package enum Source: String, Sendable, Codable {
    /// Learnt in training; which of them a recording belongs to is the model's own probability.
    case learnt
    /// k-means on the recordings at hand.
    case kmeans
  }

  package let path: String
  package let embedder: CPCEmbedder
  /// Name of what the model was trained by.
  package let objectiveName: String
  private let objective: (any GroupingObjective<Float>)?

  /// Reads a file that `pretrain` wrote.
  package init(checkpoint path: String) throws(FaultDiagError) {
    do throws(CPCError) {
      let checkpoint = try TrainingCheckpoint(path: path)
      objective = try checkpoint.objective() as? any GroupingObjective<Float>
      objectiveName = checkpoint.plan.objective.name
    } catch {
      throw .representation(error)
    }
    self.path = path
    embedder = try CPCEmbedder(checkpoint: path)
  }

  /// A model without groups of its own.
  package init(path: String, embedder: CPCEmbedder) {
    self.path = path
    self.embedder = embedder
    objective = nil
    objectiveName = embedder.plan.objective.name
  }

  /// Numbers of groups that it learnt.
  package var groupCounts: [Int] { objective?.groupCounts ?? [] }

  /// Groups of recordings, one row each.
  ///
  /// Learnt groups: the mean over a recording's windows of their probabilities and places. k-means: on the mean of a recording's
  /// embeddings, each component brought to deviation 1, and the membership of fuzzy c-means in the place of a probability, `p_k
  /// = d_k^-2 / sum_j d_j^-2` of the distances d to the centres (Bezdek 1981, with m = 2).
  ///
  /// - `recordings`: embeddings `[window, E]` of each.
  /// - `count`: K; nil for the groups that the model learnt (the smallest number of them, where it learnt several). A number that
  ///   it did not learn is made by k-means.
  /// - Throws: ``FaultDiagError/cannotGroup(path:found:expected:)``.
  package func groups(
    of recordings: [Tensor<Float>], count wanted: Int?, seed: UInt64, threads: Int
  ) throws(FaultDiagError) -> (grouping: Grouping<Float>, source: Source) {
    if let count = wanted ?? groupCounts.min(), let objective, groupCounts.contains(count) {
      return (Self.learnt(recordings, objective, count: count), .learnt)
    }
    guard let wanted else {
      throw .cannotGroup(
        path: path,
        found: objective == nil
          ? "a model trained by \(objectiveName), which learns no groups"
          : "a training by \(objectiveName) that ended before its first clustering",
        expected: "the number of groups, --clusters")
    }
    guard wanted <= recordings.count else {
      throw .cannotGroup(
        path: path, found: "\(recordings.count) recordings",
        expected: "at least one for each of \(wanted) groups")
    }
    var random = RandomSource(seed: seed)
    return (Self.kmeans(recordings, count: wanted, threads: threads, random: &random), .kmeans)
  }

  private static func learnt<O: GroupingObjective>(
    _ recordings: [Tensor<Float>], _ objective: O, count: Int
  ) -> Grouping<Float> where O.Scalar == Float {
    let all = objective.groups(of: Tensor.concatenated(recordings, axis: 0), count: count)
    var first = 0
    var probabilities: [Tensor<Float>] = []
    var places: [Tensor<Float>] = []
    for recording in recordings {
      let rows = first..<first + recording.shape[0]
      probabilities.append(mean(all.probabilities.outer(rows)))
      places.append(mean(all.places.outer(rows)))
      first = rows.upperBound
    }
    return Grouping(
      probabilities: Tensor.concatenated(probabilities, axis: 0),
      places: UnitLength<Float>()(Tensor.concatenated(places, axis: 0)))
  }

  /// `[row, column] -> [1, column]`.
  private static func mean(_ rows: Tensor<Float>) -> Tensor<Float> {
    ((1 / Float(rows.shape[0])) * rows.columnSums).reshaped([1, rows.columns])
  }

  private static func kmeans(
    _ recordings: [Tensor<Float>], count: Int, threads: Int, random: inout RandomSource
  ) -> Grouping<Float> {
    let means = Tensor.concatenated(recordings.map(mean), axis: 0)
    var context = ForwardContext.inference
    // A single recording has no deviation to be brought to 1.
    context.mode = recordings.count > 1 ? .training : .inference
    let rows = BatchStandardize<Float>(means.columns, affine: false).forward(means, &context).output
    let found = KMeans(rows, clusters: count, starts: 10, threads: threads, random: &random)
    let probabilities = (0..<recordings.count).flatMap { memberships(rows, row: $0, found.centers) }
    return Grouping(
      probabilities: Tensor(probabilities, shape: [recordings.count, count]),
      places: rows)
  }

  /// Shares of the inverse squared distances; all of it for a centre that the row lies on.
  private static func memberships(_ rows: Tensor<Float>, row: Int, _ centers: Tensor<Float>) -> [Float] {
    let size = rows.columns
    let inverse = (0..<centers.shape[0]).map { k -> Double in
      var squared = 0.0
      for d in 0..<size {
        let difference = Double(rows.storage[row * size + d] - centers.storage[k * size + d])
        squared += difference * difference
      }
      return 1 / max(squared, 1e-12)
    }
    let total = inverse.reduce(0, +)
    return inverse.map { Float($0 / total) }
  }
}
