import ArgumentParser
import FaultDiag
import SignalIO

/// Measures how well labels are learnt, on bearings and machines that were not learnt from.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how well a model would do on bearings or machines it has not heard.",
    discussion: """
      Each fold holds out whole bearings (or machines, or files), learns from the rest as fit does and judges what was held \
      out: confusion matrix, balanced accuracy, macro F1, macro AUROC, beside the untouched default model. Windows of one \
      recording are never split, and a split that puts one bearing on both sides is refused: such figures are too good to \
      be true.

      Example: fault-diag evaluate labelled/ --by bearing
      For other states: fault-diag evaluate labelled/ --model model.safetensors --by machine
      """)

  @Option(
    help: ArgumentHelp(
      "What is held out as a whole: automatic (bearing id, else machine, else file), bearing, machine, file.",
      valueName: "unit"))
  var by = SplitUnit.automatic.rawValue

  @Option(
    help: ArgumentHelp("Folds (default: one a bearing, machine or file, at most 10).", valueName: "count"))
  var folds: Int?

  @OptionGroup var teaching: TeachingOptions

  func run() throws {
    let console = teaching.output.console
    try perform(console) {
      let unit = try SplitUnit(named: by)
      if let model = teaching.model {
        try evaluateHeads(on: model, by: unit, console: console)
      } else {
        try evaluateAdaptation(by: unit, console: console)
      }
    }
  }

  private func evaluateHeads(on model: String, by unit: SplitUnit, console: Console) throws {
    let settings = teaching.headSettings(splitUnit: unit)
    let corpus = try LabelledRecordings.embedded(
      teaching, model: model, settings: settings, console: console
    ).corpus.corpus
    let chosen = try chosenFolds(corpus.items, by: unit)
    var progress = ProgressLine(console: console)
    let evaluation = try GroupEvaluation(
      corpus, folds: chosen, settings: settings, threads: teaching.work.count
    ) { done, of in
      progress.show(fraction: Double(done) / Double(of), "fold \(done) of \(of)")
    }
    progress.finish()
    let output = teaching.output
    console.result(output.json ? ReportJSON.text(evaluation) : evaluation.text(output.style(console)))
  }

  private func evaluateAdaptation(by unit: SplitUnit, console: Console) throws {
    let adaptation = try teaching.adaptation(splitUnit: unit)
    let corpus = try LabelledRecordings.aligned(teaching, model: adaptation.start, console: console)
    let chosen = try chosenFolds(corpus.items, by: unit)
    var progress = ProgressLine(console: console)
    let evaluation = try AlignedEvaluation(corpus, folds: chosen, adaptation: adaptation) { done, of in
      progress.show(fraction: Double(done) / Double(of), "fold \(done) of \(of)")
    }
    progress.finish()
    let output = teaching.output
    console.result(
      output.json
        ? ReportJSON.text(evaluation) : evaluation.text(output.style(console), start: teaching.startName))
  }

  private func chosenFolds(_ items: [SplitItem], by unit: SplitUnit) throws(FaultDiagError) -> GroupFolds {
    guard let folds else { return try .atMost(10, of: items, unit: unit, seed: teaching.seed) }
    return try GroupFolds(items, count: folds, unit: unit, seed: teaching.seed)
  }
}
