import Foundation
import TestSupport
import Testing

/// What was computed stays, however a run ends.
@Suite struct ReportResumeTests {
  private static let count = 14

  /// Starts a run and waits until it has written some rows.
  private func started(_ night: ReportFolder, out: String) throws -> Program.Running {
    let running = try Program.Running(night.command(["--threads", "2"], out: out), in: night.folder)
    while running.isRunning, night.lineCount("\(out)/rows.jsonl") < 4 {
      // Not Task.sleep: the other tests hold all threads of the pool while their runs last.
      usleep(2000)
    }
    return running
  }

  @Test func killedAndRunAgainGivesTheSameBytes() throws {
    let night = try ReportFolder()
    try night.addMany(Self.count)
    #expect(try night.report(out: "whole").exitCode == 0)
    let running = try started(night, out: "part")
    running.kill()
    let killed = try running.wait()
    try #require(killed.exitCode == 128 + 9, "the run was not killed in time: \(killed.messages)")
    #expect(!night.folder.has("part/report.json"))
    // As a crash of the machine may leave it.
    let torn = try night.folder.bytes("part/rows.jsonl") + Array("{\"path\": \"night/r1".utf8)
    try night.folder.write(torn, to: "part/rows.jsonl")
    let again = try night.report("--skip-done", out: "part")
    #expect(again.exitCode == 0, "\(again.messages)")
    #expect(again.messages.contains("of an earlier run"))
    #expect(try night.haveSameFiles("whole", "part"))
  }

  @Test func interruptedKeepsItsRows() throws {
    let night = try ReportFolder()
    try night.addMany(Self.count)
    let running = try started(night, out: "part")
    running.interrupt()
    let stopped = try running.wait()
    try #require(stopped.exitCode == 130, "the run was not stopped in time: \(stopped.messages)")
    #expect(stopped.messages.contains("--skip-done"))
    #expect(!night.folder.has("part/report.json"))
    #expect(night.lineCount("part/rows.jsonl") >= 4)
    #expect(try night.report("--skip-done", out: "part").exitCode == 0)
    #expect(try night.report(out: "whole").exitCode == 0)
    #expect(try night.haveSameFiles("whole", "part"))
  }

  @Test func doneIsWhatHasTheSameBytesSettingsAndModel() throws {
    let night = try ReportFolder()
    for name in ["a", "b", "c"] { try night.add("none1", as: name) }
    try night.folder.write("", to: "night/empty.wav")
    func kept(_ arguments: String...) throws -> String {
      let outcome = try Program.run(night.command(["--skip-done"] + arguments, out: "out"), in: night.folder)
      #expect(outcome.exitCode == 1, "\(outcome.messages)")
      let line = outcome.messages.split(separator: "\n").first { $0.contains("earlier run") }
      return line.map(String.init) ?? "nothing"
    }
    #expect(try kept() == "nothing")
    // Failures are tried again: what made them may be gone.
    #expect(try kept() == "kept 3 rows of an earlier run")
    try night.folder.write(Workshop.folder.bytes("rec/outer1.wav"), to: "night/a.wav")
    #expect(try kept() == "kept 2 rows of an earlier run")
    try night.folder.write("{\"rpm\": 1500, \"bearing\": \"6205\"}", to: "night/b.wav.json")
    #expect(try kept() == "kept 2 rows of an earlier run")
    #expect(try kept("--coverage", "80%") == "nothing")
    #expect(try kept("--coverage", "80%") == "kept 3 rows of an earlier run")
    // Only current rows stay in the file: a header and four.
    #expect(night.lineCount("out/rows.jsonl") == 5)
  }

  @Test func shardsJoinToOneRun() throws {
    let night = try ReportFolder()
    try night.addBadCompany()
    try night.add("inner1", as: "d")
    #expect(try night.report(out: "whole").exitCode == 1)
    _ = try night.report("--shard", "1/3", out: "parts")
    _ = try night.report("--shard", "3/3", out: "parts")
    let missing = try Program.run(["merge", "parts"], in: night.folder)
    #expect(
      missing.exitCode == 65 && missing.messages.contains("2 of 3 shards, without 2"), "\(missing.messages)")
    #expect(!night.folder.has("parts/report.json"))
    // The task of an array job that counts from 10.
    let task = try Program.run(
      night.command([], out: "parts"), in: night.folder,
      environment: [
        "SLURM_ARRAY_TASK_ID": "11", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "10",
      ])
    #expect(task.messages.contains("shard 2 of 3"))
    let merged = try Program.run(["merge", "parts"], in: night.folder)
    #expect(merged.exitCode == 1, "\(merged.messages)")
    #expect(try night.haveSameFiles("whole", "parts"))

    // A row that is there twice, another division, other options.
    let second = try night.folder.bytes("parts/rows-2-of-3.jsonl")
    let row = try #require(second.split(separator: UInt8(ascii: "\n")).last)
    try night.folder.write(second + row + [UInt8(ascii: "\n")], to: "parts/rows-2-of-3.jsonl")
    let twice = try Program.run(["merge", "parts"], in: night.folder)
    #expect(twice.exitCode == 65 && twice.messages.contains("in two rows"), "\(twice.messages)")
    _ = try night.report("--shard", "2/3", "--coverage", "80%", out: "parts")
    let others = try Program.run(["merge", "parts"], in: night.folder)
    #expect(others.exitCode == 65 && others.messages.contains("other options"), "\(others.messages)")
    _ = try night.report("--shard", "1/2", out: "parts")
    let mixed = try Program.run(["merge", "parts"], in: night.folder)
    #expect(mixed.exitCode == 65 && mixed.messages.contains("of 2 and of 3 parts"), "\(mixed.messages)")
    let wrong = try night.report("--shard", "4/3")
    #expect(wrong.exitCode == 64)
  }
}
