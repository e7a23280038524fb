import Foundation
import TestSupport
import Testing

/// `doctor` as a user calls it, on the workshop's simulated recordings.
@Suite struct DoctorTests {
  @Test func itSaysWhatRecordingsAreGoodFor() throws {
    let outcome = try Program.run(["doctor", "rec", "--json"], in: Workshop.folder)
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    let checkup = try object(outcome.output)
    #expect(checkup["recordings"] as? Int == 6)
    let states = try #require(checkup["states"] as? [[String: Any]])
    #expect(states.map { $0["name"] as? String } == ["inner", "normal", "outer"])
    #expect(states.allSatisfy { $0["bearings"] as? Int == 2 })
    let capabilities = try #require(checkup["capabilities"] as? [[String: Any]])
    let extents = Dictionary(
      uniqueKeysWithValues: capabilities.map { ($0["name"] as? String ?? "", $0["extent"] as? String) })
    #expect(extents["inner_outer_ball"] == "yes")
    #expect(extents["held_out"] == "yes")
  }

  @Test func aBadFileIsAProblemAndStopsNothing() throws {
    let folder = try TemporaryFolder()
    try folder.write(Workshop.folder.bytes("rec/outer1.wav"), to: "a.wav")
    // Whole in its first bytes, so that it is taken for a recording, and empty behind them.
    try folder.write(Array(Workshop.folder.bytes("rec/outer1.wav").prefix(44)), to: "b.wav")
    let outcome = try Program.run(["doctor", ".", "--fail-on", "problem"], in: folder)
    #expect(outcome.exitCode == 2, "\(outcome.messages)")
    #expect(outcome.output.contains("problem"))
    #expect(outcome.output.contains("1 recording, 4 s"))
  }

  @Test func recordingsWithoutLabelsAreWelcome() throws {
    let folder = try TemporaryFolder()
    try folder.write(Workshop.folder.bytes("rec/outer1.wav"), to: "a.wav")
    let outcome = try Program.run(["doctor", "a.wav"], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("the shaft speed is unknown"))
  }

  @Test func nothingReadableIsAnError() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array(Workshop.folder.bytes("rec/outer1.wav").prefix(44)), to: "b.wav")
    let outcome = try Program.run(["doctor", "b.wav"], in: folder)
    #expect(outcome.exitCode == 65)
  }
}
