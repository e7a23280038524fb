import NeuralNet
import Support

/// Prototypical contrast: a window is near its own other view, and near the prototype of its cluster, at several grains.
///
///     loss = InfoNCE + 1/M sum over m of -log( exp(v . c^m_s / phi^m_s) / sum_j exp(v . c^m_j / phi^m_j) )
///     InfoNCE = -log( exp(v . v'_i / tau) / sum_j exp(v . v'_j / tau) )
///
/// v is the unit-length projection of one view by the model, v' that of the other view by a teacher that follows it
/// (momentum 0.999); j runs over the batch's v' and a queue of past ones. c^m and phi^m are the prototypes of the m-th of M
/// clusterings and their concentrations (``PrototypeLevel``), s the cluster of the window. No gradient passes v', c or phi.
/// Expectation: at the end of each epoch the teacher embeds all windows as recorded and k-means clusters them anew for each
/// number of clusters. While warming up, in the first epochs, InfoNCE alone (Li et al. 2020, arXiv 2005.04966, equations 11
/// and 12, algorithm 1).
///
/// Departures: both views take both parts and the loss is the mean of the two, since both pass both networks anyway; every other
/// prototype is a negative, where the paper draws some of them for its tens of thousands.
package struct PCL<Scalar: TensorScalar>: Objective {
  package struct Options: Sendable, Equatable {
    package var temperature = 0.1
    package var momentum = 0.999
    /// Epochs of InfoNCE alone.
    package var warmUpEpochs = 1
    /// Numbers of clusters, K of each clustering.
    package var clusters = [8, 16, 32]

    package init() {}
  }

  package var projector: Projector<Scalar>
  /// The projector that follows, beside the trainer's teacher of the model.
  package var teacher: MomentumAverage<Projector<Scalar>>
  package private(set) var levels: [PrototypeLevel<Scalar>] = []
  package var queue: MemoryBank<Scalar>
  package let options: Options

  package init(projector: Projector<Scalar>, queueLength: Int, options: Options) {
    self.projector = projector
    teacher = MomentumAverage(of: projector, decay: options.momentum)
    queue = MemoryBank(capacity: queueLength, size: projector.outputs)
    self.options = options
    prepare(windowCount: 0)
  }

  package var needs: ObjectiveNeeds {
    ObjectiveNeeds(
      views: [.augmented(.weak), .augmented(.strong)], momentum: options.momentum, windowEmbeddings: true)
  }

  @specialized(where Scalar == Float)
  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try projector.visit(join(path, "projector"), body)
    // The teacher is not trained: the optimizer must leave it alone.
    try teacher.visit(join(path, "teacher")) { name, _, tensor in try body(name, .buffer, &tensor) }
    for index in levels.indices { try levels[index].visit(join(path, "level\(index)"), body) }
    try queue.visit(join(path, "queue"), body)
  }

  @specialized(where Scalar == Float)
  package mutating func prepare(windowCount: Int) {
    levels = options.clusters.map {
      PrototypeLevel(clusters: $0, size: projector.outputs, windowCount: windowCount)
    }
  }

  @specialized(where Scalar == Float)
  package func evaluate(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext, into gradient: inout Self
  ) -> ObjectiveOutcome<Scalar> {
    let (v, cache) = projector.rows(representations)
    let keys = self.keys(representations)
    let windows = representations.windowCount
    var dv = Tensor<Scalar>(zeros: v.shape)
    var (instance, prototype, ranks) = (0.0, 0.0, RankCounts())
    for view in 0..<2 {
      let rows = view * windows..<(view + 1) * windows
      let other = keys.outer((1 - view) * windows..<(2 - view) * windows)
      let pair = self.instance(v.outer(rows), other)
      instance += pair.loss
      ranks = ranks + pair.ranks
      var d = pair.dAnchors
      for level in levels where level.isFitted {
        let term = Self.prototypes(v.outer(rows), level, level.clusters(of: representations.windows))
        prototype += term.loss / Double(2 * levels.count)
        d.add(term.dRows, scaledBy: 1 / Scalar(2 * levels.count))
      }
      dv.addSlice(d, at: rows.lowerBound, axis: 0)
    }
    let (dLatents, dContexts) = projector.backwardRows(dv, cache, into: &gradient.projector)
    return ObjectiveOutcome(
      loss: instance + prototype,
      measures: ObjectiveMeasures(
        terms: [.init("infonce", instance), .init("prototypes", prototype)], rowAccuracy: ranks.accuracy,
        topFiveAccuracy: ranks.topFiveAccuracy(among: windows + queue.count)),
      dLatents: dLatents, dContexts: dContexts)
  }

  /// v', `[2 B, size]`.
  private func keys(_ representations: Representations<Scalar>) -> Tensor<Scalar> {
    guard let made = representations.teacher, representations.viewCount == 2 else {
      preconditionFailure("PCL got \(representations.viewCount) views, expected two and the teacher's")
    }
    let pooled = RepresentationPooling.forward(latents: made.latents, contexts: made.contexts)
    return teacher.average(pooled.embedding)
  }

  /// InfoNCE of v against the other view's keys and the queue; half of the mean, for one of two directions.
  @specialized(where Scalar == Float)
  private func instance(_ v: Tensor<Scalar>, _ keys: Tensor<Scalar>) -> RowContrast.Outcome<Scalar> {
    let candidates = queue.count > 0 ? Tensor.concatenated([keys, queue.rows], axis: 0) : keys
    let items = (0..<candidates.rows).map { Int32($0) }
    return RowContrast.evaluate(
      anchors: v, candidates: candidates, own: [Int32](repeating: -1, count: v.rows),
      anchorItems: Array(items.prefix(v.rows)), items: items, temperature: options.temperature,
      scale: 0.5 / Double(v.rows))
  }

  /// Mean cross-entropy of rows with the prototypes of their clusters.
  @specialized(where Scalar == Float)
  static func prototypes(
    _ v: Tensor<Scalar>, _ level: PrototypeLevel<Scalar>, _ clusters: [Int]
  ) -> (loss: Double, dRows: Tensor<Scalar>) {
    let (loss, dScores) = SoftCrossEntropy.evaluate(
      Tensor.product(v, level.centers, transposeB: true),
      SoftCrossEntropy.oneHot(clusters, columns: level.count),
      temperatures: level.concentrations.storage.map { Double($0) })
    return (loss, Tensor.product(dScores, level.centers))
  }

  package mutating func stepEnded(
    _ representations: Representations<Scalar>, _ context: inout ObjectiveContext
  ) {
    teacher.update(with: projector)
    if queue.capacity > 0 { queue.append(keys(representations)) }
  }

  @specialized(where Scalar == Float)
  package mutating func windowsEmbedded(
    _ embeddings: Tensor<Scalar>, epoch: Int, _ context: inout ObjectiveContext
  ) {
    guard epoch + 1 >= options.warmUpEpochs else { return }
    let rows = teacher.average(embeddings)
    for index in levels.indices {
      levels[index].fit(
        rows, temperature: options.temperature, threads: context.threads, random: &context.random)
    }
  }
}

extension PCL: GroupingObjective {
  package var groupCounts: [Int] { levels.filter { $0.isFitted }.map { $0.count } }

  @specialized(where Scalar == Float)
  package func groups(of embeddings: Tensor<Scalar>, count: Int) -> Grouping<Scalar> {
    guard let level = levels.first(where: { $0.isFitted && $0.count == count }) else {
      preconditionFailure("there are no \(count) groups, only \(groupCounts)")
    }
    // The prototypes lie where the teacher put the windows.
    let v = teacher.average(embeddings)
    var logits = Tensor.product(v, level.centers, transposeB: true)
    for index in logits.storage.indices {
      logits.storage[index] /= level.concentrations.storage[index % count]
    }
    return Grouping(probabilities: logits.softmax().probabilities, places: v)
  }
}

/// How ``PCL`` is called and set.
package struct PCLFamily: ObjectiveFamily {
  package let name = "pcl"
  package let summary = "prototypical contrast: near the other view, and near the prototype of the cluster"
  package let citation =
    "Li, Zhou, Xiong, Hoi 2020, Prototypical contrastive learning of unsupervised representations, arXiv 2005.04966"

  /// The paper has 25,000 to 100,000 for 1000 classes of pictures; machines have few states.
  package static let clusters = Setting<[Int]>.integers(
    "clusters", "numbers of clusters K, one clustering for each", default: [8, 16, 32], count: 1...8,
    in: 2...65536)
  package static let temperature = Setting<Double>.number(
    "temperature", "of instances, and mean of the prototypes'", default: 0.1, in: 0.01...10)
  package static let momentum = Setting<Double>.number(
    "momentum", "how slowly the teacher follows; 0.99 for a few hundred steps", default: 0.999,
    in: 0...0.99999)
  /// The paper warms up for 20 epochs of 200.
  package static let warmUpEpochs = Setting<Int>.integer(
    "warmUpEpochs", "epochs before the first clustering", default: 1, in: 1...100_000)
  package static let queueLength = Setting<Int>.integer(
    "queue", "past windows that serve as negatives, as batches are small; 0 for none", default: 256,
    in: 0...65536
  )
  .size(smallest: .integer(0))

  package init() {}

  package var settings: [SettingDescription] {
    [
      Self.clusters.description, Self.temperature.description, Self.momentum.description,
      Self.warmUpEpochs.description, Self.queueLength.description,
    ] + ProjectorSettings.descriptions
  }

  package func numberCount(_ settings: Settings, _ sizes: ObjectiveSizes) -> Int {
    let outputs = ProjectorSettings.outputs(settings, inputs: sizes.embedding)
    // The projector and its teacher, the queue, and of each clustering centres, concentrations and every window's cluster.
    let levels = settings[Self.clusters].map { clusters in
      max(1, min(clusters, sizes.windows)) * (outputs + 1) + sizes.windows
    }
    return 2 * ProjectorSettings.numberCount(settings, inputs: sizes.embedding)
      + settings[Self.queueLength] * outputs + 1 + levels.reduce(0, +)
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Objective<Scalar> {
    var options = PCL<Scalar>.Options()
    options.temperature = settings[Self.temperature]
    options.momentum = settings[Self.momentum]
    options.warmUpEpochs = settings[Self.warmUpEpochs]
    options.clusters = settings[Self.clusters]
    return PCL(
      projector: ProjectorSettings.make(
        settings, latentSize: latentSize, contextSize: contextSize, unitLength: true, random: &random),
      queueLength: settings[Self.queueLength], options: options)
  }
}
