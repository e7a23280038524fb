import ArgumentParser
import FaultDiag
import Foundation
import SignalIO
import Support

/// Diagnoses every recording of folders and says what to do about which machine, most urgent first.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Diagnose every recording of folders, and say what to do, most urgent first.",
    discussion: """
      Writes report.html, a page with pictures, report.json and report.csv into the folder of --out: a row for every \
      file that was found, with its status (ok, warning, skipped or failed) and the reason, the diagnosis, the vibration velocity with its zone of ISO 20816-3 \
      (where unit, machine group and mounting are known), an action and a deadline. A bad file stops nothing and makes \
      the exit code 1. Rows are kept in rows.jsonl as they come: after a crash or Ctrl-C run again with --skip-done.

      Example: fault-diag report recordings/ --out reports --skip-done --quiet
      For Nagios: fault-diag report recordings/ --out reports --nagios
      Words of your own: fault-diag report --print-actions > actions.toml
      """)

  @Argument(help: "Folders of recordings, and recordings.")
  var folders: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Folder of the report; made where it is missing.", valueName: "folder"))
  var out: String?

  @Flag(help: "Keep rows of an earlier run whose recording, options and model have not changed.")
  var skipDone = false

  @Option(
    help: ArgumentHelp(
      "Only every n-th input from the i-th on, for fault-diag merge (default: the task of a Slurm array job).",
      valueName: "i/n"))
  var shard: String?

  @Flag(help: "Print the table of actions and deadlines, to be edited and given with --actions.")
  var printActions = false

  @OptionGroup(title: "Monitoring") var ending: ReportEndingOptions
  @OptionGroup(title: "Diagnosis") var rows: RowOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    guard !printActions else { return }
    guard !folders.isEmpty else { throw ValidationError("Name a folder of recordings.") }
    guard out != nil else { throw ValidationError("Name the folder of the report with --out.") }
    if let shard {
      guard let shard = Shard(text: shard) else {
        throw ValidationError("--shard \(shard): expected i/n with i from 1 to n, such as 2/8.")
      }
      guard shard == .whole || !ending.nagios && ending.prometheus == nil else {
        throw ValidationError(
          "--nagios and --prometheus go with fault-diag merge, once all shards are there.")
      }
    }
  }

  func run() throws {
    let console = output.console
    if printActions { return console.result(String(ActionTable.defaultText.dropLast())) }
    FreedMemory.keepForBatch()
    try ending.perform(self, console) { try make(in: out ?? ".", console) }
  }

  private func make(in folder: String, _ console: Console) throws {
    let maker = try rows.maker()
    try OutputFolder.make(folder)
    let inputs = try rows.inputs(folders, passedOver: folder)
    let part = chosenShard(console)
    let own = part.part(of: inputs)
    let header = RowsFile.Header(settings: maker.settings, shard: part, inputs: inputs)
    let path = FilePath.joined(folder, part.fileName)
    let file = try RowsFile(path: path, keepsRows: skipDone)
    try file.append(header)
    let outcome = try diagnose(own, maker, file, console)
    guard !outcome.isInterrupted else {
      console.note(
        "stopped after \(outcome.entries.count) of \(Discovery.number(own.count, "input")); their rows are kept. "
          + "To go on: the same command with --skip-done")
      if ending.nagios { console.result(NagiosLine(.unknown, "interrupted").text) }
      throw FaultDiagExit.interrupted
    }
    let files = ReportFiles(
      settings: maker.settings, entries: outcome.entries, sources: [file], threads: work.count)
    if part == .whole {
      try ending.end(files, in: folder, output: output, console: console)
    } else {
      try ending.tell(outcome.entries, output: output, console: console)
      console.note("next, when all shards are there: fault-diag merge \(Format.harmless(folder))")
    }
    try files.writeRows(header, to: path)
    try requireRecordings(outcome.entries)
    throw ending.exitCode(outcome.entries)
  }

  private func chosenShard(_ console: Console) -> Shard {
    if let shard = shard.flatMap({ Shard(text: $0) }) { return shard }
    guard !ending.nagios, let task = Shard(slurm: ProcessInfo.processInfo.environment) else { return .whole }
    console.note("shard \(task.index) of \(task.count), as this is a task of a Slurm array job")
    return task
  }

  private func diagnose(
    _ inputs: [BatchInput], _ maker: RowMaker, _ file: RowsFile, _ console: Console
  ) throws -> BatchRun.Outcome {
    let progress = Lock(ProgressLine(console: console))
    defer { progress.withLock { $0.finish() } }
    // From here on there is something to keep; before, Ctrl-C simply ends the program.
    Interruption.listen()
    let outcome = try BatchRun(maker: maker, threads: work.count).run(
      inputs, rows: file, isCancelled: { Interruption.isRequested },
      report: { now in
        progress.withLock {
          $0.show(
            fraction: Double(now.done) / Double(max(now.total, 1)),
            "\(now.done) of \(now.total), \(Discovery.number(now.alarms, "alarm")), \(now.failed) failed")
        }
      })
    if outcome.reused > 0 {
      console.note("kept \(Discovery.number(outcome.reused, "row")) of an earlier run")
    }
    return outcome
  }

  /// A report of nothing is written, since yesterday's would mislead, and is an error nevertheless.
  private func requireRecordings(_ entries: [ReportEntry]) throws {
    let isNothing = entries.allSatisfy { $0.status == .skipped }
    if isNothing, !ending.nagios { throw CommandError.noRecordings(roots: folders, skipped: []) }
  }
}
