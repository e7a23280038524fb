import Foundation
import TestSupport
import Testing

/// What a pretraining leaves behind, stopped or not.
@Suite struct TrainingTests {
  @Test func interruptedAndResumedGivesTheSameBytes() throws {
    typealias Stopped = (folder: TemporaryFolder, plan: [String], outcome: Program.Outcome)
    let recordings = Workshop.path("rec")
    let (folder, plan, stopped) = try Program.caughtInItsMiddle { times -> Stopped? in
      let folder = try TemporaryFolder()
      let plan = ["--steps", "\(400 * times)", "--batch", "4", "--threads", "2", "--overlap", "0"]
      let running = try Program.Running(
        ["pretrain", recordings, "--out", "part.safetensors", "--log", "log.jsonl"] + plan,
        in: folder)
      while running.isRunning, try !folder.has("log.jsonl") || folder.bytes("log.jsonl").count < 500 {
        // Not Task.sleep: the other tests hold all threads of the pool while their runs last.
        usleep(2000)
      }
      running.interrupt()
      let stopped = try running.wait()
      if stopped.exitCode == 0 { return nil }
      #expect(stopped.exitCode == 130, "\(stopped.messages)")
      return (folder, plan, stopped)
    }
    #expect(stopped.messages.contains("fault-diag pretrain \(recordings) --out part.safetensors --resume"))
    let unfinished = try folder.bytes("part.safetensors")

    let again = try Program.run(["pretrain", recordings, "--out", "part.safetensors"] + plan, in: folder)
    #expect(again.exitCode == 64)
    #expect(again.messages.contains("unfinished training"))

    let resumed = try Program.run(
      ["pretrain", recordings, "--out", "part.safetensors", "--resume"], in: folder)
    #expect(resumed.exitCode == 0, "\(resumed.messages)")
    let whole = try Program.run(
      ["pretrain", recordings, "--out", "whole.safetensors"] + plan, in: folder)
    #expect(whole.exitCode == 0, "\(whole.messages)")
    #expect(try folder.bytes("part.safetensors") == folder.bytes("whole.safetensors"))
    #expect(try unfinished != folder.bytes("whole.safetensors"))
  }

  @Test func sameSeedSameBytes() throws {
    let folder = try TemporaryFolder()
    for (name, seed) in [("a", "1"), ("b", "1"), ("c", "2")] {
      let outcome = try Program.run(
        ["pretrain", Workshop.path("rec"), "--out", "\(name).safetensors", "--seed", seed]
          + Workshop.shortPlan,
        in: folder)
      #expect(outcome.exitCode == 0, "\(outcome.messages)")
    }
    #expect(try folder.bytes("a.safetensors") == folder.bytes("b.safetensors"))
    #expect(try folder.bytes("a.safetensors") != folder.bytes("c.safetensors"))
  }

  @Test func pretrainingSaysWhatItStartsFrom() throws {
    let folder = try TemporaryFolder()
    func pretrain(_ more: String...) throws -> Program.Outcome {
      try Program.run(
        ["pretrain", Workshop.path("rec"), "--out", "m.safetensors", "--overwrite"] + Workshop.shortPlan
          + more,
        in: folder)
    }
    let inside = try pretrain()
    #expect(inside.exitCode == 0, "\(inside.messages)")
    #expect(inside.messages.contains("starting from the embedded representation"))
    let bytes = try folder.bytes("m.safetensors")
    #expect(try pretrain("--from", "scratch").exitCode == 0)
    #expect(try folder.bytes("m.safetensors") != bytes)
    let narrow = try pretrain("--context", "8")
    #expect(narrow.exitCode == 0)
    #expect(
      narrow.messages.contains("random weights: the representation inside the program has other shapes"))
    // The narrow one can start its like, and nothing else.
    try folder.write(folder.bytes("m.safetensors"), to: "narrow.safetensors")
    let like = try pretrain("--context", "8", "--from", "narrow.safetensors")
    #expect(like.exitCode == 0 && like.messages.contains("starting from narrow.safetensors"))
    let unlike = try pretrain("--from", "narrow.safetensors")
    #expect(unlike.exitCode == 64 && unlike.messages.contains("cannot start from narrow.safetensors"))
  }

  /// On spectra and on samples, two windows a step, to the same bytes each time.
  @Test(arguments: ["spectral", "raw"]) func residualEncodersLearnFromBothKindsOfFeatures(kind: String) throws
  {
    let folder = try TemporaryFolder()
    let options = ["--encoder", "resnet18", "--encoder-setting", "width=4", "--features", kind, "--json"]
    let numbers = ["--steps", "2", "--batch", "2", "--threads", "2", "--overlap", "0"]
    let runs = try ["a", "b"].map { name in
      try Program.run(
        ["pretrain", Workshop.path("rec"), "--out", name + ".safetensors"] + options + numbers, in: folder)
    }
    #expect(runs[0].exitCode == 0, "\(runs[0].messages)")
    #expect(try object(runs[0].output)["step"] as? Int == 2)
    #expect(try folder.bytes("a.safetensors") == folder.bytes("b.safetensors"))
    let other = try Program.run(
      ["pretrain", Workshop.path("rec"), "--out", "a.safetensors", "--resume", "--features"]
        + [kind == "raw" ? "spectral" : "raw"], in: folder)
    #expect(other.exitCode == 64 && other.messages.contains("--features"))
  }

  @Test func optionsThatContradictTheCheckpointAreRefused() throws {
    let outcome = try Program.run(
      ["pretrain", "rec", "--out", "model.safetensors", "--resume", "--steps", "7"], in: Workshop.folder)
    #expect(outcome.exitCode == 64)
    #expect(outcome.messages.contains("--steps 7 contradicts the checkpoint model.safetensors: expected 6"))
  }

  @Test func divergenceIsToldAndNotSaved() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      ["pretrain", Workshop.path("rec"), "--out", "m.safetensors", "--learning-rate", "1e30"]
        + Workshop.shortPlan,
      in: folder)
    #expect(outcome.exitCode == 70, "\(outcome.messages)")
    #expect(outcome.messages.contains("is not finite at step"))
    #expect(!folder.has("m.safetensors"))
  }
}
