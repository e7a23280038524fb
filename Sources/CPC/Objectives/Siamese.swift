import NeuralNet
import Support

/// Pairs of rows on springs: alike ones are pulled together, others pushed apart up to a margin. See ``SiameseLoss``.
///
/// Hadsell, Chopra and LeCun 2006. As many pairs as rows, alternately alike and different, classes drawn equally
/// often (``BalancedPairs``). Positives from labels leave out windows without one; from views, the views of one
/// window are alike.
package struct Siamese<Scalar: TensorScalar>: EmbeddingObjective {
  package var projector: Projector<Scalar>
  package let loss: SiameseLoss
  package let positives: PositiveSource
  package let viewCount: Int

  package init(projector: Projector<Scalar>, loss: SiameseLoss, positives: PositiveSource, viewCount: Int = 2)
  {
    self.projector = projector
    self.loss = loss
    self.positives = positives
    self.viewCount = viewCount
  }

  package var needs: ObjectiveNeeds { PositiveSettings.needs(positives, views: viewCount) }

  @specialized(where Scalar == Float)
  func compare(
    _ features: Tensor<Scalar>, of batch: Representations<Scalar>, _ context: inout ObjectiveContext,
    into gradient: inout Self
  ) -> FeatureOutcome<Scalar> {
    let (rows, groups) = positives.groups(of: batch)
    let pairs = BalancedPairs(labels: groups).draw(rows.count, &context.random).map {
      BalancedPairs.Pair(a: rows[$0.a], b: rows[$0.b], different: $0.different)
    }
    return compare(features, pairs: pairs)
  }

  /// The loss of given pairs of rows: a function of its arguments alone.
  @specialized(where Scalar == Float)
  func compare(_ features: Tensor<Scalar>, pairs: [BalancedPairs.Pair]) -> FeatureOutcome<Scalar> {
    let (a, b) = (pairs.map { $0.a }, pairs.map { $0.b })
    let (value, dA, dB) = loss(
      features.gathering(a), features.gathering(b), different: pairs.map { $0.different })
    var dFeatures = Tensor<Scalar>(zeros: features.shape)
    dFeatures.addItems(dA, at: a)
    dFeatures.addItems(dB, at: b)
    return FeatureOutcome(
      loss: Double(value), measures: ObjectiveMeasures(terms: [.init("margin", Double(value))]),
      dFeatures: dFeatures)
  }
}

/// How ``Siamese`` is called and set.
package struct SiameseFamily: ObjectiveFamily {
  package let name = "siamese"
  package let summary = "pairs of windows: alike ones are pulled together, others pushed apart up to a margin"
  package let citation =
    "Hadsell, Chopra, LeCun 2006, Dimensionality reduction by learning an invariant mapping, CVPR"

  static let margin = Setting<Double>.number(
    "margin", "the distance at which different windows rest", default: 1, in: 0.001...1000)

  package init() {}

  package var settings: [SettingDescription] {
    PositiveSettings.descriptions + [Self.margin.description] + ProjectorSettings.descriptions
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    ProjectorSettings.numberCount(settings, inputs: sizes.embedding)
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    try PositiveSettings.validate(settings, of: name)
    return Siamese<Scalar>(
      projector: ProjectorSettings.make(
        settings, latentSize: latentSize, contextSize: contextSize, unitLength: false, random: &random),
      loss: SiameseLoss(margin: settings[Self.margin]), positives: settings[PositiveSettings.source],
      viewCount: settings[PositiveSettings.views])
  }
}
