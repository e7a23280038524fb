import ArgumentParser
import CPC
import FaultDiag
import SignalIO
import Support

/// Learns a representation from recordings, without labels unless its objective compares by label.
struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Learn from a folder of recordings without labels.",
    discussion: """
      Contrastive predictive coding, unless --objective says otherwise: the model learns to tell what follows from what does \
      not. It starts from the representation inside the program, which knows simulated bearings. Folders are walked to \
      their depths. The model is saved now and then and at the end; Ctrl-C saves it and stops. The same recordings, seed and \
      thread count give the same bytes, resumed or not.

      fault-diag objectives lists what else can be learnt from, and which objectives use labels.

      Example: fault-diag pretrain recordings/ --out model.safetensors
      Two altered views of a window: fault-diag pretrain recordings/ --objective simclr --batch 64 --out model.safetensors
      """)

  @Argument(help: "Folders of recordings, or single recordings.")
  var folders: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "What to begin with: default (the representation inside the program, where the plan has its shapes), scratch (random "
        + "weights) or a file of pretrain.", valueName: "default|scratch|file"))
  var from: String?

  @Flag(help: "Go on with the unfinished training in --out.")
  var resume = false

  @Flag(help: "Start again even where --out holds an unfinished training.")
  var overwrite = false

  @Option(help: ArgumentHelp("Log every step as a line of JSON.", valueName: "file"))
  var log: String?

  @Option(help: ArgumentHelp("Log to event files that TensorBoard reads.", valueName: "folder"))
  var tensorboard: String?

  @OptionGroup(title: "Training") var plan: PlanOptions
  @OptionGroup(title: "Training") var work: WorkOptions
  @OptionGroup(title: "Labels, for objectives that use them") var labels: LabelOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if resume && overwrite { throw ValidationError("--resume and --overwrite exclude each other.") }
    if resume && from != nil {
      throw ValidationError("--resume goes on as the training began, without --from.")
    }
  }

  func run() throws {
    FreedMemory.keepForTraining()
    let console = output.console
    try perform(console) {
      let checkpoint = try checkpointToResume()
      // Before any work: hours of training must not end at a folder that cannot be written to.
      try AtomicFileWriter(path: out).discard()
      let found = try find(for: checkpoint?.plan.objective ?? plan.choice, console: console)
      let start = try checkpoint == nil ? startingPoint() : nil
      let source = try prepare(found, resuming: checkpoint, start: start, console: console)
      let summary = try train(source, resuming: checkpoint, start: start, console: console)
      let report = PretrainingReport(model: out, source: source, summary: summary)
      console.result(output.json ? ReportJSON.text(report) : report.text)
      guard !summary.wasCancelled else {
        console.note("stopped at step \(summary.step) of \(summary.steps), and saved. To go on:")
        console.note("  " + commandToResume)
        throw FaultDiagExit.interrupted
      }
      console.note("next: teach it labels with fault-diag fit FOLDER --model \(out) --out diag.safetensors")
    }
  }

  /// The recordings, with labels where the objective learns from them.
  private func find(for objective: Choice, console: Console) throws -> RecordingCollection {
    guard try Objectives.needs(of: objective).labels else {
      // A table may still say what files do not, such as their rate.
      return try Discovery.find(
        folders, options: .init(flags: metadata.metadata, labelTable: labels.labels), console: console)
    }
    // Where there are none, the objective's own message says so.
    return try labels.collection(folders, flags: metadata.metadata, required: false, console: console)
  }

  private func checkpointToResume() throws -> TrainingCheckpoint? {
    let exists = FilePath.isRegularFile(out)
    if resume {
      guard exists else { throw CommandError.nothingToResume(path: out) }
      let checkpoint = try TrainingCheckpoint(path: out)
      try plan.requireAgreement(with: checkpoint.plan, threads: work.threads, path: out)
      return checkpoint
    }
    // Only a sound, unfinished checkpoint is worth guarding; anything else is simply replaced.
    if exists, !overwrite, let old = try? TrainingCheckpoint(path: out), !old.isFinished {
      throw CommandError.unfinishedTraining(path: out, step: old.step, steps: old.plan.steps)
    }
    return nil
  }

  /// What ``from`` names; nil for random weights.
  private func startingPoint() throws -> TrainingCheckpoint? {
    switch from ?? "default" {
    case "scratch": nil
    case "default": try DefaultRepresentation.embedded()
    case let path: try TrainingCheckpoint(path: path)
    }
  }

  /// The plan with what it starts from, where that has its shapes.
  private func plan(for kind: SignalKind, start: TrainingCheckpoint?) -> TrainingPlan {
    var plan = plan.plan(for: kind, threads: work.count)
    if let start, start.suits(plan) { plan.start = start.startName }
    return plan
  }

  private func prepare(
    _ found: RecordingCollection, resuming checkpoint: TrainingCheckpoint?, start: TrainingCheckpoint?,
    console: Console
  ) throws -> WindowSource {
    let options = try reading.readOptions(sampleRate: metadata.sampleRate)
    let recordings = found.recordings.map { TrainingRecording($0, options: options) }
    var progress = ProgressLine(console: console)
    defer { progress.finish() }
    func show(_ now: WindowSource.Progress) {
      progress.show(
        fraction: Double(now.done) / Double(max(now.total, 1)),
        "reading: \(now.done) of \(now.total), \(Discovery.number(now.windows, "window"))")
    }
    let source: WindowSource
    if let checkpoint {
      source = try WindowSource(recordings, plan: checkpoint.plan, adapts: false, progress: show)
    } else {
      source = try WindowSource(recordings, progress: show) { plan(for: $0, start: start) }
    }
    progress.finish()
    describe(source, console: console)
    if plan.setsAugmentations, try !source.usesAugmentations {
      console.warning(
        "objective \(source.plan.objective.name) makes no augmented views: --augment-weak and --augment-strong do nothing"
      )
    }
    guard let start else { return source }
    if source.plan.start != nil {
      console.note("starting from \(Format.harmless(start.path))")
    } else if from == nil || from == "default" {
      console.note(
        "starting from random weights: the representation inside the program has other shapes than this plan")
    } else {
      throw CommandError.unsuitableStart(path: start.path)
    }
    return source
  }

  private func describe(_ source: WindowSource, console: Console) {
    for note in source.notes { console.paragraph(Format.harmless("\(note)")) }
    for skipped in source.skipped.prefix(3) {
      console.warning("left out: " + Format.harmless(skipped.reason))
    }
    if source.skipped.count > 3 {
      console.warning("and \(source.skipped.count - 3) more recordings left out")
    }
    if source.discardedWindows > 0 {
      console.warning(
        "\(Discovery.number(source.discardedWindows, "window")) left out: their samples are not finite numbers"
      )
    }
    if !source.isInMemory {
      console.note("the windows exceed the memory set aside: they are read again every epoch")
    }
  }

  private func train(
    _ source: WindowSource, resuming checkpoint: TrainingCheckpoint?, start: TrainingCheckpoint?,
    console: Console
  ) throws -> TrainingSummary {
    let logs = try TrainingLogs(path: log, folder: tensorboard, resuming: resume, console: console)
    var display = TrainingDisplay(console: console)
    defer { display.finish() }
    // From here on there is something to save; before, Ctrl-C simply ends the program.
    Interruption.listen()
    return try Trainer(source, checkpointPath: out, programVersion: ProgramVersion.text).run(
      resuming: checkpoint, startingFrom: source.plan.start == nil ? nil : start,
      isCancelled: { Interruption.isRequested },
      report: { event in
        display.take(event)
        logs.take(event)
      }
    ).summary
  }

  /// The command line that goes on, without what the checkpoint knows.
  private var commandToResume: String {
    (["fault-diag", "pretrain"] + folders + ["--out", out, "--resume"] + labels.arguments).map(Self.quoted)
      .joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./+=:,@%".contains($0)) }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
