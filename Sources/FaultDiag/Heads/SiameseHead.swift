import CPC
import NeuralNet
import Support

/// Puts windows into a space where distance means difference: near zero for one state, about the margin or more
/// for two.
///
/// One projection serves both sides of a pair (that is what makes it siamese), trained by `SiameseLoss`. A window is
/// diagnosed by its distance to labelled references, so one reference a class is enough.
package struct SiameseHead<Scalar: TensorScalar>: Parameterized, Sendable {
  package var standardizer: Standardizer<Scalar>
  package var projection: Projector<Scalar>

  package init(inputs: Int, settings: SiameseSettings, random: inout RandomSource) {
    standardizer = Standardizer(size: inputs)
    projection = Projector(
      settings.projection, inputs: inputs, hiddenSize: settings.hiddenSize, outputs: settings.projectionSize,
      unitLength: false, random: &random)
  }

  /// Positions `[row, M]` of embeddings `[row, E]`.
  package func positions(_ embeddings: Tensor<Scalar>) -> Tensor<Scalar> {
    projection(standardizer(embeddings))
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try standardizer.visit(join(path, "standardizer"), body)
    try projection.visit(join(path, "projection"), body)
  }
}

/// How a ``SiameseHead`` is built and trained.
package struct SiameseSettings: Sendable, Equatable, Codable {
  package var loss = SiameseLoss(margin: 1)
  package var projection = Projector<Float>.Kind.mlp
  package var hiddenSize = 128
  package var projectionSize = 32
  /// Pairs of one batch, half of them equal.
  package var batch = 96
  package var steps = 250
  package var rate = 1e-3
  package var weightDecay = 1e-2

  package init() {}
}

/// Labelled positions that new windows are compared with, one a recording.
package struct SiameseReferences: Sendable, Equatable {
  /// `[reference, M]`.
  package var positions: Tensor<Float>
  /// Paths as given to `fit`.
  package var recordings: [String]
  package var classes: [Int]

  package init(positions: Tensor<Float>, recordings: [String], classes: [Int]) {
    precondition(
      positions.rank == 2 && positions.shape[0] == recordings.count && recordings.count == classes.count,
      "references of shape \(positions.shape) with \(recordings.count) names do not match")
    self.positions = positions
    self.recordings = recordings
    self.classes = classes
  }

  /// Distance of `position` to every reference, in their order.
  package func distances(to position: [Float]) -> [Double] {
    let size = positions.shape[1]
    return recordings.indices.map { row in
      SiameseLoss.distance(positions.storage[row * size..<(row + 1) * size], position[...])
    }
  }

  /// The `count` nearest references, nearest first; equal distances go by name.
  package func nearest(to position: [Float], count: Int) -> [(index: Int, distance: Double)] {
    let ranked = distances(to: position).enumerated().sorted {
      ($0.element, recordings[$0.offset]) < ($1.element, recordings[$1.offset])
    }
    return ranked.prefix(count).map { ($0.offset, $0.element) }
  }

  /// One logit a class for few-shot use: minus the squared distance to the class's nearest reference; minus
  /// infinity has no place in a softmax, so a class without references gets the farthest of all less one.
  package func logits(of position: [Float], classCount: Int) -> [Double] {
    let squared = distances(to: position).map { $0 * $0 }
    let floor = -(squared.max() ?? 0) - 1
    return (0..<classCount).map { c in
      zip(squared, classes).filter { $0.1 == c }.map { -$0.0 }.max() ?? floor
    }
  }
}
