import Foundation
import SignalIO
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct BatchInputTests {
  private func kinds(_ roots: [String], out: String? = nil, below folder: TemporaryFolder) throws -> [String:
    String]
  {
    let inputs = try BatchInput.discover(
      roots: roots, passedOver: out, flags: RecordingMetadata(), options: ReadOptions())
    #expect(Set(inputs.map(\.path)).count == inputs.count)
    return Dictionary(
      uniqueKeysWithValues: inputs.map { input in
        let name = String(input.path.dropFirst(folder.path.count + 1))
        switch input.kind {
        case .recording: return (name, "recording")
        case .skipped(let reason): return (name, "skipped: \(reason)")
        case .failed(let reason): return (name, "failed: \(reason)")
        }
      })
  }

  @Test func nothingIsLost() throws {
    let folder = try TemporaryFolder()
    try folder.write("RIFF0000WAVE", to: "night/a.wav")
    try folder.write("", to: "night/empty.bin")
    try folder.write("letter", to: "night/letter.wav")
    try folder.write([0, 1, 2, 255, 254, 0, 0, 7], to: "night/photo.jpg")
    try folder.write("rpm = \"fast\"", to: "night/deep/fault-diag.toml")
    try folder.write("RIFF0000WAVE", to: "night/deep/b.wav")
    try folder.write("{\"rpm\": \"fast\"}", to: "night/a.wav.json")
    try folder.write("{}", to: "night/reports/report.json")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/night/gone.wav", withDestinationPath: folder.path + "/nowhere")
    let found = try kinds(
      [folder.path + "/night", folder.path + "/missing"], out: folder.path + "/night/reports", below: folder)
    // What is wrong with a side-car or folder file shows when the recording is opened.
    for name in ["a.wav", "deep/b.wav", "empty.bin", "letter.wav"] {
      #expect(found["night/\(name)"] == "recording", "\(name)")
    }
    #expect(found["night/photo.jpg"]?.hasPrefix("skipped: no recording") == true)
    #expect(found["night/gone.wav"]?.hasPrefix("failed: cannot be read") == true)
    #expect(found["missing"] == "failed: no such file or folder")
    #expect(found.count == 7)
  }

  @Test func lettersAreNoTables() throws {
    let folder = try TemporaryFolder()
    let numbers = (0..<40).map { "0.\($0)\n" }.joined()
    let files = [
      ("README.txt", "Fan 7, drive end.\nMeasured on 3 May, 2 files.\nAsk Jo.\n"), ("notes.md", "# Fan 7\n"),
      ("machines.csv", "machine,place\nfan,hall\npump,yard\n"), ("report.json", "{\"a\": [1, 2]}"),
      ("settings.toml", "rpm = 1\n"), ("paper.pdf", "%PDF-1.7 nothing"),
      ("plain.txt", numbers), ("titled.csv", "Fan 7\nDE,FE\n" + numbers.replacing("\n", with: ",1\n")),
      ("broken.txt", numbers + "and so on\n"), ("dated.csv", "when,g\nmonday,0.1\ntuesday,0.2\n"),
    ]
    for (name, text) in files { try folder.write(text, to: "night/" + name) }
    let found = try kinds([folder.path + "/night"], below: folder)
    for name in ["README.txt", "notes.md", "machines.csv", "report.json", "settings.toml", "paper.pdf"] {
      #expect(found["night/" + name]?.hasPrefix("skipped: no recording (") == true, "\(name)")
    }
    for name in ["plain.txt", "titled.csv", "broken.txt", "dated.csv"] {
      #expect(found["night/" + name] == "recording", "\(name)")
    }
    // Who names a letter is told that it is none.
    let named = try kinds([folder.path + "/night/README.txt"], below: folder)
    #expect(named == ["night/README.txt": "recording"])
  }

  @Test func linksThatLoopEnd() throws {
    let folder = try TemporaryFolder()
    try folder.write("RIFF0000WAVE", to: "night/a/x.wav")
    for (name, target) in [("night/a/up", "night"), ("night/self", "night/self"), ("night/b", "night/a")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/" + name, withDestinationPath: folder.path + "/" + target)
    }
    let found = try kinds([folder.path + "/night"], below: folder)
    #expect(found.values.filter { $0 == "recording" }.count == 1)
    #expect(found["night/a/up"]?.hasPrefix("skipped: the same as") == true)
    #expect(found["night/self"]?.hasPrefix("failed: cannot be read") == true)
  }

  @Test func namesOfAllKindsAreFound() throws {
    let folder = try TemporaryFolder()
    let names = ["=1.wav", "-rf.wav", "a\nb.wav", "\u{1B}[2J.wav", "two  spaces.wav", "ünï.wav", "$(x).wav"]
    for name in names { try folder.write("RIFF0000WAVE", to: "night/" + name) }
    let found = try kinds([folder.path + "/night"], below: folder)
    for name in names { #expect(found["night/" + name] == "recording", "\(name)") }
  }
}
