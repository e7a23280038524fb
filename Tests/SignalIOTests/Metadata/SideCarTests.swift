import Foundation
import TestSupport
import Testing

@testable import SignalIO

struct SideCarTests {
  @Test func readsEveryFormatAlike() throws {
    let texts = [
      "json": """
      {"sample_rate": 12000, "rpm": 1797.5, "tacho": "pulse 1", "pulses_per_turn": 4, "bearing": "6205", "unit": "m/s^2", "sensitivity_mv_per_g": 100,
       "machine_group": 1, "mounting": "rigid",
       "geometry": {"elements": 9, "element_diameter_mm": 7.94, "pitch_diameter_mm": 39.04},
       "load": "2 hp", "machine": "rig 1", "bearing_id": "B7", "label": "inner", "time": "2026-01-31T12:00:00Z"}
      """,
      "yaml": """
      sample_rate: 12000
      rpm: 1797.5
      tacho: pulse 1
      pulses_per_turn: 4
      bearing: 6205
      unit: m/s^2
      sensitivity_mv_per_g: 100
      machine_group: 1
      mounting: rigid
      geometry: {elements: 9, element_diameter_mm: 7.94, pitch_diameter_mm: 39.04}
      load: 2 hp
      machine: rig 1
      bearing_id: B7
      label: inner
      time: 2026-01-31 13:00:00+01:00
      """,
      "toml": """
      sample_rate = 12000
      rpm = 1797.5
      tacho = "pulse 1"
      pulses_per_turn = 4
      bearing = "6205"
      unit = "m/s^2"
      sensitivity_mv_per_g = 100
      machine_group = 1
      mounting = "rigid"
      load = "2 hp"
      machine = "rig 1"
      bearing_id = "B7"
      label = "inner"
      time = 2026-01-31T12:00:00Z
      [geometry]
      elements = 9
      element_diameter_mm = 7.94
      pitch_diameter_mm = 39.04
      """,
    ]
    for (format, text) in texts.sorted(by: { $0.key < $1.key }) {
      let folder = try TemporaryFolder()
      let recording = try folder.write("", to: "rec.wav")
      let path = try folder.write(text, to: "rec.wav.\(format)")
      let sideCar = try #require(try SideCar.find(for: recording))
      let metadata = sideCar.metadata
      #expect(metadata.sampleRate == Sourced(12_000, from: .sideCar(path: path)), "\(format)")
      #expect(metadata.speed?.value == 1797.5)
      #expect(metadata.tacho?.value == "pulse 1" && metadata.pulsesPerTurn?.value == 4)
      #expect(metadata.bearing?.value == "6205")
      #expect(metadata.unit?.value == "m/s2")
      #expect(metadata.sensitivity?.value == 100)
      #expect(metadata.machineGroup?.value == "1" && metadata.mounting?.value == "rigid")
      #expect(
        metadata.geometry?.value
          == BearingGeometry(elementCount: 9, elementDiameter: 7.94, pitchDiameter: 39.04))
      #expect(metadata.load?.value == "2 hp")
      #expect(metadata.machine?.value == "rig 1")
      #expect(metadata.bearingID?.value == "B7")
      #expect(metadata.label?.value == "inner")
      #expect(metadata.recordedAt?.value == 1_769_860_800, "\(format)")
      #expect(sideCar.warnings.isEmpty)
    }
  }

  @Test func writesWhatItReads() throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.wav")
    var metadata = RecordingMetadata()
    let source = MetadataSource.sideCar(path: recording + ".json")
    metadata.sampleRate = Sourced(51_200, from: source)
    metadata.speed = Sourced(1796.123_456_789, from: source)
    metadata.tacho = Sourced("tach", from: source)
    metadata.pulsesPerTurn = Sourced(2, from: source)
    metadata.bearing = Sourced("6205-2RS \"JEM\" \\ Lager für Öl\n".replacing("\n", with: ""), from: source)
    metadata.geometry = Sourced(
      BearingGeometry(elementCount: 8, elementDiameter: 6.7462, pitchDiameter: 28.4988, contactAngle: 12.5),
      from: source)
    metadata.unit = Sourced("g", from: source)
    metadata.sensitivity = Sourced(98.7, from: source)
    metadata.load = Sourced("0", from: source)
    metadata.machine = Sourced("M", from: source)
    metadata.bearingID = Sourced("B", from: source)
    metadata.label = Sourced("normal", from: source)
    metadata.recordedAt = Sourced(1_700_000_000.25, from: source)
    let facts: [String: ConfigurationValue] = ["snr_db": -3.5, "resonances": [1200, 3400.5], "seed": 7]
    try SideCar.write(metadata, facts: facts, to: recording)
    let read = try #require(try SideCar.find(for: recording))
    #expect(read.metadata == metadata)
    #expect(read.warnings.isEmpty)
    #expect(read.facts == .table(["snr_db": -3.5, "resonances": [1200, 3400.5], "seed": 7]))
  }

  @Test(arguments: [
    (#"{"pulses_per_turn": 1.5}"#, "pulses_per_turn", "a whole number"),
    (#"{"rpm": -5}"#, "rpm", "-5"), (#"{"rpm": "fast"}"#, "rpm", "'fast'"), (#"{"rpm": 0}"#, "rpm", "0"),
    (#"{"sample_rate": 1e300}"#, "sample_rate", "above"), (#"{"unit": "parsec"}"#, "unit", "'parsec'"),
    (#"{"geometry": 7}"#, "geometry", "7"), (#"{"label": ["a"]}"#, "label", "a list of 1"),
    (#"{"label": "a\u001b[2J"}"#, "label", "control"), (#"{"time": "yesterday"}"#, "time", "'yesterday'"),
    (
      #"{"geometry": {"elements": 9, "element_diameter_mm": 40, "pitch_diameter_mm": 39}}"#,
      "geometry.element_diameter_mm", "less than pitch"
    ),
    (
      #"{"geometry": {"elements": 2, "element_diameter_mm": 4, "pitch_diameter_mm": 39}}"#,
      "geometry.elements", "2"
    ),
    (#"{"geometry": {"balls": 9}}"#, "geometry.balls", "elements"),
    ("[1, 2]", "the top level", "a list of 2"), ("{\"rpm\": ", "syntax", "valid JSON"),
    ("{\"rpm\": NaN}", "syntax", "JSON"),
  ])
  func saysWhatIsWrongAndWhere(_ text: String, _ key: String, _ word: String) throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.wav")
    try folder.write(text, to: "rec.wav.json")
    let error = #expect(throws: SignalIOError.self) { try SideCar.find(for: recording) }
    let message = error.map { $0.description } ?? ""
    #expect(message.contains("rec.wav.json"))
    #expect(message.contains(key), "\(message)")
    #expect(word == "above" || message.contains(word), "\(message)")
  }

  @Test func unknownKeysAreWarnings() throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.wav")
    let path = try folder.write(#"{"sample_rte": 5, "colour": "red", "rpm": 900}"#, to: "rec.wav.json")
    let sideCar = try #require(try SideCar.find(for: recording))
    #expect(sideCar.metadata.speed?.value == 900)
    #expect(
      sideCar.warnings == [
        .unknownKey(path: path, key: "colour", nearest: nil),
        .unknownKey(path: path, key: "sample_rte", nearest: "sample_rate"),
      ])
  }

  @Test func aCompanionCountsOnlyWithOurKeys() throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.wav")
    try folder.write(#"{"colour": "red"}"#, to: "rec.json")
    #expect(try SideCar.find(for: recording) == nil)
    try folder.write(#"{"colour": "red", "rpm": 900}"#, to: "rec.json")
    let sideCar = try #require(try SideCar.find(for: recording))
    #expect(sideCar.metadata.speed?.value == 900 && sideCar.warnings.isEmpty)
    try folder.write("not json", to: "rec.json")
    #expect(try SideCar.find(for: recording)?.warnings.count == 1)
    // Its own side-car is stronger than a companion.
    try folder.write("rpm: 800", to: "rec.wav.yml")
    #expect(try SideCar.find(for: recording)?.metadata.speed?.value == 800)
    try folder.write("rpm = 700", to: "rec.wav.toml")
    let several = try #require(try SideCar.find(for: recording))
    #expect(several.metadata.speed?.value == 800)
    #expect(several.warnings == [.severalSideCars(used: recording + ".yml", ignored: [recording + ".toml"])])
  }

  /// Texts made to exhaust a parser end in a typed error, at once.
  @Test(arguments: [
    ("json", String(repeating: "[", count: 500_000)),
    ("json", String(repeating: "{\"a\":", count: 100_000)),
    ("json", "\"" + String(repeating: "x", count: 1 << 20) + "\""),
    ("yaml", "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c]\n"),
    ("yaml", "&a : 1\n? *a\n: 2\n"),
    ("yaml", String(repeating: "[", count: 100_000)), ("yaml", String(repeating: "- ", count: 100_000)),
    ("yaml", (0..<900).map { String(repeating: " ", count: $0) + "a:\n" }.joined()),
    ("yaml", "a: 'never closed"), ("yaml", "a: 1\na: 2\n"), ("yaml", "--- 1\n--- 2\n"), ("yaml", "\u{1}"),
    ("toml", String(repeating: "a.", count: 100_000) + "a = 1"),
    ("toml", "a = " + String(repeating: "[", count: 100_000)), ("toml", "a = 1\na = 2"), ("toml", "= 5"),
    ("toml", "rpm = nan"), ("toml", "rpm = inf"), ("yaml", "rpm: .nan"),
  ])
  func hostileTextsAreRefused(_ format: String, _ text: String) throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.wav")
    try folder.write(text, to: "rec.wav.\(format)")
    #expect(throws: SignalIOError.self) { try SideCar.find(for: recording) }
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.wav")
    for bytes: [UInt8] in [[0xFF, 0xFE, 0x00], [0x7B, 0x00, 0x7D]] {
      for format in ["json", "yaml", "toml"] {
        let path = try folder.write(bytes, to: "rec.wav.\(format)")
        #expect(throws: SignalIOError.self) { try SideCar.find(for: recording) }
        try FileManager.default.removeItem(atPath: path)
      }
    }
  }

  @Test func anEmptySideCarSaysNothing() throws {
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.wav")
    try folder.write("# nothing yet\n", to: "rec.wav.yaml")
    #expect(try SideCar.find(for: recording)?.metadata == RecordingMetadata())
  }
}
