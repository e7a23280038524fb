import ArgumentParser
import FaultDiag
import NeuralNet
import SignalIO

/// What `fit` and `evaluate` are both told: what to learn from, and what to begin with.
struct TeachingOptions: ParsableArguments {
  @Argument(help: "Folders of labelled recordings, or single recordings.")
  var folders: [String]

  @Option(
    help: ArgumentHelp(
      "What to adapt: default (the model inside the program), scratch (the same networks, random weights) or an aligned "
        + "model file; needs speed and bearing of every recording.", valueName: "default|scratch|file"))
  var from: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Learn any states, with a model that fault-diag pretrain wrote; needs neither speed nor bearing.",
      valueName: "file"))
  var model: String?

  @Option(help: "With --model: the head that decides; the other one still reports (default: supcon).")
  var decideBy: DiagnosticHeads.Decision?

  @Option(
    help: ArgumentHelp(
      "With --model: steps in which labels train the encoder too, once more for every fold held out; 0 leaves it frozen "
        + "(120 is a start).", valueName: "steps"))
  var fineTune: Int?

  @Option(help: "Decides every random draw.")
  var seed: UInt64 = 1

  @OptionGroup(title: "Labels") var labels: LabelOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if from != nil && model != nil { throw ValidationError("--from and --model exclude each other.") }
    guard model == nil else { return }
    for (option, isGiven) in [("--decide-by", decideBy != nil), ("--fine-tune", fineTune != nil)]
    where isGiven {
      throw ValidationError("\(option) goes with --model only.")
    }
  }

  /// How heads are fitted to the representation of ``model``.
  func headSettings(splitUnit: SplitUnit = .automatic) -> FitSettings {
    var settings = FitSettings.tuning(steps: fineTune ?? 0)
    settings.decision = decideBy ?? .supcon
    settings.seed = seed
    settings.splitUnit = splitUnit
    return settings
  }

  /// What ``from`` names, ready to adapt.
  func adaptation(splitUnit: SplitUnit = .automatic) throws -> AlignedAdaptation {
    var start: AlignedModel
    switch from ?? "default" {
    case "default", "scratch": start = try AlignedModel.embedded()
    case let path: start = try ModelFiles.aligned(path: path)
    }
    // The seed decides every draw, those of the networks too.
    start.plan.seed = seed
    var adaptation = AlignedAdaptation(start: start, threads: work.count)
    adaptation.origin = from == "scratch" ? .scratch : .model
    adaptation.splitUnit = splitUnit
    adaptation.seed = seed
    return adaptation
  }

  /// What is adapted, as reports call it.
  var startName: String {
    switch from ?? "default" {
    case "default", "scratch": "default model"
    case let path: FilePath.name(of: path)
    }
  }
}

extension DiagnosticHeads.Decision: ExpressibleByArgument {}

extension GroupFolds {
  /// As many folds as there are groups to hold out, at most `limit`.
  static func atMost(
    _ limit: Int, of items: [SplitItem], unit: SplitUnit, seed: UInt64
  ) throws(FaultDiagError) -> GroupFolds {
    let single = try GroupFolds(leavingOneGroupOutOf: items, unit: unit)
    guard single.heldOutGroups > limit else { return single }
    return try GroupFolds(items, count: limit, unit: unit, seed: seed)
  }
}
