import NeuralNet
import Support

/// Supervised contrast: rows of one class are to be more alike than rows of others, whatever their number. See
/// ``SupConLoss``.
///
/// Khosla et al. 2020 (arXiv 2004.11362), first stage: encoder and projector are trained, the classifier comes
/// afterwards on the frozen encoder (`fit`). With positives from views it is ``SimCLR`` for any number of views.
/// Windows without a label are left out: they may be of the anchor's class.
package struct SupCon<Scalar: TensorScalar>: EmbeddingObjective {
  package var projector: Projector<Scalar>
  package let loss: SupConLoss
  package let positives: PositiveSource
  package let viewCount: Int
  /// How much windows of the anchor's own recording count as its positives, in 0 ... 1; see `RecordingMask`.
  package let ownRecording: Double

  /// - `projector`: with unit length.
  package init(
    projector: Projector<Scalar>, loss: SupConLoss, positives: PositiveSource, viewCount: Int = 2,
    ownRecording: Double = 1
  ) {
    precondition(projector.unitLength != nil, "cosines need features of unit length")
    precondition((0...1).contains(ownRecording), "a weight of \(ownRecording)")
    self.projector = projector
    self.loss = loss
    self.positives = positives
    self.viewCount = viewCount
    self.ownRecording = ownRecording
  }

  package var needs: ObjectiveNeeds { PositiveSettings.needs(positives, views: viewCount) }

  func compare(
    _ features: Tensor<Scalar>, of batch: Representations<Scalar>, _ context: inout ObjectiveContext,
    into gradient: inout Self
  ) -> FeatureOutcome<Scalar> {
    let (rows, groups) = positives.groups(of: batch)
    // The first view stands first: row `v * B + b` is view v.
    let anchors = loss.anchors == .all ? nil : rows.indices.filter { rows[$0] < batch.windowCount }
    let relation =
      ownRecording == 1
      ? RowRelation(items: groups, anchors: anchors)
      : RecordingMask(ownWeight: ownRecording).relation(rows, groups: groups, anchors: anchors, of: batch)
    let outcome = loss(features.keeping(rows), relation)
    return FeatureOutcome(
      loss: outcome.loss,
      measures: ObjectiveMeasures(
        terms: [.init("supcon", outcome.loss)], rowAccuracy: outcome.accuracy,
        topFiveAccuracy: outcome.topFiveAccuracy),
      dFeatures: outcome.dCandidates.spread(to: rows, of: batch.rowCount))
  }
}

/// How ``SupCon`` is called and set.
package struct SupConFamily: ObjectiveFamily {
  package let name = "supcon"
  package let summary = "windows of one label are more alike than those of others, in several views (SupCon)"
  package let citation =
    "Khosla, Teterwak, Wang, Sarna, Tian, Isola, Maschinot, Liu, Krishnan 2020, Supervised contrastive learning, arXiv 2004.11362"

  static let temperature = Setting<Double>.number(
    "temperature", "tau, by which cosines are divided", default: 0.07, in: 0.001...100)
  static let baseTemperature = Setting<Double>.number(
    "baseTemperature", "tau_base; the loss is multiplied by tau / tau_base", default: 0.07, in: 0.001...100)
  static let anchors = Setting<SupConLoss.Anchors>.choice(
    "anchors", "which views are anchors: all, or the first one", default: .all)
  static let ownRecording = Setting<Double>.number(
    "ownRecording",
    """
    weight of positives from the anchor's own recording beside 1 for those from others, so that the label is learnt \
    rather than the recording; 0 leaves them out
    """,
    default: 1, in: 0...1)

  package init() {}

  package var settings: [SettingDescription] {
    PositiveSettings.descriptions
      + [
        Self.temperature.description, Self.baseTemperature.description, Self.anchors.description,
        Self.ownRecording.description,
      ]
      + ProjectorSettings.descriptions
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    ProjectorSettings.numberCount(settings, inputs: sizes.embedding)
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    try PositiveSettings.validate(settings, of: name)
    guard settings[Self.ownRecording] == 1 || settings[PositiveSettings.source] == .labels else {
      throw .badSetting(
        name: "objective \(name): ownRecording", found: "\(settings[Self.ownRecording])",
        expected: "1 unless positives=labels: other positives are all from the anchor's own recording")
    }
    return SupCon<Scalar>(
      projector: ProjectorSettings.make(
        settings, latentSize: latentSize, contextSize: contextSize, unitLength: true, random: &random),
      loss: SupConLoss(
        temperature: settings[Self.temperature], baseTemperature: settings[Self.baseTemperature],
        anchors: settings[Self.anchors]),
      positives: settings[PositiveSettings.source], viewCount: settings[PositiveSettings.views],
      ownRecording: settings[Self.ownRecording])
  }
}
