import Foundation
import TestSupport
import Testing

/// A healthy state learnt from the command line, and recordings compared with it.
@Suite struct BaselineTests {
  /// Eight healthy recordings of one machine, and a loud fault.
  private func plant() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.makeFolder("healthy")
    for seed in 1...8 {
      let made = try Program.run(
        [
          "simulate", "--fault", "none", "--seconds", "2", "--seed", "\(seed)", "--out",
          "healthy/r\(seed).wav",
        ], in: folder)
      #expect(made.exitCode == 0)
    }
    _ = try Program.run(
      [
        "simulate", "--fault", "outer", "--seconds", "2", "--seed", "3", "--snr", "20", "--out", "fault.wav",
      ],
      in: folder)
    return folder
  }

  private static let short = ["--out", "h.safetensors", "--steps", "4", "--threads", "2"]

  @Test func learnsAndComparesRecordings() throws {
    let folder = try plant()
    let learnt = try Program.run(["baseline", "healthy", "--false-alarm", "20%"] + Self.short, in: folder)
    #expect(learnt.exitCode == 0, "\(learnt.messages)")
    #expect(
      learnt.output.contains(
        "alarms rest on 8 left-out recordings: at best 11 % false alarms, 20 % asked for"))

    let fault = try Program.run(
      ["diagnose", "fault.wav", "--baseline", "h.safetensors", "--json", "--fail-on", "alarm"], in: folder)
    #expect(fault.exitCode == 2, "\(fault.messages)")
    let novelty = try #require(try object(fault.output)["novelty"] as? [String: Any])
    #expect(novelty["is_alarm"] as? Bool == true && novelty["calibration_items"] as? Int == 8)

    let piped = try Program.run(
      ["diagnose", "-", "--baseline", "h.safetensors", "--json"], in: folder,
      input: folder.path + "/healthy/r2.wav")
    #expect(piped.exitCode == 0)
    let diagnosis = try object(piped.output)
    #expect((diagnosis["novelty"] as? [String: Any])?["is_alarm"] as? Bool == false)
    #expect(diagnosis["state"] as? String == "normal")
  }

  @Test func saysWhichRateIsOutOfReach() throws {
    let folder = try plant()
    let learnt = try Program.run(["baseline", "healthy", "--json"] + Self.short, in: folder)
    #expect(learnt.exitCode == 0)
    #expect(learnt.messages.contains("1 % false alarms need 99 left-out recordings and there are 8"))
    let report = try object(learnt.output)
    let machine = try #require((report["machines"] as? [[String: Any]])?.first)
    let rate = try #require(machine["smallest_rate"] as? Double)
    #expect(abs(rate - 1.0 / 9) < 1e-12)
    #expect((report["warnings"] as? [String])?.count == 1)
  }

  @Test func badInputIsRefusedWithItsExitCode() throws {
    let rate = try Program.run(["baseline", "x", "--out", "h", "--false-alarm", "0"], in: TemporaryFolder())
    #expect(rate.exitCode == 64)
    let missing = try Program.run(["baseline", "nowhere", "--out", "h"], in: TemporaryFolder())
    #expect(missing.exitCode == 66)
    let few = try Program.run(
      ["baseline", "rec/none1.wav", "rec/none2.wav", "--compare", "recording", "--out", "never.safetensors"],
      in: Workshop.folder)
    #expect(
      few.exitCode == 65 && few.messages.contains("found 2 usable recordings or pieces, expected at least 4"))
    let other = try Program.run(
      ["diagnose", "rec/none1.wav", "--baseline", "model.safetensors"], in: Workshop.folder)
    #expect(other.exitCode == 78 && other.messages.contains("Make one with fault-diag baseline"))
    let faulty = try Program.run(
      ["baseline", "rec/outer1.wav", "--out", "never.safetensors"], in: Workshop.folder)
    #expect(faulty.exitCode == 65 && faulty.messages.contains("left out: labelled with a state"))
  }
}
