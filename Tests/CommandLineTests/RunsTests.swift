import Foundation
import TestSupport
import Testing

/// The command `runs`.
@Suite struct RunsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func runs(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["runs"] + arguments, in: folder)
  }

  /// A log as pretrain writes it.
  private func log(_ steps: ClosedRange<Int>, loss: Double) -> String {
    steps.map { step in
      #"{"accuracy":0.5,"event":"step","learning_rate":0.001,"loss":\#(loss / Double(step)),"step":\#(step),"terms":{"a":1,"b":2}}"#
        + "\n" + #"{"alignment":0.4,"effective_rank":9,"event":"statistics","step":\#(step),"uniformity":-2}"#
        + "\n"
    }.joined()
  }

  @Test func aTrainingIsDrawnFromItsLog() throws {
    let trained = try Program.run(
      ["pretrain", Workshop.path("rec"), "--out", "m.safetensors", "--log", "logs/one.jsonl"]
        + Workshop.shortPlan, in: try Self.with("logs", in: folder))
    #expect(trained.exitCode == 0, "\(trained.messages)")
    let outcome = try runs("logs", "--out", "one.html", "--json")
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    let page = String(decoding: try folder.bytes("one.html"), as: UTF8.self)
    for piece in ["Loss", "Learning rate", "Accuracy", "Alignment", "Uniformity", "Effective rank"] {
      #expect(page.contains("<title>\(piece)"), "\(piece)")
    }
    #expect(!page.contains("<script") && page.contains("prefers-color-scheme: dark"))
    let summary = try #require(try object(outcome.output)["runs"] as? [[String: Any]])
    #expect(summary.count == 1 && summary[0]["steps"] as? Int == 6)
  }

  private static func with(_ name: String, in folder: TemporaryFolder) throws -> TemporaryFolder {
    try folder.makeFolder(name)
    return folder
  }

  @Test func runsAreOverlaidAndToldApart() throws {
    try folder.write(log(1...9, loss: 3), to: "logs/slow/train.jsonl")
    try folder.write(log(1...9, loss: 2), to: "logs/fast & loose/train.jsonl")
    for format in ["html", "svg"] {
      let outcome = try runs("logs", "--out", "both." + format)
      #expect(outcome.exitCode == 0, "\(outcome.messages)")
      let page = String(decoding: try folder.bytes("both." + format), as: UTF8.self)
      // The common folder and the common name tell nothing.
      for piece in [">slow<", ">fast &amp; loose<", "Loss: a", "Loss: b", "line c0", "line c1"] {
        #expect(page.contains(piece), "\(format): \(piece)")
      }
    }
  }

  @Test func brokenLinesAreSkippedAndTold() throws {
    let whole = log(1...3, loss: 1)
    let hurt =
      whole + "{\"event\":\"step\",\"step\":4,\"lo\nnot json\n\n" + log(5...5, loss: 1)
      + #"{"event":"step","step":6,"loss":"nan"}"# + "\n{\"event\":\"step\",\"st"
    try folder.write(hurt, to: "hurt.jsonl")
    try folder.write("nothing here\n", to: "odd.jsonl")
    let outcome = try runs("hurt.jsonl", "odd.jsonl", "--out", "p.html", "--json")
    #expect(outcome.exitCode == 0)
    #expect(outcome.messages.contains("hurt.jsonl: 3 lines skipped"))
    #expect(outcome.messages.contains("odd.jsonl left out"))
    let summary = try #require(try object(outcome.output)["runs"] as? [[String: Any]])
    #expect(summary.count == 1 && summary[0]["steps"] as? Int == 6 && summary[0]["loss"] == nil)
  }

  /// Numbers that JSON can hold and no axis: their differences are infinite, or have no power of ten.
  @Test(arguments: [["1e308", "-1e308"], ["5e-324", "1e-323"], ["\"inf\"", "\"-inf\""], ["1e307", "1"]])
  func extremeValuesAreDrawnOrLeftOut(_ losses: [String]) throws {
    let lines = losses.enumerated().map { #"{"event":"step","step":\#($0 * Int.max),"loss":\#($1)}"# }
    try folder.write(lines.joined(separator: "\n") + "\n", to: "odd.jsonl")
    let outcome = try runs("odd.jsonl", "--out", "p.svg")
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
  }

  @Test func mistakesAreNamed() throws {
    try folder.write("", to: "empty/note.txt")
    for (arguments, code, piece) in [
      (["nowhere"], 66, "cannot open nowhere"), (["empty"], 66, "no training logs in empty"),
      (["empty", "--out", "p.pdf"], 64, ".html or .svg"),
    ] as [([String], Int32, String)] {
      let outcome = try Program.run(["runs"] + arguments, in: folder)
      #expect(outcome.exitCode == code && outcome.messages.contains(piece), "\(outcome.messages)")
    }
    try folder.write(log(1...2, loss: 1), to: "a.jsonl")
    #expect(try runs("a.jsonl", "--out", "missing/p.html").exitCode == 73)
  }
}
