import Testing

@testable import FaultDiag

@Suite struct CSVReportTests {
  /// Names that a spreadsheet would take for a formula, or that would drive a terminal.
  @Test(arguments: [
    ("=cmd|' /C calc'!A0.wav", "'=cmd|' /C calc'!A0.wav"), ("+1.wav", "'+1.wav"), ("-1.wav", "'-1.wav"),
    ("@SUM(A1).wav", "'@SUM(A1).wav"), ("\t=1.wav", "\\u{9}=1.wav"), ("\u{1B}[31m.wav", "\\u{1b}[31m.wav"),
    ("a,b\".wav", "\"a,b\"\".wav\""), ("a\nb.wav", "a\\u{a}b.wav"), ("\u{202E}vaw.wav", "\\u{202e}vaw.wav"),
  ])
  func namesAreHarmless(name: String, cell: String) {
    let line = CSVReport.row(ReportExamples.row(name, asset: "fan"))
    #expect(line.hasPrefix("0,fan,\(cell),ok,normal,0.9000,no,"), "\(line)")
    #expect(line.count { $0 == "\n" } == 1)
  }

  @Test func everyRowHasTheColumnsOfTheHeader() {
    let columns = CSVReport.header.count { $0 == "," }
    for row in [
      ReportExamples.row("a.wav", velocity: 3.25, zone: .b),
      ReportExamples.row("b", state: nil, status: .skipped),
    ] {
      // None of the words of these rows has a comma.
      var plain = row
      (plain.action, plain.deadline) = ("", "")
      #expect(CSVReport.row(plain).count { $0 == "," } == columns)
    }
    #expect(CSVReport.row(ReportExamples.row("a.wav", velocity: 3.25, zone: .b)).contains(",3.250,B,"))
  }
}
