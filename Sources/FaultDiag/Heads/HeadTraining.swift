import CPC
import NeuralNet
import Support

/// Where the training of a head stands; for progress on a terminal.
package struct HeadProgress: Sendable, Equatable {
  package enum Stage: String, Sendable {
    /// Encoder and projection together; see ``FineTuneSettings``.
    case encoder
    case contrastive, classifier, siamese
    /// Fits on the folds that calibrate a tuned encoder; steps are folds, the loss is the cross-entropy of the
    /// verdicts on held-out recordings before calibration.
    case calibration
  }
  package var stage: Stage
  /// Steps done, and of how many.
  package var step: Int
  package var steps: Int
  package var loss: Double
}

extension SupConClassifier where Scalar == Float {
  /// Trains both stages on frozen embeddings. Same data, settings and seed, same bytes.
  ///
  /// - Throws: ``FaultDiagError/diverged(stage:step:)`` when a loss leaves the finite numbers.
  package init(
    training data: LabelledEmbeddings, classes: Int, settings: SupConSettings, seed: UInt64,
    progress: (HeadProgress) -> Void = { _ in }
  ) throws(FaultDiagError) {
    var random = RandomSource(seed: seed, path: [1])
    self.init(inputs: data.size, classes: classes, settings: settings, random: &random)
    standardizer = Standardizer(fitting: data.embeddings)
    let x = standardizer(data.embeddings)
    let sampler = BalancedSampler(classes: data.classes, recordings: data.recordings)
    if settings.reads != .embedding {
      try trainProjection(x, data, sampler, settings, &random, progress)
    }
    try trainClassifier(representation(data.embeddings), data, sampler, settings, &random, progress)
  }

  private mutating func trainProjection(
    _ x: Tensor<Float>, _ data: LabelledEmbeddings, _ sampler: BalancedSampler, _ settings: SupConSettings,
    _ random: inout RandomSource, _ progress: (HeadProgress) -> Void
  ) throws(FaultDiagError) {
    let training = HeadTraining(
      .contrastive, steps: settings.contrastiveSteps, rate: settings.contrastiveRate,
      weightDecay: settings.weightDecay)
    try training.run(&projection, progress) { head, step in
      var rows: [Int] = []
      for _ in 0..<settings.batch { rows += sampler.draw(views: settings.views, &random) }
      var context = ForwardContext(mode: .training, random: RandomSource(seed: UInt64(step)))
      let (z, cache) = head.forward(x.gathering(rows), &context)
      let labels = stride(from: 0, to: rows.count, by: settings.views).map { data.classes[rows[$0]] }
      let features = z.reshaped([settings.batch, settings.views, z.shape[1]])
      let (loss, dFeatures) = settings.loss(features, .labels(labels))
      var gradient = head.zeroed()
      _ = head.backward(dFeatures.reshaped(z.shape), cache, into: &gradient)
      return (Double(loss), gradient)
    }
  }

  private mutating func trainClassifier(
    _ x: Tensor<Float>, _ data: LabelledEmbeddings, _ sampler: BalancedSampler, _ settings: SupConSettings,
    _ random: inout RandomSource, _ progress: (HeadProgress) -> Void
  ) throws(FaultDiagError) {
    let training = HeadTraining(
      .classifier, steps: settings.classifierSteps, rate: settings.classifierRate,
      weightDecay: settings.weightDecay)
    try training.run(&classifier, progress) { layer, step in
      let rows = (0..<settings.classifierBatch).map { _ in sampler.draw(views: 1, &random)[0] }
      var context = ForwardContext(mode: .training, random: RandomSource(seed: UInt64(step)))
      let (logits, cache) = layer.forward(x.gathering(rows), &context)
      let (loss, dLogits) = CrossEntropy.evaluate(logits, rows.map { data.classes[$0] })
      var gradient = layer.zeroed()
      _ = layer.backward(dLogits, cache, into: &gradient)
      return (loss, gradient)
    }
  }
}

extension SiameseHead where Scalar == Float {
  /// Trains the head on frozen embeddings. Same data, settings and seed, same bytes.
  package init(
    training data: LabelledEmbeddings, settings: SiameseSettings, seed: UInt64,
    progress: (HeadProgress) -> Void = { _ in }
  ) throws(FaultDiagError) {
    var random = RandomSource(seed: seed, path: [2])
    self.init(inputs: data.size, settings: settings, random: &random)
    standardizer = Standardizer(fitting: data.embeddings)
    let x = standardizer(data.embeddings)
    let sampler = BalancedPairs(labels: data.classes)
    let training = HeadTraining(
      .siamese, steps: settings.steps, rate: settings.rate, weightDecay: settings.weightDecay)
    try training.run(&projection, progress) { head, step in
      let pairs = sampler.draw(settings.batch, &random)
      var context = ForwardContext(mode: .training, random: RandomSource(seed: UInt64(step)))
      let (z, cache) = head.forward(x.gathering(pairs.map(\.a) + pairs.map(\.b)), &context)
      let (loss, dA, dB) = settings.loss(
        z.gathering(Array(0..<pairs.count)), z.gathering(Array(pairs.count..<2 * pairs.count)),
        different: pairs.map(\.different))
      var gradient = head.zeroed()
      _ = head.backward(Tensor(dA.storage + dB.storage, shape: z.shape), cache, into: &gradient)
      return (Double(loss), gradient)
    }
  }
}

/// The loop all heads share: AdamW with a short warm-up and cosine decay to zero.
struct HeadTraining {
  let stage: HeadProgress.Stage
  let steps: Int
  let schedule: LearningRateSchedule
  let weightDecay: Double

  init(_ stage: HeadProgress.Stage, steps: Int, rate: Double, weightDecay: Double) {
    self.stage = stage
    self.steps = steps
    self.weightDecay = weightDecay
    let warmUp = max(1, steps / 20)
    schedule = LearningRateSchedule(
      peak: rate, warmUpSteps: warmUp, shape: .cosine(steps: steps - warmUp, final: 0))
  }

  func run<Model: Parameterized & Sendable>(
    _ model: inout Model, _ progress: (HeadProgress) -> Void,
    _ gradient: (Model, Int) -> (loss: Double, gradient: Model)
  ) throws(FaultDiagError) where Model.Scalar == Float {
    var optimizer = AdamW<Float>(weightDecay: weightDecay)
    for step in 0..<steps {
      let (loss, direction) = gradient(model, step)
      guard loss.isFinite else {
        let what = stage == .encoder ? "the encoder" : "the \(stage.rawValue) head"
        throw .diverged(stage: what, step: step + 1)
      }
      optimizer.update(&model, along: direction, learningRate: schedule.rate(at: step))
      if (step + 1) % 25 == 0 || step + 1 == steps {
        progress(HeadProgress(stage: stage, step: step + 1, steps: steps, loss: loss))
      }
    }
  }
}
