import ArgumentParser
import CPC
import Support

/// What decides a pretraining; everything not given keeps the plan's default.
struct PlanOptions: ParsableArguments {
  @Option(
    help: "What the recordings hold, which decides the defaults (default: what most of them seem to be).")
  var signal: SignalKind?

  @Option(help: "Encoder: \(Encoders.all.map { $0.name }.joined(separator: ", ")) (default: spectral).")
  var encoder: String?

  @Option(
    help: "What the encoder hears: band spectrograms or samples (default: spectral; of encoder raw: raw).")
  var features: FeatureKind?

  @Option(
    help:
      "Objective: \(Objectives.all.map { $0.name }.joined(separator: ", ")); fault-diag objectives explains them (default: cpc)."
  )
  var objective: String?

  @Option(
    help: ArgumentHelp(
      "Steps of the optimizer (default: vibration 2000, sound 250, raw 600).", valueName: "count"))
  var steps: Int?

  @Option(help: ArgumentHelp("Windows a step (default: 16).", valueName: "count"))
  var batch: Int?

  @Option(help: ArgumentHelp("Negatives for each prediction (default: 32).", valueName: "count"))
  var negatives: Int?

  @Option(help: "Where negatives come from (default: within-recording).")
  var negativesFrom: NegativeSampler.Strategy?

  @Option(help: ArgumentHelp("How many steps ahead are predicted (default: 6; raw: 12).", valueName: "count"))
  var stepsAhead: Int?

  @Option(help: ArgumentHelp("Hidden units of the context network (default: 64).", valueName: "count"))
  var context: Int?

  @Option(help: ArgumentHelp("Highest learning rate (default: 0.001).", valueName: "rate"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp("Share of a window that the next one repeats (default: 0.75).", valueName: "0-1"))
  var overlap: Double?

  @Option(
    help: ArgumentHelp(
      "Highest sample rate learnt from; faster recordings are resampled (default: vibration 12000, sound 16000).",
      valueName: "Hz"))
  var modelRate: Double?

  @Option(
    help: ArgumentHelp(
      "A setting of the encoder, such as channels=128; may be repeated.", valueName: "name=value"))
  var encoderSetting: [NamedSetting] = []

  @Option(
    name: [.customLong("set"), .long],
    help: ArgumentHelp(
      "A setting of the objective, such as temperature=0.1; may be repeated.", valueName: "name=value"))
  var objectiveSetting: [NamedSetting] = []

  @Option(
    help: ArgumentHelp(
      "An augmentation of weak views at a strength, such as gain=3; 0 leaves it out; may be repeated (see augment --list).",
      valueName: "name=strength"))
  var augmentWeak: [NamedStrength] = []

  @Option(
    help: ArgumentHelp("The same for strong views, such as noise=0.3.", valueName: "name=strength"))
  var augmentStrong: [NamedStrength] = []

  @Option(help: ArgumentHelp("Decides every random draw (default: 1).", valueName: "number"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Steps between checkpoints (default: 100).", valueName: "count"))
  var checkpointEvery: Int?

  /// The plan that the options ask for, where the recordings seem to hold `kind`.
  func plan(for kind: SignalKind, threads: Int) -> TrainingPlan {
    let hears = features ?? (encoder == RawEncoderFamily().name ? .raw : .spectral)
    var plan = hears == .raw ? TrainingPlan.raw : .preset(for: signal ?? kind)
    plan.threads = threads
    if let encoder, encoder != plan.encoder.name { plan.encoder = Choice(encoder) }
    if let objective, objective != plan.objective.name { plan.objective = Choice(objective) }
    for setting in encoderSetting { plan.encoder.settings[setting.name] = setting.value }
    plan.objective.settings.merge(choice.settings) { $1 }
    for given in augmentWeak { plan.augmentations.set(given.step, of: .weak) }
    for given in augmentStrong { plan.augmentations.set(given.step, of: .strong) }
    plan.steps = steps ?? plan.steps
    plan.batchSize = batch ?? plan.batchSize
    plan.contextSize = context ?? plan.contextSize
    plan.learningRate = learningRate ?? plan.learningRate
    plan.overlap = overlap ?? plan.overlap
    plan.seed = seed ?? plan.seed
    plan.checkpointInterval = checkpointEvery ?? plan.checkpointInterval
    if let modelRate { plan.features.sampleRate = modelRate }
    // A short training warms up for a tenth of it, and is measured a dozen times whatever its length.
    plan.warmUpSteps = min(plan.warmUpSteps, plan.steps / 10)
    plan.statisticsInterval = max(1, plan.steps / 12)
    return plan
  }

  /// Whether augmentations were given; they matter only to objectives with augmented views.
  var setsAugmentations: Bool { !augmentWeak.isEmpty || !augmentStrong.isEmpty }

  /// The objective with the settings that were given.
  var choice: Choice {
    Choice(
      objective ?? TrainingPlan().objective.name,
      Dictionary(objectiveSettings.map { ($0.0, $0.1) }, uniquingKeysWith: { $1 }))
  }

  private var objectiveSettings: [(String, SettingValue)] {
    var result = objectiveSetting.map { ($0.name, $0.value) }
    if let negatives { result.append((InfoNCEFamily.negatives.description.name, .integer(negatives))) }
    if let stepsAhead { result.append((InfoNCEFamily.stepsAhead.description.name, .integer(stepsAhead))) }
    if let negativesFrom {
      result.append((InfoNCEFamily.strategy.description.name, .text(negativesFrom.rawValue)))
    }
    return result
  }

  /// Throws when an option that was given says something else than the plan of the checkpoint at `path`.
  func requireAgreement(with plan: TrainingPlan, threads: Int?, path: String) throws {
    func require<Value: Equatable>(_ option: String, _ given: Value?, _ stored: Value) throws {
      guard let given, given != stored else { return }
      throw CommandError.contradictsCheckpoint(
        path: path, option: option, found: "\(given)", expected: "\(stored)")
    }
    try require("--encoder", encoder, plan.encoder.name)
    try require("--features", features?.rawValue, type(of: plan.features.features).kind)
    try require("--objective", objective, plan.objective.name)
    try require("--steps", steps, plan.steps)
    try require("--batch", batch, plan.batchSize)
    try require("--context", context, plan.contextSize)
    try require("--learning-rate", learningRate, plan.learningRate)
    try require("--overlap", overlap, plan.overlap)
    try require("--seed", seed, plan.seed)
    try require("--checkpoint-every", checkpointEvery, plan.checkpointInterval)
    try require("--threads", threads, plan.threads)
    for setting in encoderSetting {
      try require(
        "--encoder-setting \(setting.name)", setting.value,
        plan.encoder.settings[setting.name] ?? setting.value)
    }
    for (strength, given) in [(ViewStrength.weak, augmentWeak), (.strong, augmentStrong)] {
      for step in given.map(\.step) {
        let stored = plan.augmentations[strength].first { $0.name == step.name }?.strength ?? 0
        try require("--augment-\(strength.rawValue) \(step.name)", step.strength, stored)
      }
    }
    let family = try Objectives.named(plan.objective.name)
    for (name, value) in objectiveSettings {
      let fallback = family.settings.first { $0.name == name }?.fallback
      try require("the objective's \(name)", value, plan.objective.settings[name] ?? fallback ?? value)
    }
  }
}

/// A setting as a user writes it: `name=value`.
struct NamedSetting: ExpressibleByArgument {
  let name: String
  let value: SettingValue

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
    name = String(argument[..<equals])
    value = SettingValue(parsing: String(argument[argument.index(after: equals)...]))
  }
}

/// What an encoder hears, by the word that marks it in a plan.
enum FeatureKind: String, ExpressibleByArgument, CaseIterable {
  case spectral, raw
}

/// An augmentation with its strength as a user writes it: `name=strength`.
struct NamedStrength: ExpressibleByArgument {
  let step: AugmentationPlan.Step

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let strength = Double(parts[1]) else { return nil }
    step = AugmentationPlan.Step(String(parts[0]), strength)
  }
}

extension SignalKind: ExpressibleByArgument {}

extension NegativeSampler.Strategy: ExpressibleByArgument {
  private var spelling: String {
    switch self {
    case .withinRecording: "within-recording"
    case .acrossBatch: "across-batch"
    case .mixed: "mixed"
    case .corrupted: "corrupted"
    }
  }

  public init?(argument: String) {
    guard let match = Self.allCases.first(where: { $0.spelling == argument || $0.rawValue == argument })
    else {
      return nil
    }
    self = match
  }

  public static var allValueStrings: [String] { allCases.map { $0.spelling } }
}
