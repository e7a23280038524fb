import Foundation
import TestSupport
import Testing

@testable import fault_diag

/// Completion scripts are such as their shells can read, where those are installed.
@Suite struct CompletionsTests {
  private static func find(_ program: String) -> String? {
    ["/bin/", "/usr/bin/", "/usr/local/bin/"].map { $0 + program }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  @Test(arguments: CompletionsCommand.Shell.allCases) func aShellReadsItsScript(
    shell: CompletionsCommand.Shell
  ) throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(["completions", shell.rawValue], in: folder)
    #expect(outcome.exitCode == 0 && outcome.messages.isEmpty)
    for command in FaultDiagCommand.configuration.subcommands {
      let name = try #require(command.configuration.commandName)
      #expect(outcome.output.contains(name), "\(name) is not completed")
    }
    guard let executable = Self.find(shell.rawValue) else { return }
    let script = try folder.write(outcome.output, to: "script")
    let reading = try Program.run(["-n", script], in: folder, executable: executable)
    #expect(reading.exitCode == 0 && reading.messages.isEmpty, "\(reading.messages)")
  }
}
