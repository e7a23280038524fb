import Foundation
import TestSupport
import Testing

/// A report can be checked against its recordings later on.
@Suite struct ReportVerifyTests {
  private let night: ReportFolder

  init() throws {
    night = try ReportFolder()
    try night.addBadCompany()
    #expect(try night.report("--coverage", "80%", "--machine=-fan 7", "--unit", "g").exitCode == 1)
  }

  private func verify(_ path: String = "out/report.json") throws -> Program.Outcome {
    try Program.run(["verify", path], in: night.folder)
  }

  @Test func theSameRecordingsGiveTheSameRows() throws {
    let outcome = try verify()
    #expect(outcome.exitCode == 0, "\(outcome.output)\(outcome.messages)")
    #expect(outcome.output.contains("7 the same, 0 different, 0 missing, 3 not checked"), "\(outcome.output)")
    // From elsewhere: the folder above the report's leads to the recordings.
    let elsewhere = try Program.run(
      ["verify", night.folder.path + "/out/report.json"], in: try TemporaryFolder())
    #expect(elsewhere.exitCode == 0, "\(elsewhere.output)\(elsewhere.messages)")
  }

  @Test func anotherRecordingOrVerdictDiffers() throws {
    let text = String(decoding: try night.folder.bytes("out/report.json"), as: UTF8.self)
    try night.folder.write(
      text.replacing("\"alternatives\":[", with: "\"alternatives\": ["), to: "out/edited.json")
    let edited = try verify("out/edited.json")
    #expect(edited.exitCode == 2, "\(edited.output)\(edited.messages)")
    #expect(edited.output.contains("2 different"))
    try night.folder.write(Workshop.folder.bytes("rec/inner1.wav"), to: "night/a/fan.wav")
    let outcome = try verify()
    #expect(outcome.exitCode == 2)
    #expect(outcome.output.contains("differs  night/a/fan.wav"))
  }

  @Test func whatIsMissingIsTold() throws {
    try FileManager.default.removeItem(atPath: night.folder.path + "/night/a/fan.wav")
    let outcome = try verify()
    #expect(outcome.exitCode == 66)
    #expect(outcome.output.contains("missing  night/a/fan.wav"))
    #expect(try verify("gone.json").exitCode == 66)
    try night.folder.write("{}", to: "other.json")
    #expect(try verify("other.json").exitCode == 65)
  }
}
