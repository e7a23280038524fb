import Foundation
import TestSupport
import Testing

/// Names and contents of files that would drive a terminal, a page, a spreadsheet, or lead out of a folder.
@Suite struct HostileNamesTests {
  private static let escape = "\u{1B}[2J\u{1B}]0;owned\u{7}"

  private func expectHarmless(_ outcome: Program.Outcome, at location: SourceLocation = #_sourceLocation) {
    for text in [outcome.output, outcome.messages] {
      let controls = text.unicodeScalars.filter {
        $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value)
      }
      #expect(controls.isEmpty, "\(controls.map { String($0.value, radix: 16) })", sourceLocation: location)
    }
  }

  @Test(arguments: [
    ["inspect"], ["diagnose"], ["doctor"], ["fit", "--out", "m"], ["pretrain", "--out", "m"],
    ["runs", "--out", "r.svg"],
    ["verify"], ["merge"], ["plot", "--out", "p.svg"], ["baseline", "--out", "b"],
  ])
  func messagesShowNamesAndDoNotObeyThem(_ command: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run([command[0], "no\(Self.escape)such.wav"] + command.dropFirst(), in: folder)
    #expect(outcome.exitCode != 0 && !outcome.messages.isEmpty)
    expectHarmless(outcome)
    #expect(outcome.messages.contains("\\u{1b}[2J"), "\(outcome.messages)")
  }

  @Test func contentsQuotedInMessagesAreShownToo() throws {
    let folder = try TemporaryFolder()
    try folder.write("Wa\u{9B}2J\u{202E}letter\n", to: "\(Self.escape).wav")
    try folder.write("rpm = \"\(Self.escape)", to: "fault-diag.toml")
    for command in ["inspect", "diagnose"] {
      let outcome = try Program.run([command, "\(Self.escape).wav"], in: folder)
      #expect(outcome.exitCode == 65)
      expectHarmless(outcome)
    }
    try folder.write("{\"\(Self.escape)\": 1}", to: "rec.wav.json")
    try folder.write(Workshop.folder.bytes("rec/none1.wav"), to: "rec.wav")
    try FileManager.default.removeItem(atPath: folder.path + "/fault-diag.toml")
    let inspected = try Program.run(["inspect", "rec.wav"], in: folder)
    expectHarmless(inspected)
  }

  /// Labels, machines and names that are formulas, markup, or paths that lead out: in every file of a report.
  @Test func aReportTakesNothingForMoreThanText() throws {
    let night = try ReportFolder()
    for (index, name) in ["=1+1", "@SUM(A1)", "+1", "-1", "\t=1", "\r=1", "<img src=x onerror=alert(1)>"]
      .enumerated()
    {
      try night.add("none1", as: name)
      try night.folder.write(
        "{\"machine\": \"../../../\(index)<script>\", \"label\": \"=cmd|' /C calc'!A0\", \"rpm\": 1797}",
        to: "night/\(name).wav.json")
    }
    let outcome = try night.report("--prometheus", "m.prom")
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    expectHarmless(outcome)
    let table = String(decoding: try night.folder.bytes("out/report.csv"), as: UTF8.self)
    let lines = table.split(separator: "\n").dropFirst()
    #expect(lines.count == 7)
    for cell in lines.flatMap({ $0.split(separator: ",") }) {
      #expect(!"=+-@\t\r".contains(cell.first ?? " "), "\(cell)")
    }
    let page = String(decoding: try night.folder.bytes("out/report.html"), as: UTF8.self)
    #expect(!page.contains("<script") && !page.contains("<img src=x"))
    #expect(page.contains("&lt;img src=x onerror=alert(1)&gt;"))
    let rows = try night.rows()
    #expect(Set(rows.compactMap { $0["asset"] as? String }).contains("../../../0<script>"))
    // Nothing was written anywhere but where it was asked for.
    let manager = FileManager.default
    #expect(try Set(manager.contentsOfDirectory(atPath: night.folder.path)) == ["night", "out", "m.prom"])
    let files = try Set(manager.contentsOfDirectory(atPath: night.folder.path + "/out"))
    #expect(files == ["report.json", "report.csv", "report.html", "rows.jsonl"], "\(files)")
  }
}
