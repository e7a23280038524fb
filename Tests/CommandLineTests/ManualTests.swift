import Foundation
import TestSupport
import Testing

@testable import fault_diag

/// Pages of the manual: one for the program and one for each command, such as `man` sets without a complaint.
@Suite struct ManualTests {
  @Test func everyCommandHasAPage() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(["manual", "--quiet", "--out", "man1"], in: folder)
    #expect(outcome.exitCode == 0 && outcome.messages.isEmpty)
    let names = FaultDiagCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/man1")
    #expect(Set(pages) == Set(names.map { "fault-diag-\($0).1" } + ["fault-diag.1"]))
    for page in pages {
      let text = String(decoding: try folder.bytes("man1/\(page)"), as: UTF8.self)
      for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS"] {
        #expect(text.contains(".SH \"\(section)\"\n"), "\(page) has no \(section)")
      }
    }
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/man") else { return }
    let complaints = try Program.run(
      ["-e", "-c", "for page in man1/*.1; do man --warnings=w -l $page > /dev/null; done"], in: folder,
      environment: ["LC_ALL": "C.UTF-8", "MANWIDTH": "80"], executable: "/bin/sh")
    #expect(complaints.exitCode == 0 && complaints.messages.isEmpty, "\(complaints.messages)")
  }

  @Test func aPageHasTheOptionsOfTheHelp() throws {
    let folder = try TemporaryFolder()
    let page = try Program.run(["manual", "report"], in: folder).output
    let help = try Program.run(["report", "--help"], in: folder).output
    let options = Set(help.matches(of: /--[a-z][a-z-]+/).map { String($0.output) })
    #expect(options.count > 20)
    for option in options {
      #expect(page.contains(option.replacing("-", with: "\\-")), "\(option) is missing")
    }
    #expect(page.contains("fault\\-diag report recordings/ \\-\\-out reports"))
  }

  /// What troff would read as a request or an escape stays text.
  @Test func textIsMasked() {
    var roff = Roff()
    roff.words(".start 'and' \\n")
    roff.macro("TH", "A \"B\"")
    #expect(roff.text == "\\&.start \\(aqand\\(aq \\en\n.TH \"A \\(dqB\\(dq\"\n")
  }

  @Test func anUnknownCommandIsTold() throws {
    let outcome = try Program.run(["manual", "dance"], in: try TemporaryFolder())
    #expect(outcome.exitCode == 64)
    #expect(outcome.messages.contains("no command dance"))
  }
}
