import Testing

@testable import FaultDiag

@Suite struct ReportSummaryTests {
  @Test func machinesAreListedOnceMostUrgentFirst() {
    let rows = [
      ReportExamples.row("a.wav", asset: "fan"),
      ReportExamples.row("b.wav", state: "outer", asset: "fan", velocity: 3, zone: .c),
      ReportExamples.row("c.wav", state: "outer", asset: "fan"),
      ReportExamples.row("d\u{1B}.wav", state: nil, status: .failed, reason: "empty"),
      ReportExamples.row("e.pdf", state: nil, status: .skipped),
    ]
    let summary = ReportSummary(ReportExamples.entries(rows))
    #expect(summary.mostUrgent.map(\.asset) == ["fan", "d\u{1B}.wav"])
    #expect(summary.mostUrgent.map(\.path) == ["b.wav", "d\u{1B}.wav"])
    #expect(summary.mostUrgent.map(\.others) == [1, 0] && summary.more == 0)
    #expect(
      summary.text(TextStyle()) == """
          Inputs    5 inputs: 3 ok, 0 with warnings, 1 failed, 1 skipped
                    2 in alarm, 0 unknown
          Soon      fan (b.wav): outer, zone C; 1 more of it
                    Confirm with a second recording; then replace the bearing, and check
                    its seat and load. Deadline: within a week.
          Plan      d\\u{1b}.wav: failed
                    Nobody listened to this machine: repair what the reason names, and
                    record again. Deadline: within two days.

        """)
    #expect(ReportSummary(ReportExamples.entries(rows), limit: 1).more == 1)
  }
}
