import ArgumentParser
import FaultDiag
import SignalIO

/// Who judges recordings, and how sure a verdict must be.
struct JudgementOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A model that fault-diag fit wrote; else the default model, which needs speed and bearing.",
      valueName: "file"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The machine's healthy state, which fault-diag baseline wrote; what differs from it is told.",
      valueName: "file"))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "State a fault of a bearing once it is this certain that something is wrong; below, it is told as suspected.",
      valueName: "percent"))
  var certainty = Rate(0.95)

  @Option(
    help: ArgumentHelp(
      "Name every state that cannot be excluded at this coverage (default model).", valueName: "percent"))
  var coverage = Rate(0.9)

  /// A diagnoser with the model and limits of the options.
  func diagnoser(_ speedFinder: SpeedFinder, threads: Int) throws -> Diagnoser {
    var diagnoser = try ModelFiles.diagnoser(path: model, threads: threads)
    diagnoser.speedFinder = speedFinder
    diagnoser.alarm.certainty = certainty.value
    diagnoser.coverage = coverage.value
    return diagnoser
  }

  /// What compares with the healthy state; nil where none was given.
  func novelty(threads: Int) throws(FaultDiagError) -> NoveltyJudge? {
    guard let baseline else { return nil }
    return try NoveltyJudge(HealthyBaseline(path: baseline), threads: threads)
  }
}
