import Foundation
import TestSupport
import Testing

@testable import SignalIO

struct MatlabReaderTests {
  private func open(_ file: String, channels: [String] = []) throws -> any SampleStream {
    try RecordingReaders.open(path: Golden.path("Readers/" + file), options: ReadOptions(channels: channels))
  }

  @Test(arguments: ["cwru.mat", "cwru_compressed.mat", "version73.mat"])
  func knowsTheNamesOfCaseWestern(_ file: String) throws {
    let info = try open(file).info
    #expect(info.channels.map { $0.name } == ["X105_DE_time", "X105_FE_time"])
    #expect(info.metadata.speed == Sourced(1797, from: .file(detail: "variable X105RPM")))
    #expect(info.sampleRate == nil)
    #expect(info.frameCount == 96)
    let aside = info.warnings.contains(
      .channelsLeftOut(names: ["i"], reason: "not a channel by the names in this file"))
    #expect(aside == (file != "version73.mat"))
    #expect(try readAll(open(file, channels: ["FE"])) == [ReaderFixture.goldenChannel(1)])
    #expect(try readAll(open(file, channels: ["2", "DE"])).count == 2)
  }

  @Test(arguments: ["mfpt.mat", "mfpt_compressed.mat", "mfpt73.mat"])
  func knowsTheStructureOfMFPT(_ file: String) throws {
    let info = try open(file).info
    #expect(info.channels.map { $0.name } == ["bearing.gs"])
    #expect(info.sampleRate == 97656)
    #expect(info.metadata.speed?.value == 1500)
    #expect(info.metadata.load?.value == "270.0 lb")
    #expect(info.metadata.unit?.value == "g")
  }

  /// File 99 of the set holds the variables of 98 as well.
  @Test func ofTwoNumbersTheFilesOwnDecides() throws {
    func array(_ name: String, _ count: Int) -> StoredArray {
      StoredArray(name: name, shape: [count, 1], columnMajor: true, encoding: NumberEncoding(.int8)) {
        (_) throws(SignalIOError) in
        FileRange(file: try BinaryFile(path: Golden.path("Readers/pcm16.wav")), offset: 0, count: count)
      }
    }
    for (path, names) in [("a/99.mat", ["X099_DE_time"]), ("a/normal.mat", ["X098_DE_time"])] {
      var recording = ArrayRecording(
        path: path, format: "",
        arrays: [array("X098_DE_time", 9), array("X099_DE_time", 9), array("X098RPM", 1)])
      try MatlabConventions.apply(to: &recording)
      #expect(recording.conventional == names)
      #expect(recording.metadata.speed?.value == 82)
    }
  }

  @Test func everyIntegerAndFloatingPointTypeIsRead() throws {
    let stream = try open("kinds.mat")
    #expect(stream.info.channels.count == 10)
    let samples = try readAll(stream)
    for (index, channel) in stream.info.channels.enumerated() {
      let offset: Float = channel.name.hasPrefix("v_u") ? 128 : 0
      let restored = samples[index].map { ($0 - offset) / 256 }
      #expect(restored == ReaderFixture.goldenChannel(0), "\(channel.name)")
    }
  }

  @Test func aScalarNamesTheSampleRate() throws {
    let info = try open("matrix.mat").info
    #expect(info.sampleRate == 12000)
    #expect(info.channels.map { $0.name } == ["data(:,1)", "data(:,2)"])
    #expect(try open("wide.mat").info.channels.map { $0.name } == ["data(1,:)", "data(2,:)"])
  }

  @Test func piecesAreSelectableAndTheLongestIsUsual() throws {
    let usual = try open("segments.mat")
    #expect(usual.info.channels.map { $0.name } == ["X098_DE_seg02"])
    #expect(usual.info.metadata.speed?.value == 1772)
    #expect(
      usual.warnings == [
        .channelsLeftOut(names: ["X098_DE_seg01", "X098_DE_seg03"], reason: "not of the greatest length")
      ])
    let third = try readAll(open("segments.mat", channels: ["seg03"]))
    #expect(third == [ReaderFixture.goldenChannel(0, frames: 32)])
    #expect {
      try open("segments.mat", channels: ["seg01", "seg02"])
    } throws: {
      "\($0)".contains("seg01 (64 samples)")
    }
  }

  @Test(arguments: ["complex.mat", "text_only.mat"])
  func filesWithoutRealNumbersAreRefused(_ file: String) {
    #expect {
      try open(file)
    } throws: {
      if case SignalIOError.noSamples = $0 { true } else { false }
    }
  }

  /// libmatio is the reference for the version that is read here without it.
  @Test(arguments: [
    "cwru.mat", "cwru_compressed.mat", "mfpt.mat", "mfpt_compressed.mat", "kinds.mat", "matrix.mat",
  ])
  func agreesWithTheLibrary(_ file: String) throws {
    let path = Golden.path("Readers/" + file)
    let ours = try MatlabVersion5.read(BinaryFile(path: path)).arrays
    let theirs = try MatlabLibrary.read(path: path, fileSize: bytes(of: path).count)
    #expect(ours.map { $0.name } == theirs.map { $0.name })
    for (our, their) in zip(ours, theirs) {
      #expect(our.shape == their.shape)
      #expect(
        try our.doubles(from: 0, count: our.count) == their.doubles(from: 0, count: their.count),
        "\(our.name)")
    }
  }

  @Test func aClaimedSizeTakesNoMemory() throws {
    var claimed = try bytes(of: Golden.path("Readers/wide.mat"))
    // The dimensions of the first variable, at byte 160: 2^20 by 2^20 and beyond.
    for dimensions in [[0, 0, 0x10, 0, 0, 0, 0x10, 0], [0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F]]
      as [[UInt8]]
    {
      claimed.replaceSubrange(160..<168, with: dimensions)
      try withFile(claimed, extension: "mat") { path in
        #expect(throws: SignalIOError.self) { try RecordingReaders.open(path: path) }
      }
    }
  }

  @Test func negativeDimensionsAreRefused() throws {
    var claimed = try bytes(of: Golden.path("Readers/wide.mat"))
    claimed.replaceSubrange(160..<168, with: [0xFE, 0xFF, 0xFF, 0xFF, 0xA0, 0xFF, 0xFF, 0xFF])
    try withFile(claimed, extension: "mat") { path in
      #expect(throws: SignalIOError.self) { try RecordingReaders.open(path: path) }
    }
  }
}
