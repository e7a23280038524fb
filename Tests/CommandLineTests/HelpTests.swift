import Foundation
import TestSupport
import Testing

/// The help of every command, word by word: `Tests/Golden/CommandLine/<command>.txt`.
///
/// After a wanted change write them anew by running these tests with FAULT_DIAG_UPDATE_SNAPSHOTS=1.
@Suite struct HelpTests {
  static let commands = [
    "", "diagnose", "inspect", "doctor", "bearings", "report", "merge", "verify", "plot", "baseline",
    "pretrain",
    "objectives", "fit", "evaluate", "embed", "cluster", "runs", "augment", "simulate", "default-model",
    "completions", "manual",
  ]

  private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Golden/CommandLine")

  @Test(arguments: commands) func helpIsAsRecorded(command: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(command.isEmpty ? ["--help"] : [command, "--help"], in: folder)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let file = Self.golden.appendingPathComponent("\(command.isEmpty ? "fault-diag" : command).txt")
    if ProcessInfo.processInfo.environment["FAULT_DIAG_UPDATE_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(at: Self.golden, withIntermediateDirectories: true)
      try outcome.output.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == outcome.output)
  }

  @Test(arguments: commands.dropFirst()) func everyCommandShowsAnExample(command: String) throws {
    let outcome = try Program.run([command, "--help"], in: try TemporaryFolder())
    #expect(outcome.output.contains("Example: fault-diag \(command)"))
  }

  @Test func versionIsOneLine() throws {
    let outcome = try Program.run(["--version"], in: try TemporaryFolder())
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.split(separator: "\n").count == 1)
  }
}
