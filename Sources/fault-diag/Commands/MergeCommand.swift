import ArgumentParser
import FaultDiag
import Foundation
import SignalIO

/// Joins the shards of a report into the files that one run would have written.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the shards of a report.",
    usage: "fault-diag merge [<options>] <folder>",
    discussion: """
      Reads rows-1-of-n.jsonl to rows-n-of-n.jsonl of a folder and writes the report.html, .json and .csv that one run \
      would have written, to the byte. Missing or unfinished shards, shards of other recordings or options, and rows that \
      are there twice are told, and nothing is written.

      Example: fault-diag merge reports
      """)

  @Argument(help: "The folder that fault-diag report --shard wrote to.")
  var folder: String

  @OptionGroup(title: "Monitoring") var ending: ReportEndingOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    try ending.perform(self, console) {
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: folder)
      } catch {
        throw SignalIOError.cannotOpen(path: folder, reason: "no such folder")
      }
      let merged = try ReportMerge(folder: folder, names: names)
      let files = ReportFiles(
        settings: merged.settings, entries: merged.entries, sources: merged.sources,
        threads: work.count)
      try ending.end(files, in: folder, output: output, console: console)
      throw ending.exitCode(merged.entries)
    }
  }
}
