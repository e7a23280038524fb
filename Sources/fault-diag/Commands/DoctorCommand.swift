import ArgumentParser
import FaultDiag
import SignalIO

/// Says before any training what recordings are good for.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what recordings are good for, before any training, and what would mislead it.",
    discussion: """
      Reads every recording once and says whether rate, length, speed, bearing, calibration, healthy recordings and labels \
      suffice; what could and could not be found out with them; and which states could be told by the way they were \
      recorded (rate, level, DC offset, machine) instead of by their fault.

      Example: fault-diag doctor recordings/ --labels labels.csv
      """)

  /// What makes the exit code 2.
  enum Finding: String, ExpressibleByArgument, CaseIterable {
    case warning, problem

    func holds(for checkup: Checkup) -> Bool {
      guard let worst = checkup.worst else { return false }
      return worst >= (self == .warning ? .warning : .problem)
    }
  }

  @Argument(help: "Folders of recordings, or single recordings.")
  var folders: [String]

  @Option(help: ArgumentHelp("Exit with 2 on such a finding or a worse one.", valueName: "finding"))
  var failOn: Finding?

  @OptionGroup(title: "Labels") var labels: LabelOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    try perform(console) {
      let options = try reading.readOptions(sampleRate: metadata.sampleRate)
      let collection = try labels.collection(
        folders, flags: metadata.metadata, required: false, console: console)
      let survey = survey(collection, options: options, console: console)
      guard !survey.recordings.isEmpty else {
        for file in survey.unreadable { console.warning(Format.harmless(file.reason)) }
        throw CommandError.nothingUsable(tried: survey.unreadable.count)
      }
      let checkup = Checkup(survey)
      let text = checkup.text(output.style(console))
      console.result(output.json ? ReportJSON.text(checkup) : String(text.dropLast()))
      if let failOn, failOn.holds(for: checkup) { throw FaultDiagExit.finding }
    }
  }

  private func survey(
    _ collection: RecordingCollection, options: ReadOptions, console: Console
  ) -> Survey {
    var progress = ProgressLine(console: console)
    defer { progress.finish() }
    return Survey(collection.recordings, options: options, threads: work.count) { done, of in
      progress.show(fraction: Double(done) / Double(of), "listening: \(done) of \(of)")
    }
  }
}
