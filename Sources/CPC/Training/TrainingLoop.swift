import NeuralNet
import Support

/// The steps of a training, one at a time.
struct TrainingLoop<O: Objective> where O.Scalar == Float {
  /// What a step did.
  struct Done {
    var windows: Int
    var epoch: Int
    var loss: Double
    var measures: ObjectiveMeasures
    var learningRate: Double
    var gradientNorm: Double
    var representations: Representations<Float>
  }

  private(set) var learner: Learner<O>
  private(set) var optimizer: AdamW<Float>
  /// Steps done.
  private(set) var step = 0
  /// What the objective asked for: a model that follows slowly.
  private(set) var teacher: MomentumAverage<RepresentationModel<Float>>?
  private let source: WindowSource
  private let plan: TrainingPlan
  private let schedule: LearningRateSchedule
  private let batches: BatchMaker

  init(_ source: WindowSource, _ learner: Learner<O>) {
    self.source = source
    plan = source.plan
    self.learner = learner
    self.learner.objective.prepare(windowCount: source.windowCount)
    teacher = learner.objective.needs.momentum.map { MomentumAverage(of: learner.model, decay: $0) }
    optimizer = AdamW(weightDecay: plan.weightDecay, decaysBiases: false)
    let warmUp = min(plan.warmUpSteps, plan.steps / 2)
    schedule = LearningRateSchedule(
      peak: plan.learningRate, warmUpSteps: warmUp, shape: .cosine(steps: plan.steps - warmUp, final: 0))
    batches = BatchMaker(source, views: learner.objective.needs.views)
  }

  mutating func restore(_ checkpoint: TrainingCheckpoint) throws(CPCError) {
    try checkpoint.restore(&learner, &optimizer, &teacher)
    step = checkpoint.step
  }

  /// One step of the optimizer.
  mutating func advance() throws(CPCError) -> Done {
    let batch = try batches.batch(at: step)
    let learningRate = schedule.rate(at: step)
    let parts = forward(batch.inputs)
    let representations = Representations(
      latents: Tensor.joined(parts.map { $0.latents }),
      contexts: Tensor.joined(parts.map { $0.contexts }), viewCount: batch.viewCount,
      recordings: batch.recordings, labels: learner.objective.needs.labels ? batch.labels : nil,
      windows: batch.windows,
      teacher: teacher.map { Self.representations(of: batch.inputs, by: $0.average, parts) })
    var context = ObjectiveContext(
      random: RandomSource(seed: plan.seed, path: [RandomPurpose.evaluation.rawValue, UInt64(step)]),
      threads: plan.threads, step: step, totalSteps: plan.steps)
    var dObjective = learner.objective.zeroed()
    let outcome = learner.objective.evaluate(representations, &context, into: &dObjective)
    guard outcome.loss.isFinite else {
      throw .notFinite(what: "loss", step: step + 1, learningRate: learningRate)
    }
    var gradient = Learner(
      model: backward(outcome.dLatents, outcome.dContexts, parts), objective: dObjective)
    let norm = clipGradientNorm(&gradient, maximum: plan.gradientLimit)
    guard norm.isFinite else {
      throw .notFinite(what: "gradient", step: step + 1, learningRate: learningRate)
    }
    optimizer.update(&learner, along: gradient, learningRate: learningRate)
    for part in parts { learner.model.absorb(part.cache) }
    teacher?.update(with: learner.model)
    learner.objective.stepEnded(representations, &context)
    if batch.endsEpoch { try endEpoch(batch.epoch, &context) }
    step += 1
    return Done(
      windows: batch.recordings.count, epoch: batch.epoch, loss: outcome.loss, measures: outcome.measures,
      learningRate: learningRate, gradientNorm: norm, representations: representations)
  }

  private mutating func endEpoch(_ epoch: Int, _ context: inout ObjectiveContext) throws(CPCError) {
    if learner.objective.needs.windowEmbeddings {
      let embeddings = try WindowSweep(source).embeddings(by: teacher?.average ?? learner.model)
      learner.objective.windowsEmbedded(embeddings, epoch: epoch, &context)
    }
    learner.objective.epochEnded(epoch, &context)
  }

  /// One thread's share of a batch.
  private struct Part: Sendable {
    var rows: Range<Int>
    var latents: Tensor<Float>
    var contexts: Tensor<Float>
    var cache: RepresentationModel<Float>.Cache
  }

  private func forward(_ inputs: Tensor<Float>) -> [Part] {
    let rows = inputs.shape[0]
    let runs = min(plan.threads, rows)
    let (model, seed, step) = (learner.model, plan.seed, UInt64(step))
    return Parallel.map(runs, threads: runs) { run in
      let range = rows * run / runs..<rows * (run + 1) / runs
      var context = ForwardContext(
        mode: .training,
        random: RandomSource(
          seed: seed, path: [RandomPurpose.forward.rawValue, step, UInt64(run)]))
      let (latents, contexts, cache) = model.forward(inputs.outer(range), &context)
      return Part(rows: range, latents: latents, contexts: contexts, cache: cache)
    }
  }

  /// What the teacher makes of the batch, split as the model's own pass is. It is not trained and so infers: its
  /// statistics are the model's running ones.
  private static func representations(
    of inputs: Tensor<Float>, by teacher: RepresentationModel<Float>, _ parts: [Part]
  ) -> Representations<Float>.Teacher {
    let made = Parallel.map(parts.count, threads: parts.count) { index in
      var context = ForwardContext.inference
      let (latents, contexts, _) = teacher.forward(inputs.outer(parts[index].rows), &context)
      return (latents: latents, contexts: contexts)
    }
    return .init(
      latents: Tensor.joined(made.map { $0.latents }),
      contexts: Tensor.joined(made.map { $0.contexts }))
  }

  /// The model's gradient: the parts' gradients added in their order.
  private func backward(
    _ dLatents: Tensor<Float>, _ dContexts: Tensor<Float>, _ parts: [Part]
  ) -> RepresentationModel<Float> {
    let model = learner.model
    var gradients = Parallel.map(parts.count, threads: parts.count) { index in
      let part = parts[index]
      var gradient = model.zeroed()
      model.accumulate(dLatents.outer(part.rows), dContexts.outer(part.rows), part.cache, into: &gradient)
      return gradient
    }
    var total = gradients.removeFirst()
    for gradient in gradients {
      let added = gradient.parameters
      var position = 0
      total.visit("") { _, _, tensor in
        tensor.add(added[position].tensor)
        position += 1
      }
    }
    return total
  }
}
