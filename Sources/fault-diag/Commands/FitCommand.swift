import ArgumentParser
import FaultDiag
import SignalIO
import Support

/// Teaches a model labels.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Teach a model the states of your machines, by a few labelled recordings.",
    discussion: """
      Adapts the default model to labelled recordings of bearings whose speed and bearing are known. How far it moves, and \
      its probabilities, are decided on bearings, machines or files held out in turn; the estimate stands beside the \
      figures of the untouched model.

      With --model it trains two heads on a pretrained representation instead, for any states of any machine: a classifier \
      and a siamese one that finds the nearest labelled recordings.

      Example: fault-diag fit labelled/ --out machines.safetensors
      For other states: fault-diag fit labelled/ --model model.safetensors --out machines.safetensors
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The diagnostic model to write.", valueName: "file"))
  var out: String

  @Option(
    help: ArgumentHelp("What the model is called in reports (default: the name of --out).", valueName: "name")
  )
  var name: String?

  @Flag(inversion: .prefixedNo, help: "Estimate on held-out bearings, machines or files.")
  var estimate = true

  @OptionGroup var teaching: TeachingOptions

  func run() throws {
    let console = teaching.output.console
    try perform(console) {
      try AtomicFileWriter(path: out).discard()
      if let model = teaching.model {
        try fitHeads(on: model, console: console)
      } else {
        try adapt(console: console)
      }
      console.note("next: fault-diag diagnose FILE --model \(out)")
    }
  }

  private var modelName: String { name ?? FilePath.name(of: FilePath.stem(of: out)) }

  /// Folds for the estimate; nil, and a warning, where nothing can be held out.
  private func estimateFolds(_ items: [SplitItem], console: Console) -> GroupFolds? {
    guard estimate else { return nil }
    do throws(FaultDiagError) {
      return try .atMost(5, of: items, unit: .automatic, seed: teaching.seed)
    } catch {
      console.warning("no estimate: \(error)")
      return nil
    }
  }

  private func show(_ report: some PrintableResult, console: Console) {
    let output = teaching.output
    console.result(output.json ? ReportJSON.text(report) : report.text(output.style(console)))
  }
}

// MARK: - Adapting an aligned model

extension FitCommand {
  private func adapt(console: Console) throws {
    let adaptation = try teaching.adaptation()
    let corpus = try LabelledRecordings.aligned(teaching, model: adaptation.start, console: console)
    var progress = ProgressLine(console: console)
    let result = try adaptation.fitted(to: corpus) { done, of in
      progress.show(fraction: Double(done) / Double(of), "adapting: \(done) of \(of)")
    }
    progress.finish()
    var model = result.model
    model.fitted = AlignedFitRecord(
      name: modelName, conditions: corpus.conditions, strength: result.strength,
      heldOutRecordings: result.heldOutRecordings)
    try model.checkpoint(programVersion: ProgramVersion.text).write(to: out)
    let held = try estimateFolds(corpus.items, console: console).map { folds in
      var progress = ProgressLine(console: console)
      defer { progress.finish() }
      return try AlignedEvaluation(corpus, folds: folds, adaptation: adaptation) { done, of in
        progress.show(fraction: Double(done) / Double(of), "estimating: fold \(done) of \(of)")
      }
    }
    show(
      AlignedFitReport(
        model: out, corpus: corpus, result: result, start: teaching.startName,
        isFromScratch: adaptation.origin == .scratch, heldOut: held), console: console)
  }
}

// MARK: - Heads on a pretrained representation

extension FitCommand {
  private func fitHeads(on model: String, console: Console) throws {
    let settings = teaching.headSettings()
    let (fitter, corpus) = try LabelledRecordings.embedded(
      teaching, model: model, settings: settings, console: console)
    let fitted = try fit(fitter, corpus, console: console)
    try fitted.write(to: out, programVersion: ProgramVersion.text)
    let held = try estimateFolds(corpus.corpus.items, console: console).map { folds in
      var progress = ProgressLine(console: console)
      defer { progress.finish() }
      return try GroupEvaluation(
        corpus.corpus, folds: folds, settings: settings, threads: teaching.work.count
      ) { done, of in
        progress.show(fraction: Double(done) / Double(of), "estimating: fold \(done) of \(of)")
      }
    }
    show(FitReport(model: out, corpus: corpus.corpus, heads: fitted.heads, heldOut: held), console: console)
  }

  private func fit(_ fitter: Fitter, _ corpus: Fitter.Corpus, console: Console) throws -> DiagnosticModel {
    var progress = ProgressLine(console: console)
    defer { progress.finish() }
    return try fitter.fit(corpus, name: modelName) { event in
      guard case .training(let head) = event else { return }
      progress.show(
        fraction: Double(head.step) / Double(head.steps),
        "training: \(head.stage.rawValue), loss \(Format.fixed(head.loss, digits: 3))")
      if head.stage == .siamese && head.step == head.steps {
        progress.interject("calibrating on held-out bearings, machines or files")
      }
    }
  }
}
