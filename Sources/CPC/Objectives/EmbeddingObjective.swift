import NeuralNet

/// An objective that compares rows as a whole: one vector a row, its pooled embedding through a projector.
///
///     f = projector([mean of z, deviation of z, mean of c])        loss = compare(f)
///
/// Encoder and context are both trained, since the embedding holds both. An objective of this kind says how vectors
/// are compared; the way to them and back is here.
protocol EmbeddingObjective: Objective {
  var projector: Projector<Scalar> { get set }

  /// The loss of features `[row, outputs]`, rows as in ``Representations``, and its gradient. Gradients of parameters
  /// other than the projector's are added to `gradient`.
  func compare(
    _ features: Tensor<Scalar>, of batch: Representations<Scalar>, _ context: inout ObjectiveContext,
    into gradient: inout Self
  ) -> FeatureOutcome<Scalar>
}

/// A loss of features with its gradient.
struct FeatureOutcome<Scalar: TensorScalar>: Sendable {
  var loss: Double
  var measures: ObjectiveMeasures
  /// Shape of the features.
  var dFeatures: Tensor<Scalar>
}

extension EmbeddingObjective {
  package func evaluate(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    let (features, cache) = projector.rows(representations)
    let outcome = compare(features, of: representations, &context, into: &gradient)
    let d = projector.backwardRows(outcome.dFeatures, cache, into: &gradient.projector)
    return ObjectiveOutcome(
      loss: outcome.loss, measures: outcome.measures, dLatents: d.dLatents, dContexts: d.dContexts)
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try projector.visit(join(path, "projector"), body)
  }
}
