import Foundation
import TestSupport
import Testing

/// `objectives`, and a pretraining by one that is not the default.
@Suite struct ObjectivesTests {
  static let demonstration = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("data").path

  @Test func everyObjectiveIsListedWithItsSettings() throws {
    let folder = try TemporaryFolder()
    let text = try Program.run(["objectives"], in: folder)
    #expect(
      text.exitCode == 0 && text.output.contains("supcon: ") && text.output.contains("temperature=0.07"))
    let list = try objects(try Program.run(["objectives", "--json"], in: folder).output)
    let names = list.compactMap { $0["name"] as? String }
    #expect(
      Set(["cpc", "nce", "simclr", "supcon", "supce", "siamese", "triplet", "barlow"]).isSubset(of: names))
    for entry in list {
      #expect((entry["citation"] as? String)?.isEmpty == false)
      let needs = try #require(entry["needs"] as? [String: Any])
      #expect((needs["steps"] as? Int ?? 0) >= 1 && needs["labels"] is Bool)
      let settings = try #require(entry["settings"] as? [[String: Any]])
      #expect(settings.allSatisfy { $0["default"] is String && $0["accepts"] is String })
    }
    #expect(try Program.run(["objectives", "none-such"], in: folder).exitCode == 64)
  }

  /// On the recordings that come with the program, with labels from their side-cars or folders, and on to what uses
  /// the model.
  @Test func aModelPretrainedByLabelsServesLikeAnyOther() throws {
    let folder = try TemporaryFolder()
    let pretrained = try Program.run(
      ["pretrain", Self.demonstration, "--objective", "supcon", "--set", "temperature=0.1"]
        + [
          "--set", "projectorSize=16", "--out", "m.safetensors", "--steps", "3", "--batch", "8", "--overlap",
          "0",
        ],
      in: folder)
    #expect(pretrained.exitCode == 0, "\(pretrained.messages)")
    #expect(pretrained.messages.contains("labels: "))
    #expect(pretrained.output.contains("right among the windows of a batch: "))
    let recording = Workshop.path("rec/outer1.wav")
    let embedded = try Program.run(
      ["embed", recording, "--model", "m.safetensors", "--out", "e.npz"], in: folder)
    #expect(embedded.exitCode == 0, "\(embedded.messages)")
    let fitted = try Program.run(
      ["fit", Workshop.path("rec"), "--model", "m.safetensors", "--out", "d.safetensors", "--no-estimate"],
      in: folder)
    #expect(fitted.exitCode == 0, "\(fitted.messages)")
    let diagnosed = try Program.run(["diagnose", recording, "--model", "d.safetensors"], in: folder)
    #expect(diagnosed.exitCode == 0, "\(diagnosed.messages)")
  }

  @Test func anObjectiveWithoutItsLabelsSaysWhatToDo() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      Array(FileManager.default.contents(atPath: Workshop.path("rec/outer1.wav")) ?? Data()), to: "a.wav")
    let outcome = try Program.run(
      ["pretrain", "a.wav", "--objective", "supcon", "--out", "m.safetensors", "--labels-from", "sidecars"],
      in: folder)
    #expect(outcome.exitCode == 65, "\(outcome.messages)")
    #expect(outcome.messages.contains("the objective supcon learns from labels: found none"))
  }

  @Test func settingsThatDoNotFitAreRefused() throws {
    let folder = try TemporaryFolder()
    for (setting, message) in [
      ("temperature=0", "a number from 0.001"), ("tau=1", "has no setting 'tau'"),
      ("mining=best", "has no setting 'mining'"),
    ] {
      let outcome = try Program.run(
        [
          "pretrain", Workshop.path("rec"), "--objective", "simclr", "--set", setting, "--out",
          "m.safetensors",
        ],
        in: folder)
      #expect(outcome.exitCode == 64 && outcome.messages.contains(message), "\(outcome.messages)")
    }
  }
}
