import Testing

@testable import FaultDiag

@Suite struct ReportRowTests {
  @Test func rowsReadBackToTheSameBytes() throws {
    var row = ReportExamples.row(
      "a\nb.wav", state: "outer", probability: 0.1 + 0.2, velocity: 1.0 / 3, zone: .c)
    row.diagnosis = DiagnosisTests.example
    row.severityNote = "no zone"
    row.workSeconds = 0.25
    let text = ReportJSON.text(row, pretty: false)
    #expect(!text.contains("\n"))
    let again = try ReportJSON.value(ReportRow.self, from: text)
    #expect(again == row)
    #expect(ReportJSON.text(again, pretty: false) == text)
    let finished = ReportJSON.text(row.finished, pretty: false)
    #expect(!finished.contains("work_seconds"))
    #expect(ReportRow.finished(text) == finished && ReportRow.finished(finished) == finished)
  }

  @Test func theOrderIsUrgencyThenBytesOfThePath() {
    let rows = [
      ReportExamples.row("b.wav"), ReportExamples.row("z.wav", state: "outer"), ReportExamples.row("B.wav"),
      ReportExamples.row("y.wav", zone: .d), ReportExamples.row("x.wav", state: nil, status: .failed),
    ]
    let expected = ["y.wav", "x.wav", "z.wav", "B.wav", "b.wav"]
    #expect(ReportExamples.entries(rows).map(\.path) == expected)
    #expect(ReportExamples.entries(rows.reversed()).map(\.path) == expected)
  }

  @Test func countsAndAlarms() {
    let counts = ReportCounts(
      ReportExamples.entries([
        ReportExamples.row("a", velocity: 20, zone: .d),
        ReportExamples.row("b", state: "outer", status: .warning),
        ReportExamples.row("c", state: "unknown", probability: 0, status: .warning),
        ReportExamples.row("d", state: nil, status: .skipped),
        ReportExamples.row("e", state: nil, status: .failed),
      ]))
    #expect(counts.total == 5 && counts.ok == 1 && counts.warning == 2 && counts.skipped == 1)
    #expect(counts.failed == 1 && counts.alarms == 2 && counts.unknown == 1 && counts.diagnosed == 3)
  }
}
