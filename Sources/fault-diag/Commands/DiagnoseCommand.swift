import ArgumentParser
import FaultDiag
import SignalIO
import Support

/// Says what is wrong with recordings.
struct DiagnoseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Say what is wrong with a recording, how sure that is, and why.",
    discussion: """
      Prints the state with its probability, the alternatives, the nearest labelled recordings, how many windows agree, \
      what the envelope spectrum shows at the bearing's own frequencies (with --bearing, or a side-car), and what weakens \
      the verdict. The shaft speed is what --rpm or a side-car states, else what a tachometer channel counts, else what \
      the signal shows, if it shows only one.

      Several recordings: a bad one is told, stops no other, and makes the exit code 1.

      Example: fault-diag diagnose motor.wav --rpm 1797 --bearing 6205
      With a model of your own: fault-diag diagnose pump.wav --model pump.safetensors
      Against its healthy state: fault-diag diagnose pump.wav --baseline healthy.safetensors
      """)

  /// What makes the exit code 2.
  enum Finding: String, ExpressibleByArgument, CaseIterable {
    case alarm, unknown, warning

    func holds(for diagnosis: Diagnosis) -> Bool {
      switch self {
      case .alarm: diagnosis.isAlarm
      case .unknown: diagnosis.isUnknown
      case .warning: !diagnosis.warnings.isEmpty
      }
    }

    func holds(for entry: ReportEntry) -> Bool {
      switch self {
      case .alarm: entry.isAlarm
      case .unknown: entry.isUnknown
      case .warning: entry.hasWarnings
      }
    }
  }

  @Argument(help: "Recordings, folders of recordings, or - for standard input.")
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Exit with 2 on an alarm (a state that is not healthy, or unlike the baseline), an unknown (no state above 50 %) or a warning; "
        + "may be repeated.", valueName: "finding"))
  var failOn: [Finding] = []

  @OptionGroup(title: "Judgement") var judgement: JudgementOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Speed") var speed: SpeedOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    FreedMemory.keepForBatch()
    try perform(console) {
      let diagnoser = try judgement.diagnoser(speed.finder, threads: work.count)
      let novelty = try judgement.novelty(threads: work.count)
      let inputs = try RecordingInput.expand(
        files, metadata: metadata, more: speed.metadata, reading: speed.including(reading), console: console)
      var hasFinding = false
      try FileBatch(console: console, json: output.json).run(inputs) { input in
        let input = novelty == nil ? input : try input.reopenable()
        var diagnosis = try diagnoser.diagnose(input.open())
        novelty?.examine(&diagnosis, input.open)
        hasFinding = hasFinding || failOn.contains { $0.holds(for: diagnosis) }
        return diagnosis
      }
      if hasFinding { throw FaultDiagExit.finding }
    }
  }
}
