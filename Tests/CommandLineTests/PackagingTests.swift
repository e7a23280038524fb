import Foundation
import Testing

@testable import fault_diag

/// The command lines of the service and of the user guide are such as the program takes.
@Suite struct PackagingTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ name: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(name), encoding: .utf8)
  }

  @Test func theServiceStartsAReport() throws {
    let service = try text("packaging/fault-diag-report.service")
    let line = try #require(service.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
    let words = line.dropFirst("ExecStart=".count).split(separator: " ").map(String.init)
    #expect(words.first == "/usr/bin/fault-diag" && words.last == "$FAULT_DIAG_OPTIONS")
    #expect(words[1] == "report")
    let command = try ReportCommand.parse(Array(words.dropFirst(2).dropLast()))
    #expect(command.skipDone && command.out.map { service.contains("ReadWritePaths=\($0)\n") } == true)
    #expect(try text("packaging/fault-diag-report.timer").contains("OnCalendar="))
  }

  @Test func theLineOfCronStartsAReport() throws {
    let guide = try text("Documentation/UserGuide/EveryMorning.md")
    let line = try #require(
      guide.split(separator: "\n").first { $0.contains("* * *") && $0.contains("report") })
    let start = try #require(line.range(of: "fault-diag report "))
    let end = try #require(line.range(of: " > "))
    let words = line[start.upperBound..<end.lowerBound].split(separator: " ").map(String.init)
    let command = try ReportCommand.parse(words)
    #expect(command.skipDone && command.ending.failOn == [.alarm])
  }

  /// Options that decide a row are kept with it, whatever their values look like.
  @Test func optionsReadBackFromTheirWords() throws {
    let words = [
      "--model=m.safetensors", "--baseline=h.safetensors", "--certainty=0.9", "--coverage=0.8",
      "--actions=a.toml", "--severity-limits=l.toml", "--rpm=1797.25", "--bearing=6205",
      "--geometry=9,7.94,39.04,15", "--sample-rate=25600", "--unit=V", "--sensitivity=100.5",
      "--machine-group=1", "--mounting=rigid", "--load=2 hp", "--machine=-fan 7", "--rpm-tolerance=5",
      "--tacho=pulse 1", "--pulses-per-turn=4", "--channel=DE", "--channel=-1", "--format=raw",
      "--raw-encoding=f32le", "--raw-channels=2",
    ]
    #expect(try RowOptions.parse(words).arguments == words)
    // Every option of the help that decides rows is among them.
    let known = Set(words.compactMap { $0.split(separator: "=").first.map(String.init) })
    let help = RowOptions.helpMessage(columns: 200)
    let named = Set(
      help.split { !($0.isLetter || $0 == "-") }.filter { $0.hasPrefix("--") && $0.count > 2 }.map(
        String.init))
    let other: Set = ["--help", "--print-actions"]
    #expect(named.subtracting(other).subtracting(known).isEmpty, "\(named)")
    #expect(known.isSubset(of: named))
  }
}
