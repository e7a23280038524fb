import Foundation
import NeuralNet
import Support

/// Twin contrast: the rows of a batch are told apart, and so are the columns of its soft cluster assignments.
///
///     loss = NT-Xent(rows of Z_A, Z_B; tau 0.5) + NT-Xent(columns of P_A, P_B; tau 1)
///          + (log K - H(p_A)) + (log K - H(p_B)) + self-labels
///
/// A is a weak and B a strong view; Z `[B, size]` are unit-length projections by the instance head, P `[B, K]` the softmax of
/// the cluster head, whose columns count at unit length, p the mean row of P and H its entropy in nats: the trivial solution
/// of one cluster for all costs 2 log K, at any batch. Boosting, in the last part of the training: windows get ``PseudoLabels`` from the
/// weak view; rows of the same label are no negatives of one another, and the strong view learns the labels by cross-entropy
/// weighted with n / n_k, the inverse share of each label (Li et al. 2022, arXiv 2210.11680, equations 3 to 14).
///
/// Departures: contrast of clusters and entropy stay while boosting, where the paper has the self-labels in the contrast's place, as
/// few windows are labelled at first. Labels that are kept for a window are those by the heads as they are after the step.
package struct TCL<Scalar: TensorScalar>: Objective {
  package struct Options: Sendable, Equatable {
    package var instanceTemperature = 0.5
    package var clusterTemperature = 1.0
    package var selection = PseudoLabels()
    /// Share of the training after which boosting begins.
    package var boostAfter = 0.8

    package init() {}
  }

  package var instanceHead: Projector<Scalar>
  package var clusterHead: Projector<Scalar>
  /// Label of every window by number, -1 for none: `[N]`.
  package private(set) var labels: Tensor<Scalar>
  package let options: Options

  package init(instanceHead: Projector<Scalar>, clusterHead: Projector<Scalar>, options: Options) {
    self.instanceHead = instanceHead
    self.clusterHead = clusterHead
    self.options = options
    labels = Tensor(zeros: [0])
  }

  package var clusters: Int { clusterHead.outputs }

  package var needs: ObjectiveNeeds { ObjectiveNeeds(views: [.augmented(.weak), .augmented(.strong)]) }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try instanceHead.visit(join(path, "instanceHead"), body)
    try clusterHead.visit(join(path, "clusterHead"), body)
    try body(join(path, "labels"), .buffer, &labels)
  }

  package mutating func prepare(windowCount: Int) { labels = Tensor(repeating: -1, shape: [windowCount]) }

  private func isBoosting(_ context: ObjectiveContext) -> Bool {
    Double(context.step) >= options.boostAfter * Double(context.totalSteps)
  }

  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    let labels = isBoosting(context) ? selectedLabels(representations) : nil
    return evaluate(representations, labels: labels, into: &gradient)
  }

  /// The loss with given labels of the windows, nil for those without; nil altogether before boosting.
  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, labels: [Int?]?, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    precondition(
      representations.viewCount == 2, "TCL got \(representations.viewCount) views, expected weak and strong")
    let pooled = RepresentationPooling.forward(
      latents: representations.latents, contexts: representations.contexts)
    var context = ForwardContext.inference
    let (z, instanceCache) = instanceHead.forward(pooled.embedding, &context)
    let (logits, clusterCache) = clusterHead.forward(pooled.embedding, &context)
    let instance = RowContrast.evaluate(
      z, relation(labels, windows: representations.windowCount), temperature: options.instanceTemperature)
    let assigned = ClusterContrast.evaluate(logits, temperature: options.clusterTemperature)
    var dLogits = assigned.dLogits
    var terms: [ObjectiveMeasures.Term] = [
      .init("instances", instance.loss), .init("clusters", assigned.contrast),
      .init("imbalance", assigned.imbalance),
    ]
    if let labels {
      let strong = representations.windowCount
      let own = PseudoLabels.crossEntropy(logits.outer(strong..<2 * strong), labels)
      dLogits.addSlice(own.dLogits, at: strong, axis: 0)
      terms.append(.init("labels", own.loss))
    }
    var dEmbedding = instanceHead.backward(instance.dCandidates, instanceCache, into: &gradient.instanceHead)
    dEmbedding.add(clusterHead.backward(dLogits, clusterCache, into: &gradient.clusterHead))
    let (dLatents, dContexts) = RepresentationPooling.backward(dEmbedding, pooled.cache)
    return ObjectiveOutcome(
      loss: terms.reduce(0) { $0 + $1.value },
      measures: ObjectiveMeasures(
        terms: terms, rowAccuracy: instance.accuracy, topFiveAccuracy: instance.topFiveAccuracy),
      dLatents: dLatents, dContexts: dContexts)
  }

  /// Views of a window are positives; windows of one label are neither positives nor negatives.
  @specialized(where Scalar == Float)
  private func relation(_ labels: [Int?]?, windows: Int) -> RowRelation {
    guard let labels else { return .views(windows: windows, views: 2) }
    var weights = [Double](repeating: 0, count: windows * windows)
    for a in 0..<windows {
      for b in 0..<windows where a != b && labels[a] != nil && labels[a] == labels[b] {
        weights[a * windows + b] = -1
      }
      weights[a * windows + a] = 1
    }
    return RowRelation(items: (0..<2 * windows).map { $0 % windows }, weights: weights)
  }

  /// Labels of the batch's windows by their weak view.
  @specialized(where Scalar == Float)
  private func selectedLabels(_ representations: Representations<Scalar>) -> [Int?] {
    let windows = representations.windowCount
    let pooled = RepresentationPooling.forward(
      latents: representations.latents.outer(0..<windows),
      contexts: representations.contexts.outer(0..<windows))
    let probabilities = clusterHead(pooled.embedding).softmax().probabilities
    return options.selection.select(probabilities, before: representations.windows.map(label))
  }

  private func label(of window: Int) -> Int? {
    precondition(labels.storage.indices.contains(window), "window \(window) of \(labels.count) is not known")
    return labels.storage[window] < 0 ? nil : Int(labels.storage[window])
  }

  @specialized(where Scalar == Float)
  package mutating func stepEnded(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext
  ) {
    guard isBoosting(context) else { return }
    for (window, label) in zip(representations.windows, selectedLabels(representations)) {
      labels.storage[window] = label.map { Scalar($0) } ?? -1
    }
  }
}

extension TCL: GroupingObjective {
  package var groupCounts: [Int] { [clusters] }

  package func groups(of embeddings: Tensor<Scalar>, count: Int) -> Grouping<Scalar> {
    Grouping(
      probabilities: clusterHead(embeddings).softmax().probabilities, places: instanceHead(embeddings))
  }
}

/// How ``TCL`` is called and set.
package struct TCLFamily: ObjectiveFamily {
  package let name = "tcl"
  package let summary = "twin contrast of windows and of clusters, then self-labels"
  package let citation =
    "Li, Yang, Peng, Li, Huang, Peng 2022, Twin contrastive learning for online clustering, arXiv 2210.11680"

  package static let clusters = Setting<Int>.integer(
    "clusters", "clusters K, the number of states expected", default: 4, in: 2...4096
  )
  .size(smallest: .integer(2))
  package static let instanceTemperature = Setting<Double>.number(
    "instanceTemperature", "of the contrast of windows", default: 0.5, in: 0.01...10)
  package static let clusterTemperature = Setting<Double>.number(
    "clusterTemperature", "of the contrast of clusters", default: 1, in: 0.01...10)
  package static let boostAfter = Setting<Double>.number(
    "boostAfter", "share of the steps before self-labels; 1 for none", default: 0.8, in: 0...1)
  package static let confidence = Setting<Double>.number(
    "confidence", "least probability of a self-label", default: 0.99, in: 0...1)
  package static let share = Setting<Double>.number(
    "labelShare", "most new labels a cluster and batch, as a share of B / K", default: 0.5, in: 0...100)

  package init() {}

  package var settings: [SettingDescription] {
    [
      Self.clusters.description, Self.instanceTemperature.description, Self.clusterTemperature.description,
      Self.boostAfter.description, Self.confidence.description, Self.share.description,
    ] + ProjectorSettings.descriptions
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    // Both heads, and a label of every window.
    ProjectorSettings.numberCount(settings, inputs: sizes.embedding)
      + Projector<Float>.numberCount(
        .mlp, inputs: sizes.embedding, hiddenSize: settings[ProjectorSettings.hiddenSize],
        outputs: settings[Self.clusters]) + sizes.windows
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    var options = TCL<Scalar>.Options()
    options.instanceTemperature = settings[Self.instanceTemperature]
    options.clusterTemperature = settings[Self.clusterTemperature]
    options.boostAfter = settings[Self.boostAfter]
    options.selection = PseudoLabels(confidence: settings[Self.confidence], share: settings[Self.share])
    let instanceHead: Projector<Scalar> = ProjectorSettings.make(
      settings, latentSize: latentSize, contextSize: contextSize, unitLength: true, random: &random)
    let clusterHead = Projector<Scalar>(
      .mlp, inputs: 2 * latentSize + contextSize, hiddenSize: settings[ProjectorSettings.hiddenSize],
      outputs: settings[Self.clusters], unitLength: false, random: &random)
    return TCL(instanceHead: instanceHead, clusterHead: clusterHead, options: options)
  }
}
