import Foundation
import Support
import TestSupport
import Testing

/// Every command on recordings it is meant for.
@Suite struct CommandTests {
  @Test func simulateWritesARecordingAndItsTruth() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      ["simulate", "--fault", "inner", "--seconds", "1", "--rpm", "1500", "--out", "a.wav"], in: folder)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == "")
    #expect(outcome.messages.contains("wrote a.wav"))
    let truth = try object(String(decoding: folder.bytes("a.wav.json"), as: UTF8.self))
    #expect(truth["label"] as? String == "inner")
    #expect(try folder.bytes("a.wav").count == 44 + 2 * 12_000)
  }

  @Test func inspectShowsFormatMetadataAndStatistics() throws {
    let outcome = try Program.run(["inspect", "rec/outer1.wav"], in: Workshop.folder)
    #expect(outcome.exitCode == 0)
    #expect(outcome.messages == "")
    for piece in [
      "WAV, 16-bit PCM", "4 s, 48000 samples", "bearing 6205 (side-car", "kurtosis", "nothing found",
    ] {
      #expect(outcome.output.contains(piece), "\(piece) is missing in:\n\(outcome.output)")
    }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func inspectOfSeveralIsAnArrayInJSON() throws {
    let outcome = try Program.run(
      ["inspect", "--json", "rec/outer1.wav", "rec/none1.wav"], in: Workshop.folder)
    #expect(outcome.exitCode == 0)
    let found = try objects(outcome.output)
    #expect(found.map { $0["path"] as? String } == ["rec/outer1.wav", "rec/none1.wav"])
    let channel = try #require((found[0]["channels"] as? [[String: Any]])?.first)
    let statistics = try #require(channel["statistics"] as? [String: Any])
    #expect(statistics["peak"] as? Double == 0.5)
    #expect(found[0]["schema_version"] as? Int == 1)
  }

  @Test func inspectReadsStandardInput() throws {
    let outcome = try Program.run(
      ["inspect", "--json", "-"], in: Workshop.folder, input: Workshop.path("rec/outer1.wav"))
    #expect(outcome.exitCode == 0)
    #expect(try object(outcome.output)["frames"] as? Int == 48_000)
  }

  @Test func bearingsListsOrders() throws {
    let outcome = try Program.run(["bearings", "6205"], in: Workshop.folder)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("3.5848"))
  }

  @Test func pretrainReportsAndLogs() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      ["pretrain", Workshop.path("rec"), "--out", "m.safetensors", "--json"] + Workshop.shortPlan
        + ["--log", "log.jsonl", "--tensorboard", "board"], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    let report = try object(outcome.output)
    #expect(report["step"] as? Int == 6)
    #expect(report["recordings"] as? Int == 6)
    #expect((report["accuracy_by_step"] as? [Double])?.count == 6)
    #expect(outcome.messages.contains("found 6 recordings"))
    #expect(outcome.messages.contains("12000 Hz"))
    let lines = String(decoding: try folder.bytes("log.jsonl"), as: UTF8.self).split(separator: "\n")
    let steps = try lines.map { try object(String($0)) }.filter { $0["event"] as? String == "step" }
    #expect(steps.map { $0["step"] as? Int } == [1, 2, 3, 4, 5, 6])
    for step in steps {
      let loss = try #require(step["loss"] as? Double)
      #expect(step["terms"] as? [String: Double] == ["infonce": loss])
      #expect(step["learning_rate"] is Double && step["accuracy"] is Double)
    }
    let statistics = try lines.map { try object(String($0)) }.filter {
      $0["event"] as? String == "statistics"
    }
    #expect(!statistics.isEmpty)
    for key in ["alignment", "uniformity", "effective_rank"] {
      #expect(statistics.allSatisfy { $0[key] is Double }, "\(key)")
    }
    let events = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/board")
    #expect(events.count == 1)
    let board = String(decoding: try folder.bytes("board/" + events[0]), as: Unicode.ASCII.self)
    for tag in [
      "loss", "loss/infonce", "learning_rate", "accuracy", "accuracy/6_ahead", "representation/alignment",
      "representation/uniformity", "representation/effective_rank",
    ] { #expect(board.contains(tag), "\(tag)") }
  }

  @Test func diagnoseGivesAStateWithReasons() throws {
    let outcome = try Program.run(
      ["diagnose", "rec/outer1.wav", "--model", "diag.safetensors"], in: Workshop.folder)
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    for piece in ["Nearest", "Evidence", "Windows", "side-car"] {
      #expect(outcome.output.contains(piece), "\(piece) is missing in:\n\(outcome.output)")
    }
    #expect(!outcome.output.contains("\u{1B}"))
  }

  @Test func diagnoseInJSONIsTheSameEveryTime() throws {
    let arguments = ["diagnose", "rec/inner2.wav", "--model", "diag.safetensors", "--json"]
    let first = try Program.run(arguments + ["--threads", "1"], in: Workshop.folder)
    let second = try Program.run(arguments + ["--threads", "2"], in: Workshop.folder)
    #expect(first.exitCode == 0)
    #expect(first.output == second.output)
    let diagnosis = try object(first.output)
    #expect(diagnosis["schema_version"] as? Int == 1)
    #expect(["inner", "normal", "outer"].contains(diagnosis["state"] as? String))
    let hash = (diagnosis["model"] as? [String: Any])?["hash"] as? String
    #expect(hash == ContentHash.sha256([UInt8](try Workshop.folder.bytes("diag.safetensors"))))
  }

  @Test func diagnoseFailsOnWhatIsAskedFor() throws {
    let arguments = ["diagnose", "rec/outer1.wav", "--model", "diag.safetensors", "--json"]
    let state = try object(try Program.run(arguments, in: Workshop.folder).output)["state"] as? String
    let alarm = try Program.run(arguments + ["--fail-on", "alarm"], in: Workshop.folder)
    #expect(alarm.exitCode == (state == "normal" ? 0 : 2))
    // At one turn a minute a few seconds cannot show the bearing's lines, which is always worth a warning.
    let warning = try Program.run(arguments + ["--rpm", "1", "--fail-on", "warning"], in: Workshop.folder)
    #expect(warning.exitCode == 2)
  }

  @Test func evaluateHoldsOutWholeBearings() throws {
    let outcome = try Program.run(
      ["evaluate", "rec", "--model", "model.safetensors", "--by", "bearing", "--folds", "2", "--json"],
      in: Workshop.folder)
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    let evaluation = try object(outcome.output)
    let outcomes = try #require(evaluation["outcomes"] as? [[String: Any]])
    #expect(outcomes.count == 6)
    let folds = Dictionary(grouping: outcomes) { $0["group"] as? String }
    #expect(folds.values.allSatisfy { Set($0.map { $0["fold"] as? Int }).count == 1 })
  }

  @Test func embedWritesArraysAndTables() throws {
    let folder = try TemporaryFolder()
    let model = ["--model", Workshop.path("model.safetensors")]
    let archive = try Program.run(["embed", Workshop.path("rec"), "--out", "v.npz"] + model, in: folder)
    #expect(archive.exitCode == 0, "\(archive.messages)")
    #expect(try folder.bytes("v.npz").prefix(4) == [0x50, 0x4B, 3, 4])
    // The representation inside a diagnostic model is the same one.
    let table = try Program.run(
      [
        "embed", Workshop.path("rec"), "--out", "v.csv", "--windows", "--model",
        Workshop.path("diag.safetensors"),
      ],
      in: folder)
    #expect(table.exitCode == 0, "\(table.messages)")
    let lines = String(decoding: try folder.bytes("v.csv"), as: UTF8.self).split(separator: "\n")
    let windows = 8
    #expect(lines.count == 1 + 6 * windows)
    #expect(lines[0].hasPrefix("recording,label,bearing_id,machine,start,windows,e0,e1,"))
    #expect(lines[1].contains("inner1.wav,inner,inner1,"))
  }

  @Test func fitReadsLabelsFromFoldersAndTables() throws {
    let folder = try TemporaryFolder()
    for state in ["good", "bad"] {
      try folder.makeFolder("rec/\(state)")
      let source = state == "good" ? "none1" : "outer1"
      try folder.write(Workshop.folder.bytes("rec/\(source).wav"), to: "rec/\(state)/a.wav")
    }
    let fit = [
      "fit", "rec", "--model", Workshop.path("model.safetensors"), "--out", "d.safetensors", "--json",
    ]
    let folders = try Program.run(fit + ["--no-estimate"], in: folder)
    #expect(folders.exitCode == 0, "\(folders.messages)")
    #expect(folders.messages.contains("labels: 2 from the names of folders"))
    let names = try #require(try object(folders.output)["states"] as? [[String: Any]]).map {
      $0["name"] as? String
    }
    #expect(names == ["bad", "good"])

    try folder.write("file,label,bearing_id\ngood/a.wav,fine,b1\nbad/a.wav,worn,b2\n", to: "rec/labels.csv")
    let table = try Program.run(fit + ["--no-estimate"], in: folder)
    #expect(table.exitCode == 0, "\(table.messages)")
    #expect(table.messages.contains("labels: 2 from rec/labels.csv"))
  }

  @Test func quietSaysNothingButTheResult() throws {
    let outcome = try Program.run(
      ["embed", "rec", "--model", "model.safetensors", "--out", "gone/v.csv", "--quiet"],
      in: Workshop.folder)
    #expect(outcome.exitCode == 73)
    let quiet = try Program.run(
      ["evaluate", "rec", "--model", "model.safetensors", "--folds", "2", "--quiet"], in: Workshop.folder)
    #expect(quiet.exitCode == 0)
    #expect(quiet.messages == "")
    #expect(quiet.output.contains("balanced accuracy"))
  }
}
