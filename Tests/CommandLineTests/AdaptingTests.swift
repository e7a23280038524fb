import Foundation
import Support
import TestSupport
import Testing

/// `fit` and `evaluate` without a pretrained representation. A small aligned model stands for the default one, which a
/// debug build would adapt for minutes.
@Suite struct AdaptingTests {
  private let folder: TemporaryFolder

  /// `rec` holds one bearing of each of two states, `all` two of each; `small.safetensors` is one hardly trained network.
  init() throws {
    folder = try TemporaryFolder()
    for (place, names) in [("rec", ["none1", "outer1"]), ("all", ["none1", "none2", "outer1", "outer2"])] {
      for name in names {
        for ending in ["wav", "wav.json"] {
          try folder.write(Workshop.folder.bytes("rec/\(name).\(ending)"), to: "\(place)/\(name).\(ending)")
        }
      }
    }
    var plan = try object(try run("default-model", "--print-plan").output)
    for (key, value) in [("simulations", 16), ("calibration_simulations", 16), ("members", 1), ("epochs", 1)]
    {
      #expect(plan[key] != nil)
      plan[key] = value
    }
    try folder.write(Array(JSONSerialization.data(withJSONObject: plan)), to: "plan.json")
    let made = try run("default-model", "--plan", "plan.json", "--out", "small.safetensors")
    #expect(made.exitCode == 0, "\(made.messages)")
  }

  private func run(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(arguments, in: folder)
  }

  @Test func oneRecordingAStateAdaptsAModel() throws {
    let fitted = try run("fit", "rec", "--from", "small.safetensors", "--out", "fans.safetensors")
    #expect(fitted.exitCode == 0, "\(fitted.messages)")
    #expect(fitted.output.contains("small.safetensors, moved "))
    #expect(fitted.messages.contains("no estimate: cannot hold anything out"))
    let diagnosis = try object(
      try run("diagnose", "rec/outer1.wav", "--model", "fans.safetensors", "--json").output)
    let model = diagnosis["model"] as? [String: Any]
    #expect(model?["name"] as? String == "fans")
    #expect(model?["hash"] as? String == ContentHash.sha256([UInt8](try folder.bytes("fans.safetensors"))))
    // What was fitted can be fitted again, and is no pretrained representation.
    let again = try run(
      "fit", "rec", "--from", "fans.safetensors", "--out", "b.safetensors", "--no-estimate", "--json")
    #expect(again.exitCode == 0, "\(again.messages)")
    #expect(try object(again.output)["start"] as? String == "fans.safetensors")
    let wrong = try run("fit", "rec", "--model", "b.safetensors", "--out", "c.safetensors")
    #expect(wrong.exitCode == 78 && wrong.messages.contains("goes with --from"), "\(wrong.messages)")
  }

  @Test func evaluationStandsBesideTheUntouchedModel() throws {
    let outcome = try run("evaluate", "all", "--from", "small.safetensors", "--folds", "2", "--json")
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    let evaluation = try object(outcome.output)
    for side in ["adapted", "untouched"] {
      let figures = try #require(evaluation[side] as? [String: Any])
      #expect((figures["outcomes"] as? [Any])?.count == 4)
    }
    #expect((evaluation["strengths"] as? [Double])?.count == 2)
  }
}
