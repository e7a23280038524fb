import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The page that a planner reads in the morning, and the drawing of a single recording.
@Suite struct ReportPageTests {
  @Test func thePageShowsEveryInputAndRunsNothing() throws {
    let night = try ReportFolder()
    try night.add("outer1", as: "<script>alert(1)<")
    try night.add("none1", as: "fan")
    try night.folder.write("", to: "night/empty.wav")
    #expect(try night.report().exitCode == 1)
    let page = String(decoding: try night.folder.bytes("out/report.html"), as: UTF8.self)
    for text in [
      "&lt;script&gt;alert(1)&lt;", "night/fan.wav", "night/empty.wav", "Envelope spectrum", "is empty",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    for text in ["<script", "src=", "http-equiv", "@import", "url("] {
      #expect(!page.contains(text), "\(text)")
    }
    // The only addresses are the name of SVG's grammar, places in the page, and images within it.
    let links = page.matches(of: /href="([^"]{1,5})/).map { String($0.1) }
    #expect(!links.isEmpty && links.allSatisfy { $0.hasPrefix("#r") || $0.hasPrefix("data:") }, "\(links)")
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
  }

  @Test func plotDrawsWhatIsAskedFor() throws {
    let folder = try TemporaryFolder()
    let file = Workshop.path("rec/outer1.wav")
    let outcome = try Program.run(["plot", file, "--picture", "waveform", "--out", "w.svg"], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    let one = try XMLDocument(data: Data(folder.bytes("w.svg")))
    #expect(one.rootElement()?.name == "svg")
    #expect(try Program.run(["plot", file, "--out", "all.svg"], in: folder).exitCode == 0)
    let all = String(decoding: try folder.bytes("all.svg"), as: UTF8.self)
    #expect(all.contains("Envelope spectrum") && all.contains("►"))
    #expect(
      try Program.run(["plot", file, "--picture", "smell", "--out", "x.svg"], in: folder).exitCode == 64)
    #expect(try Program.run(["plot", "nowhere.wav", "--out", "x.svg"], in: folder).exitCode == 66)
  }
}
