import ArgumentParser
import CPC
import FaultDiag
import SignalIO
import Support

/// Learns the healthy state of machines from their healthy recordings.
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Learn a machine's healthy state from its own recordings; no faults needed.",
    discussion: """
      Needs healthy recordings only, vibration or sound, made as later ones will be. What diagnose --baseline then finds \
      strange is calibrated on recordings that were left out: later ones against earlier ones where their order is known \
      (a time in the metadata, or numbered names). Recordings of several machines are told apart by their machine in \
      side-cars or fault-diag.toml.

      Example: fault-diag baseline healthy/ --out healthy.safetensors --false-alarm 1%
      """)

  @Argument(help: "Folders of healthy recordings, or single recordings.")
  var folders: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "Share of healthy recordings that may raise an alarm; 1% needs 99 left-out recordings or windows.",
      valueName: "rate"))
  var falseAlarm: Rate = Rate(0.01)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "An encoder of fault-diag pretrain instead of one learnt here; it must not know these recordings.",
      valueName: "file"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Compare whole recordings, or every window of them (default: recordings from 8 a machine on).",
      valueName: "recording|window"))
  var compare: BaselineUnit?

  @Option(
    help: ArgumentHelp(
      "Length of a window (default: sound 5.1, vibration 0.9, or what recordings have).", valueName: "seconds"
    ))
  var window: Double?

  @Option(
    help: """
      What calibrates what: the later half of the recordings the earlier half (time), or each block of them the others \
      (blocks). Automatic: time from 16 recordings on, where their order is known.
      """)
  var order: BaselineSettings.Order = .automatic

  @Flag(
    inversion: .prefixedNo, help: "Whether loudness counts (default: for vibration, not for sound).")
  var level: Bool?

  @Option(help: ArgumentHelp("Steps of the encoder's training.", valueName: "count"))
  var steps = BaselineSettings().steps

  @Option(help: "Decides every random draw.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "A table (file,machine,time,...) for what files do not say.", valueName: "csv"))
  var labels: String?

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    try perform(console) {
      // Before any work: minutes of training must not end at a folder that cannot be written to.
      try AtomicFileWriter(path: out).discard()
      let pretrained = try model.map { try ModelFiles.baselineEncoder(path: $0) }
      let recordings = try healthyRecordings(console: console)
      var settings = BaselineSettings()
      settings.falseAlarmRate = falseAlarm.value
      settings.unit = compare
      settings.order = order
      settings.steps = steps
      settings.windowSeconds = window
      settings.seed = seed
      settings.usesLevel = level
      let baseline = try fit(recordings, settings, pretrained, console: console)
      try baseline.write(to: out, programVersion: ProgramVersion.text)
      let report = BaselineReport(path: out, baseline)
      console.result(output.json ? ReportJSON.text(report) : report.text(output.style(console)))
      for warning in report.warnings { console.warning(warning) }
      console.note("next: fault-diag diagnose FILE --baseline \(out)")
    }
  }

  /// What is not known to be faulty. A recording that cannot be opened is told and left out.
  private func healthyRecordings(console: Console) throws -> [BaselineRecording] {
    let options = try reading.readOptions(sampleRate: metadata.sampleRate)
    let found = try Discovery.find(
      folders, options: .init(flags: metadata.metadata, labelTable: labels), console: console)
    let healthy = found.recordings.filter { $0.label.map(HealthyNames.contains) ?? true }
    let faulty = found.recordings.count - healthy.count
    if faulty > 0 {
      console.warning(
        "\(Discovery.number(faulty, "recording")) left out: labelled with a state that is not healthy")
    }
    return healthy.compactMap { recording in
      do throws(SignalIOError) {
        return try BaselineRecording(name: recording.path) { () throws(SignalIOError) in
          try recording.open(options: options)
        }
      } catch {
        console.warning("left out: " + Format.harmless("\(error)"))
        return nil
      }
    }
  }

  private func fit(
    _ recordings: [BaselineRecording], _ settings: BaselineSettings,
    _ pretrained: (plan: TrainingPlan, encoder: BaselineEncoder)?, console: Console
  ) throws -> HealthyBaseline {
    var progress = ProgressLine(console: console)
    defer { progress.finish() }
    let fitter = BaselineFitter(settings: settings, threads: work.count)
    return try fitter.fit(
      recordings, name: FilePath.name(of: FilePath.stem(of: out)), pretrained: pretrained
    ) { event in
      switch event {
      case .training(let fold, let folds, let step, let steps):
        progress.show(
          fraction: Double(fold * steps + step) / Double(folds * steps),
          "training: encoder \(fold + 1) of \(folds)")
      case .listening(let done, let of):
        progress.show(fraction: Double(done) / Double(max(of, 1)), "listening: \(done) of \(of)")
      case .skipped(_, let reason):
        progress.interject("warning: left out: " + Format.harmless("\(reason)"))
      }
    }
  }
}

extension BaselineUnit: ExpressibleByArgument {}
extension BaselineSettings.Order: ExpressibleByArgument {}
