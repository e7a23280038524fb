import ArgumentParser
import FaultDiag
import SignalIO

/// Measures how well labels are learnt, on bearings and machines that were not learnt from.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how well a model would do on bearings or machines it has not heard.",
    discussion: """
      Each fold holds out whole bearings (or machines, or files), fits on the rest and judges what was held out: \
      confusion matrix, balanced accuracy, macro F1, macro AUROC. Windows of one recording are never split, and a split \
      that puts one bearing on both sides is refused: such figures are too good to be true.

      Example: fault-diag evaluate labelled/ --model model.safetensors --by bearing
      """)

  @Argument(help: "Folders of labelled recordings, or single recordings.")
  var folders: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("A model that fault-diag pretrain wrote.", valueName: "file"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "What is held out as a whole: automatic (bearing id, else machine, else file), bearing, machine, file.",
      valueName: "unit"))
  var by = SplitUnit.automatic.rawValue

  @Option(
    help: ArgumentHelp("Folds (default: one a bearing, machine or file, at most 10).", valueName: "count"))
  var folds: Int?

  @Option(help: "The head that decides.")
  var decideBy: DiagnosticHeads.Decision = .supcon

  @Option(
    help: ArgumentHelp(
      "Steps in which labels train the encoder too, once more for every fold held out; 0 leaves it frozen (120 is a start).",
      valueName: "steps"))
  var fineTune = 0

  @Option(help: "Decides every random draw.")
  var seed: UInt64 = 1

  @OptionGroup(title: "Labels") var labels: LabelOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    try perform(console) {
      var settings = FitSettings.tuning(steps: fineTune)
      settings.decision = decideBy
      settings.seed = seed
      settings.splitUnit = try SplitUnit(named: by)
      let labelled = try LabelledRecordings(
        folders, labels: labels, model: model, settings: settings, reading: reading, metadata: metadata,
        threads: work.count, console: console)
      let corpus = labelled.corpus.corpus
      let split = try folds.map { (count) throws(FaultDiagError) in
        try GroupFolds(corpus.items, count: count, unit: settings.splitUnit, seed: seed)
      }
      let chosen = try split ?? .atMost(10, of: corpus.items, unit: settings.splitUnit, seed: seed)
      let evaluation = try evaluate(corpus, folds: chosen, settings: settings, console: console)
      console.result(output.json ? ReportJSON.text(evaluation) : evaluation.text(output.style(console)))
    }
  }

  private func evaluate(
    _ corpus: LabelledCorpus, folds: GroupFolds, settings: FitSettings, console: Console
  ) throws -> GroupEvaluation {
    var progress = ProgressLine(console: console)
    defer { progress.finish() }
    return try GroupEvaluation(corpus, folds: folds, settings: settings, threads: work.count) { done, of in
      progress.show(fraction: Double(done) / Double(of), "fold \(done) of \(of)")
    }
  }
}
