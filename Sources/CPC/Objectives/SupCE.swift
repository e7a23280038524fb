import NeuralNet
import Support

/// Cross-entropy on labels with a linear classifier of the pooled embedding, what ``SupCon`` is compared with.
///
///     loss = mean over labelled rows i of -log softmax(A e_i + a)_{label i}
///
/// Called CE in Khosla et al. 2020 (arXiv 2004.11362, table 2). Windows without a label are left out.
package struct SupCE<Scalar: TensorScalar>: EmbeddingObjective {
  /// The classifier, from embeddings to logits.
  package var projector: Projector<Scalar>
  package let viewCount: Int

  /// - `classifier`: linear, without unit length.
  package init(classifier: Projector<Scalar>, viewCount: Int = 2) {
    precondition(classifier.unitLength == nil, "logits have no unit length")
    projector = classifier
    self.viewCount = viewCount
  }

  package var needs: ObjectiveNeeds { PositiveSettings.needs(.labels, views: viewCount) }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try projector.visit(join(path, "classifier"), body)
  }

  func compare(
    _ features: Tensor<Scalar>, of batch: Representations<Scalar>, _ context: inout ObjectiveContext,
    into gradient: inout Self
  ) -> FeatureOutcome<Scalar> {
    let (rows, classes) = PositiveSource.labels.groups(of: batch)
    let (loss, dLogits) = CrossEntropy.evaluate(features.keeping(rows), classes)
    return FeatureOutcome(
      loss: loss, measures: ObjectiveMeasures(terms: [.init("crossentropy", loss)]),
      dFeatures: dLogits.spread(to: rows, of: batch.rowCount))
  }
}

/// How ``SupCE`` is called and set.
package struct SupCEFamily: ObjectiveFamily {
  package let name = "supce"
  package let summary = "cross-entropy on labels with a linear classifier, the comparison for supcon"
  package let citation =
    "Khosla, Teterwak, Wang, Sarna, Tian, Isola, Maschinot, Liu, Krishnan 2020, Supervised contrastive learning (table 2, CE), "
    + "arXiv 2004.11362"

  static let classes = Setting<Int>.integer(
    "classes", "how many labels there are; counted where it is not given", default: 2, in: 2...10_000
  )
  .size(smallest: .integer(2))

  package init() {}

  package var settings: [SettingDescription] {
    [Self.classes.description, PositiveSettings.views.description]
  }

  package func adapted(
    _ settings: [String: SettingValue], classes: Int
  ) throws(CPCError) -> [String: SettingValue] {
    var result = settings
    let name = Self.classes.description.name
    guard let given = settings[name] else {
      result[name] = .integer(max(2, classes))
      return result
    }
    if case .integer(let count) = given, count < classes {
      throw .badSetting(
        name: "objective supce: classes", found: "\(count)",
        expected: "at least the \(classes) labels that occur")
    }
    return result
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    (sizes.embedding + 1) * settings[Self.classes]
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    SupCE<Scalar>(
      classifier: Projector(
        .linear, inputs: 2 * latentSize + contextSize, hiddenSize: 0, outputs: settings[Self.classes],
        unitLength: false, random: &random),
      viewCount: settings[PositiveSettings.views])
  }
}
