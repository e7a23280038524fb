import Foundation
import TestSupport
import Testing

/// Groups of recordings, from models of every kind.
@Suite struct ClusterTests {
  private static let size = [
    "--set", "projectorHidden=16", "--set", "projectorSize=8",
  ]

  /// A model trained in `folder` by an objective that learns groups, for more than one epoch.
  private static func pretrain(_ objective: String, settings: [String], in folder: TemporaryFolder) throws {
    let outcome = try Program.run(
      ["pretrain", Workshop.path("rec"), "--out", "\(objective).safetensors", "--objective", objective]
        + ["--steps", "20", "--batch", "4", "--threads", "2", "--overlap", "0"] + size
        + settings.flatMap { ["--set", $0] }, in: folder)
    try #require(outcome.exitCode == 0, "\(outcome.messages)")
  }

  @Test(
    arguments: [
      (objective: "swav", settings: ["prototypes=3", "queue=0"], groups: 3),
      (objective: "pcl", settings: ["clusters=2,4", "queue=0"], groups: 2),
      (objective: "tcl", settings: ["clusters=3"], groups: 3),
    ]) func groupsThatTheModelLearnt(objective: String, settings: [String], groups: Int) throws
  {
    let folder = try TemporaryFolder()
    try Self.pretrain(objective, settings: settings, in: folder)
    let outcome = try Program.run(
      ["cluster", Workshop.path("rec"), "--model", "\(objective).safetensors", "--json", "--quiet"],
      in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    let report = try object(outcome.output)
    #expect(report["source"] as? String == "learnt" && report["objective"] as? String == objective)
    let found = try #require(report["groups"] as? [[String: Any]])
    #expect(found.count + (report["empty_groups"] as? Int ?? -1) == groups)
    #expect(found.reduce(0) { $0 + ($1["size"] as? Int ?? 0) } == 6)
    #expect((report["recordings"] as? [[String: Any]])?.count == 6)
    #expect((report["agreement"] as? [String: Any])?["count"] as? Int == 6)
    #expect(report["failed"] as? Int == 0)
  }

  @Test func kMeansForAnyModelWithATableOfTheGroups() throws {
    let folder = try TemporaryFolder()
    for model in ["model", "diag"] {
      let outcome = try Program.run(
        [
          "cluster", Workshop.path("rec"), "--model", Workshop.path("\(model).safetensors"), "--clusters",
          "3",
        ]
          + ["--out", "groups.csv"], in: folder)
      #expect(outcome.exitCode == 0, "\(outcome.messages)")
      #expect(outcome.output.contains("3 groups of 6 recordings, by k-means"))
      #expect(outcome.output.contains("agreement with the labels of 6 recordings: ACC "))
      let lines = String(decoding: try folder.bytes("groups.csv"), as: UTF8.self).split(
        whereSeparator: \.isNewline)
      #expect(lines.count == 7 && lines[0] == "recording,group,probability,distance,label")
    }
  }

  @Test func theSameSeedGivesTheSameGroups() throws {
    let folder = try TemporaryFolder()
    let runs = try ["1", "2"].map { threads in
      try Program.run(
        ["cluster", Workshop.path("rec"), "--model", Workshop.path("model.safetensors"), "--clusters", "2"]
          + ["--json", "--threads", threads], in: folder)
    }
    #expect(runs[0].exitCode == 0 && runs[0].output == runs[1].output)
  }

  @Test func aModelWithoutGroupsAsksForTheirNumber() throws {
    let outcome = try Program.run(["cluster", "rec", "--model", "model.safetensors"], in: Workshop.folder)
    #expect(outcome.exitCode == 64)
    #expect(outcome.messages.contains("trained by cpc, which learns no groups"))
    #expect(outcome.messages.contains("--clusters"))
  }

  @Test func mistakesAreTold() throws {
    let cases: [(arguments: [String], code: Int32, text: String)] = [
      (["rec", "--model", "gone.safetensors", "--clusters", "2"], 78, "gone.safetensors"),
      (["rec", "--model", "rec/none1.wav", "--clusters", "2"], 78, "none1.wav"),
      (["rec", "--model", "model.safetensors", "--clusters", "7"], 64, "6 recordings"),
      (["rec", "--model", "model.safetensors", "--clusters", "1"], 64, "--clusters 1: expected 2 to 65536"),
      (["rec", "--model", "model.safetensors", "--clusters", "2", "--out", "g.npz"], 64, ".csv"),
      (["gone", "--model", "model.safetensors", "--clusters", "2"], 66, "gone"),
    ]
    for item in cases {
      let outcome = try Program.run(["cluster"] + item.arguments, in: Workshop.folder)
      #expect(outcome.exitCode == item.code, "\(item.arguments): \(outcome.messages)")
      #expect(outcome.messages.contains(item.text), "\(outcome.messages)")
    }
  }
}
