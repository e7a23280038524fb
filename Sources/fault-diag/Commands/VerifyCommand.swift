import ArgumentParser
import FaultDiag
import Foundation
import SignalIO
import Support

/// Diagnoses the recordings of a report again and compares.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Diagnose the recordings of a report again, and say whether the result is the same.",
    usage: "fault-diag verify [<options>] <report>",
    discussion: """
      Every row that was diagnosed, or whose recording was damaged, is made again with the options that the report keeps, \
      and compared to the byte. Paths are taken as they stand there: in the current folder, else in the report's folder, \
      else in the one above it. Exit code 2 says that a row differs, 66 that a recording is missing.

      Example: fault-diag verify reports/report.json
      """)

  @Argument(help: "A report.json that fault-diag report or merge wrote.")
  var report: String

  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  /// What `--json` prints.
  private struct Outcome: Encodable {
    var schemaVersion = 1
    var same = 0
    var differing: [String] = []
    var missing: [String] = []
    /// Rows that cannot be made again: no recordings, and what could not be read at all.
    var notChecked = 0
  }

  func run() throws {
    let console = output.console
    try perform(console) {
      let stored = try StoredReport(path: report)
      stored.enterFolder()
      let options = try stored.options()
      let maker = try options.maker()
      if maker.settings != stored.settings {
        console.warning(
          "program, model, healthy state or tables are not those of the report: every row will differ.")
      }
      let outcome = try compare(stored, maker, flags: options.flags, options: options.readOptions())
      tell(outcome, console)
      guard outcome.differing.isEmpty else { throw FaultDiagExit.finding }
      guard outcome.missing.isEmpty else { throw FaultDiagExit.noInput }
    }
  }

  private func compare(
    _ stored: StoredReport, _ maker: RowMaker, flags: RecordingMetadata, options: ReadOptions
  ) throws -> Outcome {
    var outcome = Outcome()
    let checked = stored.rows.filter { $0.contentHash != nil && $0.status != .skipped }
    outcome.notChecked = stored.rows.count - checked.count
    let results = Parallel.map(checked.count, threads: work.count) { index -> Bool? in
      let row = checked[index]
      guard FilePath.isRegularFile(row.path) else { return nil }
      let input = BatchInput(path: row.path, kind: .recording(flags: flags, options: options))
      let again = maker.row(for: input, maker.identity(of: input)).finished
      return ReportJSON.text(again, pretty: false) == stored.text(of: row)
    }
    for (row, isSame) in zip(checked, results) {
      switch isSame {
      case true?: outcome.same += 1
      case false?: outcome.differing.append(row.path)
      case nil: outcome.missing.append(row.path)
      }
    }
    return outcome
  }

  private func tell(_ outcome: Outcome, _ console: Console) {
    if output.json { return console.result(ReportJSON.text(outcome)) }
    for path in outcome.differing { console.result("differs  \(Format.harmless(path))") }
    for path in outcome.missing { console.result("missing  \(Format.harmless(path))") }
    console.result(
      "\(outcome.same) the same, \(outcome.differing.count) different, \(outcome.missing.count) missing, "
        + "\(outcome.notChecked) not checked")
  }
}
