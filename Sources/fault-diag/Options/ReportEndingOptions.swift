import ArgumentParser
import FaultDiag
import SignalIO
import Support

/// What becomes of the rows of a report: files, lines for monitoring, an exit code.
struct ReportEndingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Exit with 2 on an alarm (a fault, unlike the baseline, or zone D), an unknown (no state above 50 %) or a warning; "
        + "may be repeated.", valueName: "finding"))
  var failOn: [DiagnoseCommand.Finding] = []

  @Flag(
    help:
      "Print one line for Nagios with performance data; exit codes are then 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."
  )
  var nagios = false

  @Option(
    help: ArgumentHelp(
      "Write metrics for the textfile collector of Prometheus' node exporter.", valueName: "file"))
  var prometheus: String?

  /// Runs `body`; with `--nagios` what goes wrong is a line and exit code of Nagios, too.
  func perform(_ command: some ParsableCommand, _ console: Console, _ body: () throws -> Void) throws {
    guard nagios else { return try command.perform(console, body) }
    do {
      try body()
    } catch let error as ExitCode {
      throw error
    } catch {
      let line = NagiosLine(.unknown, "\(error)")
      console.result(line.text)
      throw ExitCode(line.service.rawValue)
    }
  }

  /// Writes the final files and says what the report comes to.
  ///
  /// - Throws: an error of writing, else the exit code that the rows ask for.
  func end(_ files: ReportFiles, in folder: String, output: OutputOptions, console: Console) throws {
    try files.write(to: folder, open: try opening(files.settings))
    try tell(files.entries, output: output, console: console)
    console.note(
      "wrote \(Format.harmless(FilePath.joined(folder, ReportFiles.pageName))), \(ReportFiles.jsonName) and "
        + ReportFiles.csvName)
  }

  /// Opens rows' recordings as the rows' options say, where their bytes are those of the rows.
  private func opening(_ settings: ReportSettings) throws
    -> @Sendable (ReportRow, FileStamp?) -> RecordingSource?
  {
    let rows = try RowOptions.parse(settings.arguments)
    let (flags, options) = (rows.flags, try rows.readOptions())
    return { row, stamp in
      guard let hash = row.contentHash,
        stamp?.stillHolds(at: row.path) == true || ContentHash.sha256(ofFile: row.path) == hash
      else { return nil }
      return try? RecordingSource.open(path: row.path, flags: flags, options: options)
    }
  }

  /// Says what the rows come to, to monitoring or to people.
  func tell(_ entries: [ReportEntry], output: OutputOptions, console: Console) throws {
    if let prometheus { try AtomicFile.write(PrometheusText.text(entries), to: prometheus) }
    guard !nagios else { return console.result(NagiosLine(entries).text) }
    let summary = ReportSummary(entries)
    if output.json {
      console.result(ReportJSON.text(summary))
    } else {
      console.result(String(summary.text(output.style(console)).dropLast()))
    }
  }

  /// The exit code of a report that was written.
  ///
  /// A finding that was asked for outweighs recordings that failed: both stand in the report.
  func exitCode(_ entries: [ReportEntry]) -> ExitCode {
    if nagios { return ExitCode(NagiosLine(entries).service.rawValue) }
    if entries.contains(where: { entry in failOn.contains { $0.holds(for: entry) } }) {
      return FaultDiagExit.finding
    }
    return entries.contains { $0.status == .failed } ? FaultDiagExit.partialFailure : FaultDiagExit.success
  }
}
