import NeuralNet
import Support

/// Learns a representation from a source of windows, as its plan says.
///
/// A step: the batch is split over threads for the forward pass, joined again for the objective, and its gradient split
/// again for the backward pass; the parts' gradients are added in a fixed order. Same plan (with its seed and thread
/// count) and same recordings, same bytes.
package struct Trainer {
  private let source: WindowSource
  private let checkpointPath: String?
  private let programVersion: String

  /// - `checkpointPath`: written every so often, at the end and when cancelled; nil writes nothing.
  /// - `programVersion`: noted in checkpoints.
  package init(_ source: WindowSource, checkpointPath: String?, programVersion: String) {
    self.source = source
    self.checkpointPath = checkpointPath
    self.programVersion = programVersion
  }

  /// What a training leaves behind in memory.
  package struct Trained {
    package var model: RepresentationModel<Float>
    /// With what it learnt beside the encoder, such as the predictions of ``InfoNCE``.
    package var objective: any Objective<Float>
    package var summary: TrainingSummary
    /// Model and objective without the optimizer, as a file holds them.
    var weights: Checkpoint
  }

  /// Trains to the plan's last step, or until `isCancelled` says so between two steps.
  ///
  /// - `checkpoint`: where to go on; its plan must be the source's and its recordings the same.
  /// - `start`: whose weights to begin with instead of random ones, where nothing is resumed; it must
  ///   suit the plan (``TrainingCheckpoint/suits(_:)``).
  /// - Throws: ``CPCError/notFinite(what:step:learningRate:)`` when training diverges, after which the last checkpoint
  ///   still stands; ``CPCError/checkpointMismatch(path:found:expected:)``; what reading and writing throw.
  package func run(
    resuming checkpoint: TrainingCheckpoint? = nil, startingFrom start: TrainingCheckpoint? = nil,
    isCancelled: () -> Bool = { false }, report: (TrainingEvent) -> Void = { _ in }
  ) throws(CPCError) -> Trained {
    var model = try RepresentationModel<Float>(source.plan)
    if let start, checkpoint == nil { model = try start.model() }
    model.scaling = source.scaling
    var objective: any Objective<Float> = try source.plan.makeObjective(for: model)
    if let start, checkpoint == nil { objective = try start.objective(for: source.plan, else: objective) }
    return try run(model, objective, checkpoint, isCancelled, report)
  }

  /// Trains from scratch to the plan's last step; the weights as a file of half precision.
  package func weights(report: (TrainingEvent) -> Void = { _ in }) throws(CPCError) -> [UInt8] {
    var model = try RepresentationModel<Float>(source.plan)
    model.scaling = source.scaling
    let objective: any Objective<Float> = try source.plan.makeObjective(for: model)
    return try run(model, objective, nil, { false }, report).weights.content.halved.bytes
  }

  private func run<O: Objective>(
    _ model: RepresentationModel<Float>, _ objective: O, _ checkpoint: TrainingCheckpoint?,
    _ isCancelled: () -> Bool, _ report: (TrainingEvent) -> Void
  ) throws(CPCError) -> Trained where O.Scalar == Float {
    var loop = TrainingLoop(source, Learner(model: model, objective: objective))
    if let checkpoint {
      try requireSameTraining(checkpoint)
      try loop.restore(checkpoint)
    }
    report(
      .started(
        TrainingStart(
          recordings: source.recordings.count, windows: source.windowCount,
          parameters: loop.learner.parameterCount, step: loop.step, steps: source.plan.steps)))
    let clock = ContinuousClock()
    let start = clock.now
    var pace = Pace()
    var monitor = CollapseMonitor()
    var last: TrainingStep?
    var wasCancelled = false
    while loop.step < source.plan.steps {
      wasCancelled = isCancelled()
      if wasCancelled { break }
      let began = clock.now
      let done = try loop.advance()
      pace.add(seconds: (clock.now - began).inSeconds, windows: done.windows)
      let event = TrainingStep(
        step: loop.step, steps: source.plan.steps, epoch: done.epoch, loss: done.loss,
        measures: done.measures,
        learningRate: done.learningRate, gradientNorm: done.gradientNorm,
        windowsPerSecond: pace.windowsPerSecond,
        secondsLeft: pace.secondsPerStep * Double(source.plan.steps - loop.step))
      last = event
      report(.step(event))
      if loop.step % source.plan.statisticsInterval == 0 || loop.step == source.plan.steps {
        let statistics = RepresentationStatistics(done.representations)
        report(.statistics(step: loop.step, statistics))
        if let warning = monitor.warning(statistics, step: loop.step) { report(.warning(warning)) }
      }
      if loop.step % source.plan.checkpointInterval == 0 && loop.step < source.plan.steps {
        try save(loop, report)
      }
    }
    try save(loop, report)
    let summary = TrainingSummary(
      step: loop.step, steps: source.plan.steps, wasCancelled: wasCancelled, last: last,
      seconds: (clock.now - start).inSeconds)
    report(.ended(summary))
    return Trained(
      model: loop.learner.model, objective: loop.learner.objective, summary: summary,
      weights: TrainingCheckpoint.weights(
        of: loop.learner, step: loop.step, source: source, programVersion: programVersion))
  }

  private func save<O: Objective>(
    _ loop: TrainingLoop<O>, _ report: (TrainingEvent) -> Void
  ) throws(CPCError) where O.Scalar == Float {
    guard let checkpointPath else { return }
    try TrainingCheckpoint.write(
      loop.learner, loop.optimizer, loop.teacher, step: loop.step, source: source,
      programVersion: programVersion,
      to: checkpointPath)
    report(.checkpoint(step: loop.step, path: checkpointPath))
  }

  private func requireSameTraining(_ checkpoint: TrainingCheckpoint) throws(CPCError) {
    guard checkpoint.plan == source.plan else {
      throw .checkpointMismatch(
        path: checkpoint.path, found: "another training plan", expected: "the same plan")
    }
    guard checkpoint.fingerprint == source.fingerprint else {
      throw .checkpointMismatch(
        path: checkpoint.path, found: "recordings \(checkpoint.fingerprint)",
        expected: "recordings \(source.fingerprint), the ones given (\(source.recordings.count), "
          + "\(source.windowCount) windows)")
    }
  }
}

/// Smoothed speed of a training.
private struct Pace {
  private(set) var secondsPerStep = 0.0
  private(set) var windowsPerSecond = 0.0

  /// Each step weighs a twentieth, the first ones more.
  private var steps = 0.0

  mutating func add(seconds: Double, windows: Int) {
    steps += 1
    let share = 1 / min(steps, 20)
    secondsPerStep += share * (seconds - secondsPerStep)
    windowsPerSecond = secondsPerStep > 0 ? Double(windows) / secondsPerStep : 0
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
