import ArgumentParser
import FaultDiag
import SignalIO
import Support

/// Draws what trainings logged.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Draw the logs of trainings: loss, rate, accuracy and the state of the representation.",
    usage: "fault-diag runs <log> ... [--out <file>] [<options>]",
    discussion: """
      Reads the JSON lines that pretrain --log wrote and overlays the runs. The page needs no script and fetches nothing; \
      it is light or dark as the reader's system is.

      Example: fault-diag runs logs/ --out runs.html
      """)

  @Argument(help: ArgumentHelp("Logs, or folders that are searched for *.jsonl.", valueName: "log"))
  var logs: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The page to write; its ending decides: html or svg.", valueName: "file"))
  var out = "runs.html"

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    try perform(console) {
      let known = RunComparison.FileFormat.allCases
      guard let format = known.first(where: { out.lowercased().hasSuffix("." + $0.rawValue) }) else {
        throw CommandError.unknownOutputFormat(path: out, known: known.map { "." + $0.rawValue })
      }
      let comparison = RunComparison(runs: try read(console))
      try AtomicFile.write(comparison.written(as: format), to: out)
      let summary = RunsSummary(out: out, runs: comparison.runs)
      if output.json { console.result(ReportJSON.text(summary)) }
      console.note("wrote \(Format.harmless(out)): \(Discovery.number(comparison.runs.count, "run"))")
    }
  }

  /// The runs that have a step; the rest is told.
  private func read(_ console: Console) throws -> [RunLog] {
    let runs = try RunLog.find(logs).compactMap { path, name -> RunLog? in
      let run = try RunLog(path: path, name: name)
      if run.brokenLines > 0 {
        console.warning(
          "\(Format.harmless(path)): \(Discovery.number(run.brokenLines, "line")) skipped, not a whole record"
        )
      }
      guard run.steps.isEmpty else { return run }
      console.warning("\(Format.harmless(path)) left out: it has no record of a step")
      return nil
    }
    guard !runs.isEmpty else { throw CommandError.noLogs(paths: logs) }
    return runs
  }
}

/// What was drawn, for programs.
private struct RunsSummary: Encodable {
  struct Run: Encodable {
    var name: String
    var steps: Int
    var loss: Double?
    var brokenLines: Int
  }

  var out: String
  var runs: [Run]

  init(out: String, runs: [RunLog]) {
    self.out = out
    self.runs = runs.map { run in
      // JSON has no infinities; a loss that is none is not there.
      let loss = run.steps.last?.loss.flatMap { $0.isFinite ? $0 : nil }
      return Run(
        name: run.name, steps: run.steps.last?.step ?? 0, loss: loss, brokenLines: run.brokenLines)
    }
  }
}
