import NeuralNet

/// A training as it stands after some step, in one file: model, objective, optimizer, plan, and what it learnt from.
///
/// No state of a generator is in it: every random stream is a function of the plan's seed and the step (see
/// `RandomPurpose`), which are.
package struct TrainingCheckpoint: Sendable {
  enum Section {
    static let model = "model"
    static let objective = "objective"
    static let optimizer = "optimizer"
    static let teacher = "teacher"
  }
  enum Key {
    static let step = "training.step"
    static let fingerprint = "training.recordings"
    static let windows = "training.windows"
  }

  package let path: String
  package let plan: TrainingPlan
  /// Steps done.
  package let step: Int
  /// See ``WindowSource/fingerprint``.
  package let fingerprint: String
  /// Windows it learnt from; nil in files of programs that did not note it.
  let windowCount: Int?
  let content: Checkpoint

  /// Reads a checkpoint that a training wrote.
  package init(path: String) throws(CPCError) {
    let content: Checkpoint
    do throws(NeuralNetError) { content = try Checkpoint.read(path) } catch { throw .checkpoint(error) }
    try self.init(content)
  }

  /// Takes up a checkpoint that was read.
  package init(_ content: Checkpoint) throws(CPCError) {
    do throws(NeuralNetError) {
      try content.requireNothing(beside: [
        Section.model, Section.objective, Section.optimizer, Section.teacher,
      ])
      step = try content.value(Int.self, for: Key.step)
      fingerprint = try content.value(String.self, for: Key.fingerprint)
      windowCount =
        content.hasValue(for: Key.windows) ? try content.value(Int.self, for: Key.windows) : nil
    } catch {
      throw .checkpoint(error)
    }
    self.content = content
    path = content.source
    plan = try TrainingPlan(
      json: content.plan, path: path, room: content.numberCount, windows: windowCount ?? 0)
  }

  package var isFinished: Bool { step >= plan.steps }

  /// The model alone, for use.
  package func model() throws(CPCError) -> RepresentationModel<Float> {
    var model = try RepresentationModel<Float>(plan)
    do throws(NeuralNetError) {
      try content.load(into: &model, from: Section.model)
    } catch {
      throw .checkpoint(error)
    }
    return model
  }

  /// The predictions of a training by InfoNCE; nil for every other objective.
  package func predictions() throws(CPCError) -> BilinearScorer<Float>? {
    (try objective() as? InfoNCE<Float>)?.scorer
  }

  /// The objective with what it learnt beside the model.
  package func objective() throws(CPCError) -> any Objective<Float> {
    try loaded(plan.makeObjective(for: model()))
  }

  /// `fresh` filled from this file.
  func loaded<O: Objective>(_ fresh: O) throws(CPCError) -> any Objective<Float> where O.Scalar == Float {
    var result = fresh
    // What an objective keeps of every window is in the file: of more windows than numbers it keeps nothing.
    if let windowCount, (0...content.numberCount).contains(windowCount) {
      result.prepare(windowCount: windowCount)
    }
    do throws(NeuralNetError) {
      try content.load(into: &result, from: Section.objective)
    } catch {
      throw .checkpoint(error)
    }
    return result
  }

  /// Model, objective, optimizer and teacher, to go on.
  func restore<O: Objective>(
    _ learner: inout Learner<O>, _ optimizer: inout AdamW<Float>,
    _ teacher: inout MomentumAverage<RepresentationModel<Float>>?
  ) throws(CPCError) where O.Scalar == Float {
    do throws(NeuralNetError) {
      try content.load(into: &learner.model, from: Section.model)
      try content.load(into: &learner.objective, from: Section.objective)
      try content.load(into: &optimizer, for: learner, from: Section.optimizer)
      if var loaded = teacher {
        try content.load(into: &loaded, from: Section.teacher)
        teacher = loaded
      }
    } catch {
      throw .checkpoint(error)
    }
  }

  /// A training without its optimizer, which is all that another one can start from.
  static func weights<O: Objective>(
    of learner: Learner<O>, step: Int, source: WindowSource, programVersion: String
  ) -> Checkpoint where O.Scalar == Float {
    var content = Checkpoint(programVersion: programVersion, plan: source.plan.json)
    content.store(learner.model, as: Section.model)
    content.store(learner.objective, as: Section.objective)
    content.store(value: step, for: Key.step)
    content.store(value: source.fingerprint, for: Key.fingerprint)
    content.store(value: source.windowCount, for: Key.windows)
    return content
  }

  /// Writes a checkpoint, whole or not at all.
  static func write<O: Objective>(
    _ learner: Learner<O>, _ optimizer: AdamW<Float>, _ teacher: MomentumAverage<RepresentationModel<Float>>?,
    step: Int, source: WindowSource, programVersion: String, to path: String
  ) throws(CPCError) where O.Scalar == Float {
    var content = weights(of: learner, step: step, source: source, programVersion: programVersion)
    content.store(optimizer: optimizer, as: Section.optimizer)
    if let teacher { content.store(teacher, as: Section.teacher) }
    do throws(NeuralNetError) {
      try content.write(to: path)
    } catch {
      throw .checkpoint(error)
    }
  }
}
