import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Small versions of what `fault-diag-bench reliability` does at length.
@Suite struct EnduranceTests {
  @Test func aKilledTrainingGoesOnToTheSameBytes() throws {
    let (folder, plan) = try Program.caughtInItsMiddle { times -> (TemporaryFolder, [String])? in
      let folder = try TemporaryFolder()
      let plan =
        ["pretrain", Workshop.path("rec"), "--steps", "\(60 * times)", "--batch", "4", "--threads", "2"]
        + ["--overlap", "0", "--checkpoint-every", "5"]
      let running = try Program.Running(plan + ["--out", "part.safetensors"], in: folder)
      while running.isRunning, !folder.has("part.safetensors") { usleep(500) }
      running.kill()
      let killed = try running.wait()
      if killed.exitCode == 0 { return nil }
      #expect(killed.exitCode == 128 + 9, "\(killed.messages)")
      return (folder, plan)
    }
    // As if it had been killed while it wrote.
    try folder.write("half", to: ".part.safetensors.1.0.partial")
    let resumed = try Program.run(plan + ["--out", "part.safetensors", "--resume"], in: folder)
    #expect(resumed.exitCode == 0, "\(resumed.messages)")
    let whole = try Program.run(plan + ["--out", "whole.safetensors"], in: folder)
    #expect(whole.exitCode == 0, "\(whole.messages)")
    #expect(try folder.bytes("part.safetensors") == folder.bytes("whole.safetensors"))
    #expect(!folder.has(".part.safetensors.1.0.partial"))
  }

  @Test func aSecondReportIntoOneFolderIsRefused() throws {
    let (night, second) = try Program.caughtInItsMiddle { times -> (ReportFolder, Program.Outcome)? in
      let night = try ReportFolder()
      try night.addMany(10 * times)
      let first = try Program.Running(night.command([], out: "out"), in: night.folder)
      while first.isRunning, night.lineCount("out/rows.jsonl") < 2 { usleep(500) }
      let second = try night.report(out: "out")
      let ended = try first.wait()
      #expect(ended.exitCode == 0, "\(ended.messages)")
      #expect(try night.rows().count == 10 * times)
      // Where the first had ended there was nothing to refuse.
      return second.exitCode == 0 ? nil : (night, second)
    }
    #expect(second.exitCode == 73 && second.messages.contains("another run that writes there"))
    #expect(night.folder.has("out/report.html"))
  }

  @Test func pipesAndDevicesHoldNothingUp() throws {
    let night = try ReportFolder()
    try night.add("none1", as: "a")
    #expect(mkfifo(night.folder.path + "/night/pipe.wav", 0o600) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: night.folder.path + "/night/zero.wav", withDestinationPath: "/dev/zero")
    let outcome = try night.report()
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    let reasons = try night.rows().filter { $0["status"] as? String == "skipped" }.compactMap {
      $0["reason"] as? String
    }
    #expect(reasons.count == 2 && reasons.allSatisfy { $0 == "a device, socket or pipe" }, "\(reasons)")
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
    arguments: [
      ["plot", "rec/none1.wav", "--out", "full.svg"],
      ["embed", "rec", "--model", "model.safetensors", "--out", "full.npz"],
      ["fit", "rec", "--model", "model.safetensors", "--no-estimate", "--out", "full"],
      ["cluster", "rec", "--model", "model.safetensors", "--clusters", "2", "--out", "full.csv"],
    ])
  func aFullDiskIsTold(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    for name in ["rec", "model.safetensors"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/" + name, withDestinationPath: Workshop.path(name))
    }
    for name in ["full", "full.svg", "full.npz", "full.csv"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/" + name, withDestinationPath: "/dev/full")
    }
    let outcome = try Program.run(arguments, in: folder)
    #expect(outcome.exitCode == 73 && outcome.messages.contains("No space left"), "\(outcome.messages)")
  }

  /// Fewer recordings than a healthy state is made of are cut into pieces.
  @Test func aHealthyStateOfTwoRecordings() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      ["baseline", Workshop.path("rec"), "--steps", "4", "--out", "healthy.safetensors"], in: folder)
    // It may be too little to learn from; it must not end the program.
    #expect([0, 65].contains(outcome.exitCode), "\(outcome.exitCode): \(outcome.messages)")
  }
}
