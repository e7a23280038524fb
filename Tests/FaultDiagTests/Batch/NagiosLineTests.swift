import Testing

@testable import FaultDiag

@Suite struct NagiosLineTests {
  private func line(_ rows: ReportRow...) -> NagiosLine { NagiosLine(ReportExamples.entries(rows)) }

  @Test func healthyMachinesAreOKWhateverWeakensTheVerdict() {
    let found = line(
      ReportExamples.row("a.wav"), ReportExamples.row("b.wav", status: .warning, reason: "one window only"),
      ReportExamples.row("notes.pdf", state: nil, status: .skipped, reason: "no recording"))
    #expect(found.service == .ok)
    #expect(
      found.text
        == "OK - 0 of 2 recordings in alarm | total=3;;;0 ok=1;;;0 warnings=1;;;0 skipped=1;;;0 failed=0;0;;0 "
        + "unknown=0;0;;0 alarms=0;;0;0")
  }

  @Test func aFaultIsCriticalAndNamed() {
    let found = line(
      ReportExamples.row("a.wav"), ReportExamples.row("b.wav", state: "inner", asset: "fan|7\n", zone: .b),
      ReportExamples.row("c.wav", state: nil, status: .failed, reason: "empty"))
    #expect(found.service == .critical)
    #expect(found.text.hasPrefix("CRITICAL - 1 of 2 recordings in alarm, fan/7\\u{a} inner, 1 failed | "))
    #expect(found.text.contains("alarms=1;;0;0"))
    #expect(found.text.count { $0 == "|" } == 1 && !found.text.contains("\n"))
  }

  @Test func zoneDAloneIsCritical() {
    #expect(line(ReportExamples.row("a.wav", velocity: 12, zone: .d)).service == .critical)
  }

  @Test func failuresUnknownsAndZoneCAreWarnings() {
    let fine = ReportExamples.row("a.wav")
    #expect(line(fine, ReportExamples.row("b.wav", state: nil, status: .failed)).service == .warning)
    #expect(line(fine, ReportExamples.row("b.wav", state: "unknown", probability: 0)).service == .warning)
    #expect(line(fine, ReportExamples.row("b.wav", velocity: 5, zone: .c)).service == .warning)
  }

  @Test func whereNothingWasJudgedTheServiceIsUnknown() {
    #expect(NagiosLine([]).service == .unknown)
    #expect(line(ReportExamples.row("b.wav", state: nil, status: .failed)).service == .unknown)
    #expect(line(ReportExamples.row("b.wav", state: "unknown", probability: 0)).service == .unknown)
    #expect(NagiosLine(.unknown, "no model\n").text == "UNKNOWN - no model\\u{a}")
  }
}
