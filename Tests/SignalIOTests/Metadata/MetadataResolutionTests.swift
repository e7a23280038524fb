import TestSupport
import Testing

@testable import SignalIO

struct MetadataResolutionTests {
  @Test func strongerSourcesWin() throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "deep/er/rec.wav")
    let toml = try folder.write(
      """
      rpm = 100
      load = "folder"
      machine = "folder"
      label = "general"
      bearing = "folder"
      [files."rec*"]
      label = "pattern"
      [files."rec.w?[a-z]"]
      label = "specific"
      [files."deep/**"]
      unit = "g"
      [files."*.mat"]
      label = "wrong"
      """, to: "fault-diag.toml")
    let sideCar = try folder.write(
      #"{"rpm": 200, "load": "side-car", "machine": "side-car"}"#, to: "deep/er/rec.wav.json")
    var flags = RecordingMetadata()
    flags.speed = Sourced(300, from: .flag("--rpm"))
    var file = RecordingMetadata()
    file.bearing = Sourced("file", from: .file(detail: ""))
    file.load = Sourced("file", from: .file(detail: ""))
    file.speed = Sourced(1, from: .file(detail: ""))
    let found = try MetadataResolution(path: recording, flags: flags, file: file, root: nil).metadata
    #expect(found.speed == Sourced(300, from: .flag("--rpm")))
    #expect(found.load == Sourced("side-car", from: .sideCar(path: sideCar)))
    #expect(found.bearing == Sourced("file", from: .file(detail: "")))
    #expect(found.label == Sourced("specific", from: .folder(path: toml)))
    #expect(found.unit == Sourced("g", from: .folder(path: toml)))
  }

  @Test func theNearestFolderFileCountsUpToTheRoot() throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "a/b/rec.wav")
    func speed(root: String?) throws -> Double? {
      try MetadataResolution(
        path: recording, flags: RecordingMetadata(), file: RecordingMetadata(), root: root
      ).metadata.speed?.value
    }
    try folder.write("rpm = 1", to: "fault-diag.toml")
    #expect(try speed(root: folder.path) == 1)
    #expect(try speed(root: nil) == 1)
    #expect(try speed(root: folder.path + "/a") == nil)
    #expect(try speed(root: folder.path + "/a/b/") == nil)
    try folder.write("rpm = 2", to: "a/fault-diag.toml")
    #expect(try speed(root: folder.path) == 2)
    // A root that does not hold the file: only the file's own folder.
    #expect(try speed(root: "/somewhere/else") == nil)
  }

  @Test func folderErrorsNameTheSection() throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.wav")
    try folder.write("[files.\"*.wav\"]\nrpm = true", to: "fault-diag.toml")
    #expect {
      try MetadataResolution(
        path: recording, flags: RecordingMetadata(), file: RecordingMetadata(), root: nil)
    } throws: { "\($0)".contains("files.\"*.wav\".rpm") && "\($0)".contains("true") }
  }

  @Test func aSourceKnowsItsRateOrSaysHowToGiveIt() throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.csv")
    func open(rate: Double?) throws -> RecordingSource {
      try RecordingSource(path: recording, stream: MemoryStream([[1, 2, 3]], sampleRate: rate))
    }
    #expect(throws: SignalIOError.sampleRateUnknown(path: recording)) { try open(rate: nil) }
    #expect(SignalIOError.sampleRateUnknown(path: recording).description.contains("--sample-rate"))
    #expect(try open(rate: 12_000).metadata.sampleRate == Sourced(12_000, from: .file(detail: "header")))
    try folder.write("sample_rate = 500", to: "fault-diag.toml")
    #expect(try open(rate: nil).sampleRate == 500)
    // The file's own word is stronger than the folder's.
    #expect(try open(rate: 12_000).sampleRate == 12_000)
    let path = try folder.write("sample_rate: 48000", to: "rec.csv.yaml")
    let source = try open(rate: 12_000)
    #expect(source.sampleRate == 48_000)
    #expect(
      source.warnings == [
        .sampleRateOverridden(path: recording, header: 12_000, used: 48_000, source: .sideCar(path: path))
      ])
    // A header that claims an impossible rate is no source.
    #expect(try open(rate: .nan).sampleRate == 48_000)
  }

  @Test func readsTimes() {
    let cases: [(String, Double?)] = [
      ("1970-01-01", 0), ("1970-01-01T00:00:01Z", 1), ("2000-02-29 12:30:15.5", 951_827_415.5),
      ("2026-01-31T12:00:00+02:00", 1_769_853_600), ("2026-01-31T12:00:00-0130", 1_769_866_200),
      ("1969-12-31T23:59:59Z", -1), ("2024-12-31T23:59:59Z", 1_735_689_599), ("2023-02-29", nil),
      ("2023-13-01", nil),
      ("2023-01-01T24:00", nil), ("2023-01-01T12", nil), ("yesterday", nil), ("", nil), ("2023-01-01Tx", nil),
    ]
    for (text, seconds) in cases { #expect(ISO8601.seconds(text) == seconds, "\(text)") }
  }

  @Test func writesTimesAsItReadsThem() {
    let texts = [
      "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2000-02-29T12:30:15Z", "2024-12-31T23:59:59Z",
      "2026-03-01T00:00:00Z", "1900-02-28T01:02:03Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    ]
    for text in texts { #expect(ISO8601.seconds(text).flatMap(ISO8601.text) == text) }
    #expect(ISO8601.text(951_827_415.9) == "2000-02-29T12:30:15Z")
    for outside in [-62_167_219_201, 253_402_300_800, .infinity, .nan] {
      #expect(ISO8601.text(outside) == nil)
    }
  }

  @Test func globsMatchAsShellsDo() {
    let cases: [(String, String, Bool)] = [
      ("*.mat", "a.mat", true), ("*.mat", "deep/a.mat", true), ("IR*.mat", "OR1.mat", false),
      ("a/*.mat", "a/b/c.mat", false), ("a/**.mat", "a/b/c.mat", true), ("?", "ab", false),
      ("[a-c]x", "bx", true),
      ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true), ("[", "[", true), ("[]]", "]", true),
      ("", "a", false),
      ("**", "a/b", true), ("a*b*c", "axxbxxc", true), ("a*b*c", "axxbxx", false),
      (String(repeating: "*a", count: 40), String(repeating: "a", count: 300) + "b", false),
    ]
    for (pattern, path, expected) in cases {
      #expect(Glob(pattern).matches(path) == expected, "\(pattern) on \(path)")
    }
  }
}
