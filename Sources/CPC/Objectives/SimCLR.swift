import NeuralNet
import Support

/// Two altered views of a window are to be more alike than any of them and a view of another window (NT-Xent).
///
///     loss = mean over the 2 B rows i of -log( exp(s(i, j) / tau) / sum over k != i of exp(s(i, k) / tau) )
///
/// with j the other view of the same window and s the cosine of projected embeddings. Chen, Kornblith, Norouzi,
/// Hinton 2020 (arXiv 2002.05709), equation 1 and algorithm 1. Departure: the projector reads the pooled sequence
/// instead of an image's features.
package struct SimCLR<Scalar: TensorScalar>: EmbeddingObjective {
  package var projector: Projector<Scalar>
  package let temperature: Double

  /// - `projector`: with unit length.
  package init(projector: Projector<Scalar>, temperature: Double) {
    precondition(projector.unitLength != nil, "cosines need features of unit length")
    precondition(temperature > 0, "the temperature must be positive, found \(temperature)")
    self.projector = projector
    self.temperature = temperature
  }

  package var needs: ObjectiveNeeds { ObjectiveNeeds(views: PositiveSettings.altered(2)) }

  func compare(
    _ features: Tensor<Scalar>, of batch: Representations<Scalar>, _ context: inout ObjectiveContext,
    into gradient: inout Self
  ) -> FeatureOutcome<Scalar> {
    let outcome = RowContrast.evaluate(
      features, .views(windows: batch.windowCount, views: batch.viewCount), temperature: temperature)
    return FeatureOutcome(
      loss: outcome.loss,
      measures: ObjectiveMeasures(
        terms: [.init("ntxent", outcome.loss)], rowAccuracy: outcome.accuracy,
        topFiveAccuracy: outcome.topFiveAccuracy),
      dFeatures: outcome.dCandidates)
  }
}

/// How ``SimCLR`` is called and set.
package struct SimCLRFamily: ObjectiveFamily {
  package let name = "simclr"
  package let summary =
    "two altered views of a window are more alike than views of different windows (NT-Xent)"
  package let citation =
    "Chen, Kornblith, Norouzi, Hinton 2020, A simple framework for contrastive learning of visual representations, arXiv 2002.05709"

  /// 0.5 is the paper's for its small set (appendix B.9, CIFAR-10).
  static let temperature = Setting<Double>.number(
    "temperature", "tau, by which cosines are divided", default: 0.5, in: 0.001...100)

  package init() {}

  package var settings: [SettingDescription] {
    [Self.temperature.description] + ProjectorSettings.descriptions
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    ProjectorSettings.numberCount(settings, inputs: sizes.embedding)
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    SimCLR<Scalar>(
      projector: ProjectorSettings.make(
        settings, latentSize: latentSize, contextSize: contextSize, unitLength: true, random: &random),
      temperature: settings[Self.temperature])
  }
}
