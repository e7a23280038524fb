import NeuralNet
import Support

/// A row is to be nearer to those alike than to others, by a margin. See ``TripletLoss``.
///
/// Schroff, Kalenichenko and Philbin 2015 (arXiv 1503.03832), equation 3, with the mining of section 3.2 within the
/// batch. Windows without a label are left out where positives are from labels.
package struct Triplet<Scalar: TensorScalar>: EmbeddingObjective {
  package var projector: Projector<Scalar>
  package let loss: TripletLoss
  package let positives: PositiveSource
  package let viewCount: Int

  package init(projector: Projector<Scalar>, loss: TripletLoss, positives: PositiveSource, viewCount: Int = 2)
  {
    self.projector = projector
    self.loss = loss
    self.positives = positives
    self.viewCount = viewCount
  }

  package var needs: ObjectiveNeeds { PositiveSettings.needs(positives, views: viewCount) }

  func compare(
    _ features: Tensor<Scalar>, of batch: Representations<Scalar>, _ context: inout ObjectiveContext,
    into gradient: inout Self
  ) -> FeatureOutcome<Scalar> {
    let (rows, groups) = positives.groups(of: batch)
    let outcome = loss(features.keeping(rows), groups: groups, random: &context.random)
    return FeatureOutcome(
      loss: outcome.loss,
      measures: ObjectiveMeasures(
        terms: [.init("triplet", outcome.loss)], rowAccuracy: outcome.shareRight),
      dFeatures: outcome.dRows.spread(to: rows, of: batch.rowCount))
  }
}

/// How ``Triplet`` is called and set.
package struct TripletFamily: ObjectiveFamily {
  package let name = "triplet"
  package let summary = "a window is nearer to those alike than to others by a margin, with mined negatives"
  package let citation =
    "Schroff, Kalenichenko, Philbin 2015, FaceNet: a unified embedding for face recognition and clustering, arXiv 1503.03832"

  static let margin = Setting<Double>.number(
    "margin", "alpha, between squared distances of unit vectors", default: 0.2, in: 0.001...4)
  static let mining = Setting<TripletLoss.Mining>.choice(
    "mining", "which negatives: random, the nearest beyond the positive, or the hardest", default: .semiHard)

  package init() {}

  package var settings: [SettingDescription] {
    PositiveSettings.descriptions + [Self.margin.description, Self.mining.description]
      + ProjectorSettings.descriptions
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    ProjectorSettings.numberCount(settings, inputs: sizes.embedding)
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    try PositiveSettings.validate(settings, of: name)
    return Triplet<Scalar>(
      projector: ProjectorSettings.make(
        settings, latentSize: latentSize, contextSize: contextSize, unitLength: true, random: &random),
      loss: TripletLoss(margin: settings[Self.margin], mining: settings[Self.mining]),
      positives: settings[PositiveSettings.source], viewCount: settings[PositiveSettings.views])
  }
}
