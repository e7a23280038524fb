import Foundation
import SignalIO
import Testing

@testable import FaultDiag

@Suite struct SeverityJudgeTests {
  /// What is said of a tone of 100 Hz with 5 mm/s root mean square.
  private func verdict(
    unit: String? = "m/s2", sensitivity: Double? = nil, group: String? = "1", mounting: String? = "rigid",
    rate: Double = 8_000, seconds: Double = 4, rpm: Double? = 1_500
  ) -> SeverityJudge.Verdict {
    let peak = 5e-3 * 2.0.squareRoot() * 2 * .pi * 100
    let samples = (0..<Int(rate * seconds)).map { Float(peak * sin(2 * .pi * 100 * Double($0) / rate)) }
    let flag = MetadataSource.flag("test")
    var metadata = RecordingMetadata()
    metadata.unit = unit.map { Sourced($0, from: flag) }
    metadata.sensitivity = sensitivity.map { Sourced($0, from: flag) }
    metadata.machineGroup = group.map { Sourced($0, from: flag) }
    metadata.mounting = mounting.map { Sourced($0, from: flag) }
    let flags = metadata
    return SeverityJudge().verdict(
      { () throws(SignalIOError) in
        // The second channel is the one that is asked for.
        try RecordingSource(
          path: "-",
          stream: MemoryStream([samples.map { $0 * 9 }, samples], names: ["a", "b"], sampleRate: rate),
          flags: flags)
      }, channel: "b", rpm: rpm)
  }

  @Test func aKnownMachineGetsItsZone() throws {
    let found = verdict()
    let severity = try #require(found.severity)
    #expect(abs(severity.velocity - 5) < 0.01)
    #expect(severity.zone == .c && severity.limits == [2.3, 4.5, 7.1])
    #expect(found.note == nil)
    #expect(verdict(mounting: "flexible").severity?.zone == .b)
    #expect(verdict(group: "2").severity?.zone == .d)
  }

  @Test func withoutItsClassAMachineHasAVelocityAndNoZone() throws {
    for (found, words) in [
      (verdict(group: nil), "machine group is not known"), (verdict(mounting: nil), "mounting is not known"),
      (verdict(group: nil, mounting: nil), "machine group and mounting"),
      (verdict(group: "7"), "known: 1 flexible, 1 rigid, 2 flexible, 2 rigid"),
    ] {
      #expect(abs((found.severity?.velocity ?? 0) - 5) < 0.01)
      #expect(found.severity?.zone == nil)
      #expect(found.note?.contains(words) == true, "\(found)")
    }
  }

  @Test func whatCannotBeMeasuredIsRefusedWithTheReason() {
    for (found, words) in [
      (verdict(unit: nil), "unit of the samples is unknown"), (verdict(unit: "Pa"), "sound pressure"),
      (verdict(unit: "V"), "without a sensitivity"), (verdict(rate: 2_000), "2560 Hz or more"),
      (verdict(seconds: 1.5), "shorter than 2 s"), (verdict(rpm: 300), "from 2 Hz on"),
    ] {
      #expect(found.severity == nil)
      #expect(found.note?.contains(words) == true, "\(found)")
    }
  }
}
