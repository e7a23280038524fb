import CPC
import FaultDiag

/// Recordings and budgets, the same for all methods.
struct MethodsContext: Sendable {
  /// What is spent on each.
  struct Budget: Codable {
    var seeds: Int
    /// Steps of every training of an encoder; nil for the plan's own.
    var steps: Int?
    var batch: Int?
    /// Simulated recordings to learn from.
    var simulations: Int
    /// Folds of P1 and P5, of 100.
    var folds: Int
    /// Folds of P4 for each type of machine, of ``MachineSounds/foldCount``.
    var soundFolds: Int
  }

  let budget: Budget
  let threads: Int
  let model: AlignedModel
  let folds: [CWRUBearingwise.Fold]
  let segments: [CWRUSegment]
  private let clips: [MachineSounds.Clip]
  /// Of seed 1 for every method and seed, so that all learn from the same.
  let simulated: [TrainingRecording]

  init(_ data: BenchData, budget: Budget, tasks: [MethodTask], threads: Int) throws {
    self.budget = budget
    self.threads = threads
    let vibrates = tasks.contains { $0 != .p4 }
    model = try AlignedModel.embedded()
    folds = vibrates ? Self.thinned(try data.bearingwiseFolds(), to: budget.folds) : []
    segments = vibrates ? try data.bearingwiseSegments() : []
    clips = tasks.contains(.p4) ? try data.machineSounds() : []
    simulated =
      vibrates
      ? try DefaultRepresentation.recordings(seed: 1, count: budget.simulations, threads: threads) : []
  }

  /// Rows of the table of folds, spread evenly, with both of their sides.
  private static func thinned(_ folds: [CWRUBearingwise.Fold], to count: Int) -> [CWRUBearingwise.Fold] {
    guard count < folds.count else { return folds }
    let (pairs, kept) = (folds.count / 2, (count + 1) / 2)
    return (0..<count).map { folds[2 * ($0 / 2 * pairs / kept) + $0 % 2] }
  }

  /// The folds of P4 that `seed` deals, the first of every type.
  func soundFolds(seed: UInt64) -> [MachineSounds.Fold] {
    MachineSounds.folds(clips, seed: seed).filter { $0.number < budget.soundFolds }
  }

  /// The preset for `kind` with the budget's steps and batch; `objective` is nil where nothing is trained.
  func plan(for kind: SignalKind, objective: String?, seed: UInt64, threads: Int) -> TrainingPlan {
    var plan = TrainingPlan.preset(for: kind)
    plan.seed = seed
    plan.threads = threads
    plan.steps = budget.steps ?? plan.steps
    plan.batchSize = budget.batch ?? plan.batchSize
    if let objective { plan.objective = Choice(objective) }
    return plan
  }

  /// P1 with any features.
  func bearingwise<Features: Sendable>(
    _ features: @escaping @Sendable (CWRUSegment) -> Features,
    _ scorer:
      @escaping @Sendable (CWRUBearingwise.Fold, [CWRUExample<Features>], [Features])
      throws(FaultDiagError) -> [[Double]]
  ) throws -> Double {
    try CWRUBearingwise.evaluate(
      folds: folds, segments: segments, threads: threads, features: features, scorer: scorer
    ).mean
  }
}
