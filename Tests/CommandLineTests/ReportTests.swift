import Foundation
import TestSupport
import Testing

/// A night's recordings become a report, whatever is among them.
@Suite struct ReportTests {
  @Test func everyInputGetsARowAndABadOneStopsNothing() throws {
    let night = try ReportFolder()
    try night.addBadCompany()
    let outcome = try night.report("--threads", "2")
    #expect(outcome.exitCode == 1, "\(outcome.messages)")
    #expect(outcome.output.contains("10 inputs"), "\(outcome.output)")
    let rows = try night.rows()
    let byPath = Dictionary(uniqueKeysWithValues: rows.map { ($0["path"] as? String ?? "", $0) })
    func reason(_ path: String, _ status: String) -> String {
      #expect(byPath[path]?["status"] as? String == status, "\(path)")
      return byPath[path]?["reason"] as? String ?? ""
    }
    #expect(rows.count == 10)
    #expect(reason("night/empty.wav", "failed").contains("is empty"))
    #expect(reason("night/letter.wav", "failed").contains("not a recording of a known format"))
    #expect(!reason("night/header.wav", "failed").isEmpty)
    #expect(reason("night/badcar.wav", "failed").contains("rpm"))
    #expect(reason("night/c/settings.wav", "failed").contains("fault-diag.toml"))
    #expect(reason("night/notes.pdf", "skipped").contains("no recording"))
    #expect(reason("night/README.txt", "skipped").contains("without rows of numbers"))
    #expect(reason("night/a/loop", "skipped").contains("the same as night"))
    for path in ["night/a/fan.wav", "night/b/=pump\n\u{1B}[31m.wav"] {
      #expect((byPath[path]?["diagnosis"] as? [String: Any])?["state"] is String, "\(path)")
      #expect((byPath[path]?["action"] as? String)?.isEmpty == false)
    }
    // Names drive neither a terminal nor a spreadsheet.
    let table = String(decoding: try night.folder.bytes("out/report.csv"), as: UTF8.self)
    #expect(table.split(separator: "\n").count == 11)
    #expect(!table.contains("\u{1B}") && !outcome.output.contains("\u{1B}"))
    #expect(table.contains("\\u{a}\\u{1b}[31m.wav"))

    // The order is that of urgency, and nothing depends on the threads.
    let urgencies = rows.map { $0["urgency"] as? Int ?? -1 }
    #expect(urgencies == urgencies.sorted(by: >))
    let again = try night.report("--threads", "1", out: "again")
    #expect(again.exitCode == 1)
    #expect(try night.haveSameFiles("out", "again"))
  }

  @Test func theReportsOwnFolderIsNoInput() throws {
    let night = try ReportFolder()
    try night.add("none1", as: "a")
    for _ in 0..<2 {
      let outcome = try night.report(out: "night/reports")
      #expect(outcome.exitCode == 0, "\(outcome.messages)")
      #expect(try night.rows("night/reports").count == 1)
    }
  }

  @Test func machinesWithAKnownClassGetAZone() throws {
    let night = try ReportFolder()
    try night.add("none1", as: "a")
    let outcome = try night.report(
      "--unit", "g", "--machine-group", "2", "--mounting", "rigid", "--machine", "fan-7")
    let row = try #require(try night.rows().first)
    #expect(row["asset"] as? String == "fan-7")
    let severity = try #require(row["severity"] as? [String: Any], "\(outcome.messages)")
    #expect((severity["velocity"] as? Double ?? 0) > 0)
    #expect(["A", "B", "C", "D"].contains(severity["zone"] as? String))
    #expect(severity["limits"] as? [Double] == [1.4, 2.8, 4.5])
    _ = try night.report("--unit", "Pa", out: "sound")
    let sound = try #require(try night.rows("sound").first)
    #expect(sound["severity"] == nil)
    #expect((sound["severity_note"] as? String)?.contains("sound pressure") == true)
  }

  @Test func actionsAreTheUsers() throws {
    let night = try ReportFolder()
    try night.addBadCompany()
    let printed = try Program.run(["report", "--print-actions"], in: night.folder)
    #expect(printed.exitCode == 0)
    try night.folder.write(
      printed.output.replacing("within two days", with: "bis Freitag"), to: "actions.toml")
    _ = try night.report("--actions", "actions.toml")
    let failed = try night.rows().filter { $0["status"] as? String == "failed" }
    #expect(failed.count == 5 && failed.allSatisfy { $0["deadline"] as? String == "bis Freitag" })
    try night.folder.write("[outer]\nany = 3", to: "broken.toml")
    let broken = try night.report("--actions", "broken.toml", out: "none")
    #expect(broken.exitCode == 78 && broken.messages.contains("broken.toml"))
  }

  @Test func exitCodesSayWhatWasFound() throws {
    let night = try ReportFolder()
    try night.add("outer1", as: "a")
    // At one turn a minute no lines can be seen, which is worth a warning.
    let warned = try night.report("--rpm", "1", "--fail-on", "warning")
    #expect(warned.exitCode == 2, "\(warned.messages)")
    try night.folder.write("", to: "night/empty.wav")
    // What was asked for outweighs a recording that failed.
    #expect(try night.report("--rpm", "1", "--fail-on", "warning").exitCode == 2)
    #expect(try night.report().exitCode == 1)
    try night.folder.write("%PDF", to: "papers/notes.pdf")
    let papers = try Program.run(["report", "papers", "--out", "p"], in: night.folder)
    #expect(papers.exitCode == 66 && papers.messages.contains("no recordings in papers"))
    let missing = try Program.run(["report", "gone", "--out", "p"], in: night.folder)
    #expect(missing.exitCode == 1)
    #expect(try night.rows("p").first?["reason"] as? String == "no such file or folder")
    #expect(try Program.run(["report", "night"], in: night.folder).exitCode == 64)
  }

  @Test func monitoringGetsItsLines() throws {
    let night = try ReportFolder()
    try night.addBadCompany()
    let outcome = try night.report("--nagios", "--prometheus", "metrics.prom", "--quiet")
    let codes = ["OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3]
    let word = String(outcome.output.prefix { $0 != " " })
    #expect(outcome.exitCode == codes[word].map(Int32.init), "\(outcome.output)")
    #expect(outcome.output.contains(" | total=10;;;0 ") && outcome.output.contains("failed=5;0;;0"))
    #expect(outcome.output.split(separator: "\n").count == 1)
    let metrics = String(decoding: try night.folder.bytes("metrics.prom"), as: UTF8.self)
    #expect(metrics.contains("fault_diag_recordings{status=\"failed\"} 5\n"))
    for line in metrics.split(separator: "\n") where !line.hasPrefix("#") {
      // No timestamp: a name with labels, and a value.
      let end = line.lastIndex(of: "}") ?? line.startIndex
      #expect(line[end...].split(separator: " ").count == 2, "\(line)")
    }
    let broken = try Program.run(
      ["report", "night", "--out", "o", "--nagios", "--model", "gone.safetensors"], in: night.folder)
    #expect(broken.exitCode == 3 && broken.output.hasPrefix("UNKNOWN - "))
  }

  @Test func aFullDiskIsToldAndOldFilesStay() throws {
    let night = try ReportFolder()
    try night.add("none1", as: "a")
    #expect(try night.report().exitCode == 0)
    let before = try night.folder.bytes("out/report.json")
    // A device that is always full stands for a full disk: first for the rows, then for a final file.
    let manager = FileManager.default
    try manager.removeItem(atPath: night.folder.path + "/out/rows.jsonl")
    try manager.createSymbolicLink(
      atPath: night.folder.path + "/out/rows.jsonl", withDestinationPath: "/dev/full")
    let rows = try night.report()
    #expect(rows.exitCode == 73 && rows.messages.contains("No space left on device"), "\(rows.messages)")
    #expect(try night.folder.bytes("out/report.json") == before)
    try night.folder.makeFolder("full")
    try manager.createSymbolicLink(
      atPath: night.folder.path + "/full/report.csv", withDestinationPath: "/dev/full")
    let table = try night.report(out: "full")
    #expect(table.exitCode == 73 && table.messages.contains("No space left on device"), "\(table.messages)")
    let nowhere = try night.report(out: "night/a.wav")
    #expect(nowhere.exitCode == 73, "\(nowhere.messages)")
  }
}
