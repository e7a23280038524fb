import Foundation
import SignalIO
import Support
import TestSupport
import Testing

@testable import FaultDiag

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportPageTests {
  /// The page of rows, written from a file of rows as a run leaves it.
  private func page(_ rows: [ReportRow]) throws -> String {
    let folder = try TemporaryFolder()
    let settings = ReportSettings(
      arguments: ["--machine", "<script>x</script>"], model: ModelIdentity(name: "m", hash: "abc"),
      actions: .standard, limits: .standard)
    let file = try RowsFile(path: folder.path + "/rows.jsonl", keepsRows: false)
    try file.append(RowsFile.Header(settings: settings, shard: .whole, inputs: []))
    let entries = try rows.map { ReportEntry($0, at: try file.append($0)) }.sorted(by: ReportEntry.isBefore)
    try ReportFiles(settings: settings, entries: entries, sources: [file], threads: 2).write(
      to: folder.path
    ) { row, _ in
      try? RecordingSource(
        path: row.path,
        stream: MemoryStream(
          [(0..<24_000).map { Float(sin(Double($0) * 0.3)) }], names: ["<b>1</b>"], sampleRate: 12_000))
    }
    return try String(contentsOfFile: folder.path + "/report.html", encoding: .utf8)
  }

  private var rows: [ReportRow] {
    var bad = ReportExamples.row(
      "<script>alert(1)</script>.wav", state: "\"><img src=x>", asset: "a & b\u{1B}\u{FFFE}",
      status: .warning, reason: "<i>why</i>", velocity: 3.2, zone: .c)
    bad.diagnosis?.metadata = [MetadataEntry(name: "label", value: "<script>", source: "side-car 'a<b'")]
    bad.diagnosis?.quality = [QualityNote(kind: "clipping", message: "clipped & cut")]
    bad.diagnosis?.warnings = [DiagnosisWarning(kind: "x", message: "<u>weak</u>", advice: "again")]
    return [
      ReportExamples.row("calm.wav"), bad,
      ReportExamples.row("gone.wav", state: nil, status: .failed, reason: "is empty"),
      ReportExamples.row("notes.pdf", state: nil, status: .skipped, reason: "no recording"),
    ]
  }

  @Test func nothingFromFilesIsMarkup() throws {
    let page = try page(rows)
    for text in [
      "&lt;script&gt;alert(1)&lt;/script&gt;.wav", "&quot;&gt;&lt;img src=x&gt;", "a &amp; b",
      "clipped &amp; cut",
      "&lt;i&gt;why&lt;/i&gt;", "is empty", "no recording", "side-car 'a&lt;b'", "&lt;b&gt;1&lt;/b&gt;",
    ] { #expect(page.contains(text), "\(text)") }
    for text in ["<script", "<img", "<i>", "<link", "http-equiv", "@import", "url(", "\u{1B}", "src=\""] {
      #expect(!page.contains(text), "\(text)")
    }
    // The only addresses are places in the page and images within it; the only http is the name of SVG's grammar.
    let links = page.matches(of: /href="([^"]{1,5})/).map { String($0.1) }
    #expect(!links.isEmpty && links.allSatisfy { $0.hasPrefix("#r") || $0.hasPrefix("data:") }, "\(links)")
    #expect(!page.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "").contains("http"))
  }

  @Test func itIsWellFormedAndSaysFirstWhatIsUrgent() throws {
    let page = try page(rows)
    let document = try XMLDocument(data: Data(page.replacing("<!DOCTYPE html>\n", with: "").utf8))
    let lines = try document.nodes(forXPath: "//table[@class='summary']/tbody/tr").compactMap {
      $0 as? XMLElement
    }
    let urgencies = lines.compactMap { $0.attribute(forName: "class")?.stringValue }
    #expect(lines.count == 4 && urgencies == urgencies.sorted(by: >))
    #expect(urgencies[0] != urgencies[3])
    // Every link has its place, and only what was diagnosed has a section.
    let names = try document.nodes(forXPath: "//details/div/@id").compactMap(\.stringValue)
    let links = try document.nodes(forXPath: "//table//a/@href").compactMap(\.stringValue)
    #expect(names.count == 2 && links == names.map { "#" + $0 })
    #expect(
      page.contains("zone C, 3.20 mm/s") && page.contains("Spectrogram") && page.contains("SHA-256 abc"))
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
  }
}
