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
    let outcome = try night.report("--unit", "g")
    #expect(outcome.exitCode == 1 && outcome.messages.contains("report.html"), "\(outcome.messages)")
    let page = String(decoding: try night.folder.bytes("out/report.html"), as: UTF8.self)
    for text in [
      "&lt;script&gt;alert(1)&lt;", "night/fan.wav", "night/empty.wav", "Envelope spectrum",
      "Velocity spectrum",
      "is empty", "BPFO",
    ] { #expect(page.contains(text), "\(text)") }
    #expect(!page.contains("<script"))
    #expect(throws: Never.self) {
      try XMLDocument(data: Data(page.replacing("<!DOCTYPE html>\n", with: "").utf8))
    }
  }

  @Test func plotDrawsWhatIsAskedFor() throws {
    let folder = try TemporaryFolder()
    let file = Workshop.path("rec/outer1.wav")
    func plot(_ arguments: String...) throws -> Program.Outcome {
      try Program.run(["plot"] + arguments, in: folder)
    }
    let outcome = try plot(file, "--picture", "waveform", "--out", "w.svg")
    #expect(outcome.exitCode == 0, "\(outcome.messages)")
    let one = String(decoding: try folder.bytes("w.svg"), as: UTF8.self)
    #expect(one.contains("Waveform") && !one.contains("Spectr"))
    #expect(try plot(file, "--picture", "all", "--unit", "g", "--out", "all.svg").exitCode == 0)
    let all = try XMLDocument(data: Data(folder.bytes("all.svg")))
    #expect(all.rootElement()?.name == "svg" && all.stringValue?.contains("Velocity spectrum") == true)
    // The side-car names bearing and speed: the outer race's line is pointed at.
    #expect(all.stringValue?.contains("BPFO 10") == true)
    #expect(try plot(file, "--picture", "smell", "--out", "x.svg").exitCode == 64)
    #expect(try plot(file, "--out", "x.jpg").exitCode == 64)
    #expect(try plot(file, "--out", "x.png", "--scale", "20").exitCode == 64)
    #expect(try plot("nowhere.wav", "--out", "x.svg").exitCode == 66)
    let unitless = try plot(file, "--picture", "velocity", "--out", "x.svg")
    #expect(unitless.exitCode != 0 && unitless.messages.contains("--unit"), "\(unitless.messages)")
    #expect(!folder.has("x.svg"))
  }
  /// What `make test` installs on Debian; elsewhere it may be missing.
  private static let painter = ["/usr/bin/rsvg-convert", "/usr/local/bin/rsvg-convert"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: painter != nil, "rsvg-convert is not installed"))
  func aPNGIsAsFineAsItsScale() throws {
    let folder = try TemporaryFolder()
    for (scale, width) in [("1", 480), ("2.5", 1200)] {
      let outcome = try Program.run(
        [
          "plot", Workshop.path("rec/outer1.wav"), "--picture", "envelope", "--scale", scale, "--out",
          "e.png",
        ], in: folder)
      #expect(outcome.exitCode == 0, "\(outcome.messages)")
      let image = try folder.bytes("e.png")
      // Signature, then the header's width in big-endian order (PNG specification, 5.2 and 11.2.2).
      #expect(image.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
      #expect(image[16..<20].reduce(0) { $0 << 8 | Int($1) } == width)
    }
  }

  @Test func aPNGThatCannotBePaintedIsTold() throws {
    let folder = try TemporaryFolder()
    func plot(path: String) throws -> Program.Outcome {
      try Program.run(
        ["plot", Workshop.path("rec/outer1.wav"), "--out", "e.png"], in: folder, environment: ["PATH": path])
    }
    let missing = try plot(path: folder.path)
    #expect(missing.exitCode == 73 && missing.messages.contains("librsvg2-bin"), "\(missing.messages)")
    try folder.write("#!/bin/sh\necho out of paint >&2\nexit 3\n", to: "rsvg-convert")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.path + "/rsvg-convert")
    let failing = try plot(path: folder.path)
    #expect(failing.exitCode == 73 && failing.messages.contains("out of paint"), "\(failing.messages)")
    #expect(!folder.has("e.png"))
  }
}
