import NeuralNet
import Support

/// The components of two altered views are to agree with themselves and not with one another; needs no negatives. See
/// ``BarlowTwinsLoss``.
///
/// Zbontar, Jing, Misra, LeCun, Deny 2021 (arXiv 2103.03230). Departure: their projector has three layers of 8192
/// units with batch normalisation between, for batches of 2048; here it is the setting's.
package struct BarlowTwins<Scalar: TensorScalar>: EmbeddingObjective {
  package var projector: Projector<Scalar>
  package let loss: BarlowTwinsLoss

  package init(projector: Projector<Scalar>, loss: BarlowTwinsLoss) {
    self.projector = projector
    self.loss = loss
  }

  package var needs: ObjectiveNeeds { ObjectiveNeeds(views: PositiveSettings.altered(2)) }

  func compare(
    _ features: Tensor<Scalar>, of batch: Representations<Scalar>, _ context: inout ObjectiveContext,
    into gradient: inout Self
  ) -> FeatureOutcome<Scalar> {
    precondition(batch.viewCount == 2, "two views are compared, found \(batch.viewCount)")
    let windows = batch.windowCount
    let outcome = loss(features.outer(0..<windows), features.outer(windows..<2 * windows))
    return FeatureOutcome(
      loss: outcome.loss,
      measures: ObjectiveMeasures(terms: [
        .init("invariance", outcome.invariance), .init("redundancy", outcome.redundancy),
      ]),
      dFeatures: Tensor.concatenated([outcome.dA, outcome.dB], axis: 0))
  }
}

/// How ``BarlowTwins`` is called and set.
package struct BarlowTwinsFamily: ObjectiveFamily {
  package let name = "barlow"
  package let summary = "two altered views agree in each component and components differ (Barlow Twins)"
  package let citation =
    "Zbontar, Jing, Misra, LeCun, Deny 2021, Barlow Twins: self-supervised learning via redundancy reduction, arXiv 2103.03230"

  static let redundancyWeight = Setting<Double>.number(
    "lambda", "weight of the correlations between different components", default: 0.0051, in: 0...1)

  package init() {}

  package var settings: [SettingDescription] {
    [Self.redundancyWeight.description] + ProjectorSettings.descriptions
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    ProjectorSettings.numberCount(settings, inputs: sizes.embedding)
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    BarlowTwins<Scalar>(
      projector: ProjectorSettings.make(
        settings, latentSize: latentSize, contextSize: contextSize, unitLength: false, random: &random),
      loss: BarlowTwinsLoss(redundancyWeight: settings[Self.redundancyWeight]))
  }
}
