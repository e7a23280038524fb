import FaultDiag
import SignalIO

extension FuzzTarget {
  /// The rows of an earlier run, as `--skip-done`, `merge` and the final files take them.
  static let reportRows = FuzzTarget("report-rows") { bytes in
    try MemoryFile.with(bytes) { path in
      let rows = try RowsFile(path: path, keepsRows: true)
      let entries = rows.entries(file: 0).sorted(by: ReportEntry.isBefore)
      for entry in entries {
        guard let row = rows.row(at: entry.place) else { preconditionFailure("a row went away") }
        let text = ReportJSON.text(row.finished, pretty: false)
        precondition(!text.contains("\n"), "a row of several lines: \(text)")
        _ = row.diagnosis?.text()
      }
      let counts = ReportCounts(entries)
      precondition(counts.ok + counts.warning + counts.skipped + counts.failed == counts.total, "\(counts)")
      _ = NagiosLine(entries).text
      _ = PrometheusText.text(entries)
    }
  }

  /// A report.json, as `verify` takes it.
  static let storedReport = FuzzTarget("stored-report") { bytes in
    let report = try MemoryFile.with(bytes) { try StoredReport(path: $0) }
    for row in report.rows {
      precondition(report.text(of: row) != nil, "a row without its text")
      _ = row.diagnosis?.text()
    }
  }

  /// The log of a training, drawn as `runs` does.
  static let runLog = FuzzTarget("run-log") { bytes in
    let run = try MemoryFile.with(bytes) { try RunLog(path: $0, name: "run") }
    let comparison = RunComparison(runs: [run, run])
    // One format an input, by its length: drawing takes longer than reading by far. The seeds have both.
    let formats = RunComparison.FileFormat.allCases
    precondition(!comparison.written(as: formats[bytes.count % formats.count]).isEmpty, "an empty page")
  }
}
