import Foundation
import TestSupport
import Testing

/// A night of recordings as a report finds it, made from the workshop's.
struct ReportFolder {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Copies a recording of the workshop and its side-car to `night/<name>.wav`.
  func add(_ source: String, as name: String) throws {
    for ending in ["wav", "wav.json"] {
      try folder.write(Workshop.folder.bytes("rec/\(source).\(ending)"), to: "night/\(name).\(ending)")
    }
  }

  /// Recordings enough to stop a run in its middle.
  func addMany(_ count: Int) throws {
    for index in 0..<count { try add(index % 3 == 0 ? "outer1" : "none1", as: "r\(100 + index)") }
  }

  /// Bad files of several kinds beside two sound recordings.
  func addBadCompany() throws {
    try add("none1", as: "a/fan")
    try add("outer1", as: "b/=pump\n\u{1B}[31m")
    try folder.write("", to: "night/empty.wav")
    try folder.write("this is a letter\n", to: "night/letter.wav")
    try folder.write("%PDF-1.7 nothing to hear", to: "night/notes.pdf")
    try folder.write("Fan 7 was oiled on 3 May.\nAsk Jo.\n", to: "night/README.txt")
    let whole = try Workshop.folder.bytes("rec/none1.wav")
    try folder.write(Array(whole.prefix(30)), to: "night/header.wav")
    try add("none2", as: "badcar")
    try folder.write("{\"rpm\": \"fast\"}", to: "night/badcar.wav.json")
    try add("none2", as: "c/settings")
    try folder.write("rpm = [", to: "night/c/fault-diag.toml")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/night/a/loop", withDestinationPath: folder.path + "/night")
  }

  func report(_ arguments: String..., out: String = "out") throws -> Program.Outcome {
    try Program.run(command(arguments, out: out), in: folder)
  }

  func command(_ arguments: [String], out: String) -> [String] {
    ["report", "night", "--out", out, "--model", Workshop.path("diag.safetensors")] + arguments
  }

  /// The rows of a report.json.
  func rows(_ out: String = "out") throws -> [[String: Any]] {
    try #require(try content(out)["rows"] as? [[String: Any]])
  }

  func content(_ out: String = "out") throws -> [String: Any] {
    try object(String(decoding: folder.bytes("\(out)/report.json"), as: UTF8.self))
  }

  /// Whether both folders have the same final files, to the byte.
  func haveSameFiles(_ a: String, _ b: String) throws -> Bool {
    try ["report.json", "report.csv", "report.html"].allSatisfy {
      try folder.bytes("\(a)/\($0)") == folder.bytes("\(b)/\($0)")
    }
  }

  /// Whole lines that a run has written so far.
  func lineCount(_ name: String) -> Int {
    (try? folder.bytes(name).count { $0 == UInt8(ascii: "\n") }) ?? 0
  }
}
