import ArgumentParser
import FaultDiag
import SignalIO
import Support

/// Everything on the command line that decides the rows of a report.
struct RowOptions: ParsableArguments {
  @OptionGroup(title: "Judgement") var judgement: JudgementOptions

  @Option(
    help: ArgumentHelp(
      "A table of actions and deadlines of your own (start from --print-actions).", valueName: "toml"))
  var actions: String?

  @Option(
    name: .customLong("severity-limits"),
    help: ArgumentHelp(
      "Limits of vibration velocity of your own: [group] mounting = [A/B, B/C, C/D] in mm/s.",
      valueName: "toml"))
  var severityLimits: String?

  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Speed") var speed: SpeedOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions

  /// The options that were given, as on a command line.
  var arguments: [String] {
    var result = OptionWords()
    result.add("--model", judgement.model)
    result.add("--baseline", judgement.baseline)
    result.add("--certainty", judgement.certainty.value)
    result.add("--coverage", judgement.coverage.value)
    result.add("--actions", actions)
    result.add("--severity-limits", severityLimits)
    return result.words + metadata.arguments + speed.arguments + reading.arguments
  }

  /// Reads the models and tables that the options name. Every recording is diagnosed on one thread.
  func maker() throws -> RowMaker {
    let diagnoser = try judgement.diagnoser(speed.finder, threads: 1)
    let novelty = try judgement.novelty(threads: 1)
    let limits = try severityLimits.map { path throws(FaultDiagError) in
      try SeverityLimits(path: path)
    }
    let table = try actions.map { path throws(FaultDiagError) in try ActionTable(path: path) }
    return RowMaker(
      diagnoser: diagnoser, novelty: novelty, severity: SeverityJudge(limits: limits ?? .standard),
      actions: table ?? .standard,
      settings: ReportSettings(
        arguments: arguments, model: diagnoser.identity,
        baselineHash: judgement.baseline.flatMap { ContentHash.sha256(ofFile: $0) },
        actions: table ?? .standard,
        limits: limits ?? .standard))
  }

  /// The inputs below `roots`.
  ///
  /// - Parameter passedOver: the folder that the report goes to.
  func inputs(_ roots: [String], passedOver: String?) throws -> [BatchInput] {
    try BatchInput.discover(
      roots: roots, passedOver: passedOver, flags: flags, options: readOptions())
  }

  /// What the command line says of every recording.
  var flags: RecordingMetadata { metadata.metadata.merged(over: speed.metadata) }

  func readOptions() throws -> ReadOptions {
    try speed.including(reading).readOptions(sampleRate: metadata.sampleRate)
  }
}
