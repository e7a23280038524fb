import CPC
import NeuralNet
import Support

/// Tells states apart in two stages: a projection is trained by contrast, then a linear softmax on the frozen
/// representation.
///
/// Khosla et al. 2020, section 3. Stage one trains a projection head (and, where asked, the encoder below it) so that
/// windows of one class are near one another on the unit sphere. Stage two trains `logits = W r + b` by
/// cross-entropy; nothing below moves. The paper drops the projection and reads r from the encoder. Departure: where
/// the encoder itself stays frozen that would make stage one idle, so `Representation/hidden` takes the projection's
/// hidden layer for the encoder's last one.
package struct SupConClassifier<Scalar: TensorScalar>: Parameterized, Sendable {
  package var standardizer: Standardizer<Scalar>
  package var projection: Projector<Scalar>
  package var classifier: Linear<Scalar>
  package let reads: SupConSettings.Representation

  /// - `inputs`: E, size of an embedding.
  /// - `classes`: C.
  package init(inputs: Int, classes: Int, settings: SupConSettings, random: inout RandomSource) {
    standardizer = Standardizer(size: inputs)
    projection = Projector(
      settings.projection, inputs: inputs, hiddenSize: settings.hiddenSize, outputs: settings.projectionSize,
      unitLength: true, random: &random)
    reads = settings.reads
    let width: Int
    switch (settings.reads, settings.projection) {
    case (.embedding, _): width = inputs
    case (.hidden, .mlp): width = settings.hiddenSize
    case (.hidden, .linear), (.hidden, .none), (.projection, _): width = projection.outputs
    }
    classifier = Linear(inputs: width, outputs: classes, random: &random)
  }

  /// The frozen representation r that the classifier reads, from embeddings `[row, E]`.
  @specialized(where Scalar == Float)
  package func representation(_ embeddings: Tensor<Scalar>) -> Tensor<Scalar> {
    let x = standardizer(embeddings)
    switch reads {
    case .embedding: return x
    case .hidden: return projection.hidden.map { $0(x) } ?? projection(x)
    case .projection: return projection(x)
    }
  }

  /// `[row, class]` from embeddings `[row, E]`.
  package func logits(_ embeddings: Tensor<Scalar>) -> Tensor<Scalar> {
    classifier(representation(embeddings))
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try standardizer.visit(join(path, "standardizer"), body)
    try projection.visit(join(path, "projection"), body)
    try classifier.visit(join(path, "classifier"), body)
  }
}

/// How a ``SupConClassifier`` is built and trained.
package struct SupConSettings: Sendable, Equatable, Codable {
  package enum Representation: String, Sendable, Codable, CaseIterable {
    /// The encoder's pooled embedding, as in the paper; right when stage one trained the encoder.
    case embedding
    /// The hidden layer of an MLP projection (its output where the projection is linear).
    case hidden
    /// The projection's output of unit length.
    case projection
  }

  package var loss = SupConLoss(temperature: 0.1, baseTemperature: 0.1)
  package var projection = Projector<Float>.Kind.mlp
  package var hiddenSize = 256
  package var projectionSize = 128
  package var reads = Representation.hidden
  /// Items of one batch; each brings ``views`` windows of one recording.
  package var batch = 48
  package var views = 2
  package var contrastiveSteps = 150
  package var contrastiveRate = 1e-3
  package var classifierSteps = 300
  package var classifierRate = 5e-3
  package var classifierBatch = 128
  package var weightDecay = 1e-2

  package init() {}
}
