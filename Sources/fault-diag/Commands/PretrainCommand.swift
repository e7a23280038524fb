import ArgumentParser
import CPC
import FaultDiag
import SignalIO
import Support

/// Learns a representation from recordings without labels.
struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Learn from a folder of recordings without labels.",
    discussion: """
      Contrastive predictive coding: the model learns to tell what follows from what does not. Folders are walked to their \
      depths. The model is saved now and then and at the end; Ctrl-C saves it and stops. The same recordings, seed and \
      thread count give the same bytes, resumed or not.

      Example: fault-diag pretrain recordings/ --out model.safetensors
      """)

  @Argument(help: "Folders of recordings, or single recordings.")
  var folders: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"))
  var out: String

  @Flag(help: "Go on with the unfinished training in --out.")
  var resume = false

  @Flag(help: "Start again even where --out holds an unfinished training.")
  var overwrite = false

  @Option(help: ArgumentHelp("Log every step as a line of JSON.", valueName: "file"))
  var log: String?

  @Option(help: ArgumentHelp("Log to event files that TensorBoard reads.", valueName: "folder"))
  var tensorboard: String?

  @Option(
    help: ArgumentHelp(
      "A table (file,label,rpm,sample_rate,...) for what files do not say; its labels are not used.",
      valueName: "csv"))
  var labels: String?

  @OptionGroup(title: "Training") var plan: PlanOptions
  @OptionGroup(title: "Training") var work: WorkOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if resume && overwrite { throw ValidationError("--resume and --overwrite exclude each other.") }
  }

  func run() throws {
    let console = output.console
    try perform(console) {
      let checkpoint = try checkpointToResume()
      // Before any work: hours of training must not end at a folder that cannot be written to.
      try AtomicFileWriter(path: out).discard()
      let found = try Discovery.find(
        folders, options: .init(flags: metadata.metadata, labelTable: labels), console: console)
      let source = try prepare(found, resuming: checkpoint, console: console)
      let summary = try train(source, resuming: checkpoint, console: console)
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

  private func prepare(
    _ found: RecordingCollection, resuming checkpoint: TrainingCheckpoint?, console: Console
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
      source = try WindowSource(recordings, progress: show) { plan.plan(for: $0, threads: work.count) }
    }
    progress.finish()
    describe(source, console: console)
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
    _ source: WindowSource, resuming checkpoint: TrainingCheckpoint?, console: Console
  ) throws -> TrainingSummary {
    let logs = try TrainingLogs(path: log, folder: tensorboard, resuming: resume, console: console)
    var display = TrainingDisplay(console: console)
    defer { display.finish() }
    // From here on there is something to save; before, Ctrl-C simply ends the program.
    Interruption.listen()
    return try Trainer(source, checkpointPath: out, programVersion: ProgramVersion.text).run(
      resuming: checkpoint, isCancelled: { Interruption.isRequested },
      report: { event in
        display.take(event)
        logs.take(event)
      }
    ).summary
  }

  /// The command line that goes on, without what the checkpoint knows.
  private var commandToResume: String {
    (["fault-diag", "pretrain"] + folders + ["--out", out, "--resume"]).map(Self.quoted).joined(
      separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./+=:,@%".contains($0)) }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
