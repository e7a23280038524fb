import NeuralNet
import Support

/// Swapped assignment: predict from one crop of a window which prototypes another crop of it was assigned to.
///
///     loss = mean over long crops i, other crops j of -sum_k q_ik log softmax(z_j . c_k / tau)
///
/// z are unit-length projections of the crops' pooled embeddings, c the ``Prototypes``, q the codes that ``Sinkhorn`` makes of
/// the long crops' scores z_i . c_k over the batch (with the scores of a queue of past embeddings before it, once that is
/// full), no gradient passing them (Caron et al. 2020, arXiv 2006.09882, equation 2 and section 3.2: 3 iterations at
/// epsilon 0.05, tau 0.1; prototypes frozen at first).
///
/// Departures: a short crop is a run of a view's own steps pooled for itself, not another piece of signal encoded for itself.
/// The encoder is local in time, so its latents are those that the shorter signal would have; contexts, however, have heard
/// what comes before the run. It costs no further pass of the encoder. All windows of a batch are cropped at the same steps. The
/// queue is filled only once the prototypes move, and holds projections by the network of the step that made them.
package struct SwAV<Scalar: TensorScalar>: Objective {
  /// What does not change while it trains.
  package struct Options: Sendable, Equatable {
    package var sinkhorn = Sinkhorn()
    package var temperature = 0.1
    /// Short crops a window.
    package var shortCrops = 2
    /// Share of the steps that a short crop has.
    package var shortShare = 0.5
    /// Steps during which the prototypes stay as they are.
    package var frozenSteps = 30

    package init() {}
  }

  package var projector: Projector<Scalar>
  package var prototypes: Prototypes<Scalar>
  /// Past projections of each long crop.
  package var queues: [MemoryBank<Scalar>]
  package let options: Options

  package static var longCrops: Int { 2 }

  /// - `queueLength`: rows that are remembered of each long crop; 0 for no queue.
  @specialized(where Scalar == Float)
  package init(
    projector: Projector<Scalar>, prototypes: Prototypes<Scalar>, queueLength: Int, options: Options
  ) {
    precondition(
      projector.outputs == prototypes.size,
      "projections of \(projector.outputs) do not fit prototypes \(prototypes.weight.shape)")
    self.projector = projector
    self.prototypes = prototypes
    self.options = options
    queues = (0..<Self.longCrops).map { _ in MemoryBank(capacity: queueLength, size: prototypes.size) }
  }

  package var needs: ObjectiveNeeds {
    ObjectiveNeeds(views: [.augmented(.weak), .augmented(.strong)])
  }

  @specialized(where Scalar == Float)
  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try projector.visit(join(path, "projector"), body)
    try prototypes.visit(join(path, "prototypes"), body)
    for index in queues.indices { try queues[index].visit(join(path, "queue\(index)"), body) }
  }

  /// The whole views first, then the short crops of either view in turn, at random steps.
  @specialized(where Scalar == Float)
  func crops(steps: Int, random: inout RandomSource) -> [Crop] {
    let short = max(1, min(steps, Int((options.shortShare * Double(steps)).rounded())))
    return (0..<Self.longCrops).map { Crop(view: $0, steps: 0..<steps) }
      + (0..<options.shortCrops).map { index in
        let start = random.integer(below: steps - short + 1)
        return Crop(view: index % Self.longCrops, steps: start..<start + short)
      }
  }

  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    let crops = self.crops(steps: representations.stepCount, random: &context.random)
    return evaluate(
      representations, crops: crops, movesPrototypes: context.step >= options.frozenSteps, into: &gradient)
  }

  /// The loss for given crops, the first ``longCrops`` of which have codes.
  ///
  /// - `codes`: `[B, K]` of each long crop, instead of those that the scores give.
  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, crops: [Crop], codes given: [Tensor<Scalar>]? = nil,
    movesPrototypes: Bool = true, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    precondition(
      representations.viewCount == Self.longCrops && crops.count >= Self.longCrops,
      "\(representations.viewCount) views in \(crops.count) crops, expected \(Self.longCrops) views")
    let pooled = CropPooling(
      latents: representations.latents, contexts: representations.contexts,
      windows: representations.windowCount, crops: crops)
    var context = ForwardContext.inference
    let (z, cache) = projector.forward(pooled.embeddings, &context)
    let scores = prototypes.scores(z)
    let codes = given ?? self.codes(scores, windows: representations.windowCount)
    let (loss, dScores) = swapped(scores, codes, crops: crops.count)
    var dPrototypes = prototypes.zeroed()
    let dz = prototypes.backward(dScores, z, into: &dPrototypes)
    if movesPrototypes { gradient.prototypes.weight.add(dPrototypes.weight) }
    let dEmbeddings = projector.backward(dz, cache, into: &gradient.projector)
    let (dLatents, dContexts) = pooled.backward(dEmbeddings, to: representations)
    return ObjectiveOutcome(
      loss: loss, measures: ObjectiveMeasures(terms: [.init("swapped", loss)]), dLatents: dLatents,
      dContexts: dContexts)
  }

  /// Codes `[B, K]` of the long crops, whose scores are the first rows of `scores`.
  @specialized(where Scalar == Float)
  func codes(_ scores: Tensor<Scalar>, windows: Int) -> [Tensor<Scalar>] {
    (0..<Self.longCrops).map { crop in
      let own = scores.outer(crop * windows..<(crop + 1) * windows)
      guard queues[crop].isFull else { return options.sinkhorn.codes(own) }
      let all = Tensor.concatenated([own, prototypes.scores(queues[crop].rows)], axis: 0)
      return options.sinkhorn.codes(all).outer(0..<windows)
    }
  }

  /// The loss over all pairs of a code and another crop, and its gradient by the scores `[crop * B, K]`.
  @specialized(where Scalar == Float)
  private func swapped(
    _ scores: Tensor<Scalar>, _ codes: [Tensor<Scalar>], crops: Int
  ) -> (loss: Double, dScores: Tensor<Scalar>) {
    let windows = scores.rows / crops
    var loss = 0.0
    let parts = (0..<crops).map { crop -> Tensor<Scalar> in
      let own = scores.outer(crop * windows..<(crop + 1) * windows)
      // Cross-entropy is linear in its targets, so that all codes that a crop predicts go in one pass.
      var targets = Tensor<Scalar>(zeros: own.shape)
      for code in codes.indices where code != crop { targets.add(codes[code]) }
      let weight = 1 / Double(Self.longCrops * (crops - 1))
      let part = SoftCrossEntropy.evaluate(own, targets, temperatures: [options.temperature])
      loss += weight * part.loss
      return Scalar(weight) * part.dScores
    }
    return (loss, Tensor.concatenated(parts, axis: 0))
  }

  @specialized(where Scalar == Float)
  package mutating func stepEnded(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext
  ) {
    prototypes.normalize()
    guard queues[0].capacity > 0, context.step >= options.frozenSteps else { return }
    let windows = representations.windowCount
    let z = projector.rows(representations).features
    for crop in queues.indices { queues[crop].append(z.outer(crop * windows..<(crop + 1) * windows)) }
  }
}

extension SwAV: GroupingObjective {
  package var groupCounts: [Int] { [prototypes.count] }

  package func groups(of embeddings: Tensor<Scalar>, count: Int) -> Grouping<Scalar> {
    let z = projector(embeddings)
    let logits = Scalar(1 / options.temperature) * prototypes.scores(z)
    return Grouping(probabilities: logits.softmax().probabilities, places: z)
  }
}

/// How ``SwAV`` is called and set.
package struct SwAVFamily: ObjectiveFamily {
  package let name = "swav"
  package let summary = "swapped assignment: crops of a window predict each other's prototypes"
  package let citation =
    "Caron, Misra, Mairal, Goyal, Bojanowski, Joulin 2020, Unsupervised learning of visual features by contrasting "
    + "cluster assignments, arXiv 2006.09882"

  /// The paper has 3000 for 1000 classes of pictures; machines have few states.
  package static let prototypes = Setting<Int>.integer(
    "prototypes", "prototypes K; some times as many as states are expected", default: 16, in: 2...8192
  )
  .size(smallest: .integer(2))
  package static let temperature = Setting<Double>.number(
    "temperature", "of the prediction, tau", default: 0.1, in: 0.01...10)
  package static let epsilon = Setting<Double>.number(
    "epsilon", "how soft the codes are", default: 0.05, in: 0.01...10)
  package static let iterations = Setting<Int>.integer(
    "iterations", "of Sinkhorn and Knopp for the codes", default: 3, in: 1...100)
  package static let shortCrops = Setting<Int>.integer(
    "shortCrops", "short crops of a window beside its two views", default: 2, in: 0...16)
  package static let shortShare = Setting<Double>.number(
    "shortShare", "share of a window that a short crop has", default: 0.5, in: 0.05...1)
  package static let frozenSteps = Setting<Int>.integer(
    "frozenSteps", "steps before the prototypes move", default: 30, in: 0...100_000_000)
  package static let queueLength = Setting<Int>.integer(
    "queue", "past windows that the codes are balanced over, as batches are small; 0 for none", default: 256,
    in: 0...65536
  )
  .size(smallest: .integer(0))

  package init() {}

  package var settings: [SettingDescription] {
    [
      Self.prototypes.description, Self.temperature.description, Self.epsilon.description,
      Self.iterations.description, Self.shortCrops.description, Self.shortShare.description,
      Self.frozenSteps.description, Self.queueLength.description,
    ] + ProjectorSettings.descriptions
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    let outputs = ProjectorSettings.outputs(settings, inputs: sizes.embedding)
    return ProjectorSettings.numberCount(settings, inputs: sizes.embedding)
      + settings[Self.prototypes] * outputs
      + SwAV<Float>.longCrops * (settings[Self.queueLength] * outputs + 1)
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    let projector: Projector<Scalar> = ProjectorSettings.make(
      settings, latentSize: latentSize, contextSize: contextSize, unitLength: true, random: &random)
    var options = SwAV<Scalar>.Options()
    options.sinkhorn = Sinkhorn(
      epsilon: settings[Self.epsilon], iterations: settings[Self.iterations])
    options.temperature = settings[Self.temperature]
    options.shortCrops = settings[Self.shortCrops]
    options.shortShare = settings[Self.shortShare]
    options.frozenSteps = settings[Self.frozenSteps]
    return SwAV(
      projector: projector,
      prototypes: Prototypes(
        count: settings[Self.prototypes], size: projector.outputs, random: &random),
      queueLength: settings[Self.queueLength], options: options)
  }
}
