import Foundation
import TestSupport
import Testing

/// What was computed stays, however a run ends.
@Suite struct ReportResumeTests {
  /// A night whose report into `part` is ended once it has written some rows, and how it ended.
  private func ended(
    by end: (Program.Running) -> Void, exitCode: Int32
  ) throws -> (night: ReportFolder, outcome: Program.Outcome) {
    try Program.caughtInItsMiddle { times in
      let night = try ReportFolder()
      try night.addMany(14 * times)
      let running = try Program.Running(night.command(["--threads", "2"], out: "part"), in: night.folder)
      while running.isRunning, night.lineCount("part/rows.jsonl") < 4 {
        // Not Task.sleep: the other tests hold all threads of the pool while their runs last.
        usleep(2000)
      }
      end(running)
      let outcome = try running.wait()
      if outcome.exitCode == 0 { return nil }
      #expect(outcome.exitCode == exitCode, "\(outcome.messages)")
      return (night, outcome)
    }
  }

  @Test func killedAndRunAgainGivesTheSameBytes() throws {
    let night = try ended(by: { $0.kill() }, exitCode: 128 + 9).night
    #expect(!night.folder.has("part/report.json"))
    // As a crash of the machine may leave it.
    let torn = try night.folder.bytes("part/rows.jsonl") + Array("{\"path\": \"night/r1".utf8)
    try night.folder.write(torn, to: "part/rows.jsonl")
    let again = try night.report("--skip-done", out: "part")
    #expect(again.exitCode == 0, "\(again.messages)")
    #expect(again.messages.contains("of an earlier run"))
    #expect(try night.report(out: "whole").exitCode == 0)
    #expect(try night.haveSameFiles("whole", "part"))
  }

  @Test func interruptedKeepsItsRows() throws {
    let (night, stopped) = try ended(by: { $0.interrupt() }, exitCode: 130)
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
