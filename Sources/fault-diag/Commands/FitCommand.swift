import ArgumentParser
import FaultDiag
import SignalIO
import Support

/// Teaches a pretrained model labels.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Teach a pretrained model a few labels.",
    discussion: """
      Trains two heads on labelled recordings: a classifier in two stages (contrast, then a linear softmax on the frozen \
      representation) and a siamese one that finds the nearest labelled recordings. Bearings, machines or files held out \
      in turn calibrate the probabilities and give an estimate.

      Example: fault-diag fit labelled/ --model model.safetensors --out diag.safetensors
      """)

  @Argument(help: "Folders of labelled recordings, or single recordings.")
  var folders: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("A model that fault-diag pretrain wrote.", valueName: "file"))
  var model: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The diagnostic model to write.", valueName: "file"))
  var out: String

  @Option(
    help: ArgumentHelp("What the model is called in reports (default: the name of --out).", valueName: "name")
  )
  var name: String?

  @Option(help: "The head that decides; the other one still reports.")
  var decideBy: DiagnosticHeads.Decision = .supcon

  @Flag(inversion: .prefixedNo, help: "Estimate on held-out bearings, machines or files.")
  var estimate = true

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
      try AtomicFileWriter(path: out).discard()
      var settings = FitSettings.tuning(steps: fineTune)
      settings.decision = decideBy
      settings.seed = seed
      let labelled = try LabelledRecordings(
        folders, labels: labels, model: model, settings: settings, reading: reading, metadata: metadata,
        threads: work.count, console: console)
      let fitted = try fit(labelled, console: console)
      try fitted.write(to: out, programVersion: ProgramVersion.text)
      let held = estimate ? try heldOut(labelled, settings: settings, console: console) : nil
      let report = FitReport(model: out, corpus: labelled.corpus.corpus, heads: fitted.heads, heldOut: held)
      console.result(output.json ? ReportJSON.text(report) : report.text(output.style(console)))
      console.note("next: fault-diag diagnose FILE --model \(out)")
    }
  }

  private func fit(_ labelled: LabelledRecordings, console: Console) throws -> DiagnosticModel {
    var progress = ProgressLine(console: console)
    defer { progress.finish() }
    return try labelled.fitter.fit(
      labelled.corpus, name: name ?? FilePath.name(of: FilePath.stem(of: out))
    ) { event in
      guard case .training(let head) = event else { return }
      progress.show(
        fraction: Double(head.step) / Double(head.steps),
        "training: \(head.stage.rawValue), loss \(Format.fixed(head.loss, digits: 3))")
      if head.stage == .siamese && head.step == head.steps {
        progress.interject("calibrating on held-out bearings, machines or files")
      }
    }
  }

  /// Nil, and a note, where nothing can be held out.
  private func heldOut(
    _ labelled: LabelledRecordings, settings: FitSettings, console: Console
  ) throws -> GroupEvaluation? {
    let items = labelled.corpus.corpus.items
    let folds: GroupFolds
    do throws(FaultDiagError) {
      folds = try .atMost(5, of: items, unit: .automatic, seed: seed)
    } catch {
      console.warning("no estimate: \(error)")
      return nil
    }
    var progress = ProgressLine(console: console)
    defer { progress.finish() }
    return try GroupEvaluation(
      labelled.corpus.corpus, folds: folds, settings: settings, threads: work.count
    ) { done, of in
      progress.show(fraction: Double(done) / Double(of), "estimating: fold \(done) of \(of)")
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
