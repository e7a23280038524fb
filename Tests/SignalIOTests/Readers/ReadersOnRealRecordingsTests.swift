import Foundation
import TestSupport
import Testing

@testable import SignalIO

/// Recordings of real machines, where they are present; see ``RealData``.
struct ReadersOnRealRecordingsTests {
  private func open(_ set: String, _ file: String, _ channels: [String] = []) throws -> any SampleStream {
    let folder = try #require(RealData.folder(set))
    return try RecordingReaders.open(
      path: folder.appendingPathComponent(file).path, options: ReadOptions(channels: channels))
  }

  @Test(.enabled(if: RealData.has("cwru"), Comment(rawValue: RealData.explanation)))
  func caseWestern() throws {
    let expected: [(file: String, channels: [String], frames: Int, rpm: Double?)] = [
      ("97.mat", ["X097_DE_time", "X097_FE_time"], 243_938, 1796),
      ("105.mat", ["X105_DE_time", "X105_FE_time", "X105_BA_time"], 121_265, 1797),
      ("277.mat", ["X277_DE_time", "X277_FE_time"], 121_168, 1733),
      ("278.mat", ["X278_DE_time", "X278_FE_time", "X278_BA_time"], 121_535, nil),
      ("279.mat", ["X279_DE_time", "X279_FE_time"], 121_351, 1732),
      ("3001.mat", ["X056_DE_time"], 120_801, nil),
    ]
    for (file, channels, frames, rpm) in expected {
      let stream = try open("cwru", file)
      #expect(stream.info.channels.map { $0.name } == channels, "\(file)")
      #expect(stream.info.frameCount == frames, "\(file)")
      if let rpm { #expect(stream.info.metadata.speed?.value == rpm, "\(file)") }
      if file == "3001.mat" { #expect(stream.info.metadata.speed == nil) }
      #expect(stream.info.sampleRate == nil)
      let samples = try readAll(stream, block: 10_000)
      #expect(
        samples.allSatisfy { $0.count == stream.info.frameCount && $0.allSatisfy { $0.isFinite } }, "\(file)")
    }
    let alone = try open("cwru", "105.mat", ["DE"])
    #expect(alone.info.channels.map { $0.name } == ["X105_DE_time"])
  }

  @Test(.enabled(if: RealData.has("cwru_derived"), Comment(rawValue: RealData.explanation)))
  func piecesOfCaseWestern() throws {
    let usual = try open("cwru_derived", "98_DE_segments.mat")
    #expect(usual.info.channels.count == 1)
    #expect(usual.info.metadata.speed?.value == 1772)
    #expect(!usual.warnings.isEmpty)
    #expect(try open("cwru_derived", "98_DE_segments.mat", ["seg01"]).info.frameCount == 7212)
  }

  @Test(.enabled(if: RealData.has("hit_sm"), Comment(rawValue: RealData.explanation)))
  func harbin() throws {
    for (file, name) in [("selfbuilt/Normal_600.mat", "VarName6"), ("spectraquest/OR8_1200.mat", "z20_4")] {
      let stream = try open("hit_sm", file)
      #expect(stream.info.channels.map { $0.name } == [name])
      #expect(try readAll(stream, block: 65_536)[0].count == 262_144)
    }
  }

  @Test(.enabled(if: RealData.has("femto"), Comment(rawValue: RealData.explanation)))
  func femto() throws {
    let stream = try open("femto", "Bearing1_2/acc_00001.csv")
    #expect(stream.info.sampleRate == 25_600)
    #expect(stream.info.channels.map { $0.name } == ["horizontal", "vertical"])
    #expect(stream.info.format.contains("08:47:05") || stream.info.format.contains("begun at"))
    #expect(try readAll(stream).map { $0.count } == [2560, 2560])
  }

  @Test(.enabled(if: RealData.has("mimii"), Comment(rawValue: RealData.explanation)))
  func mimii() throws {
    for file in ["fan/id_00/abnormal/00000000.wav", "valve/id_00/abnormal/00000003.flac"] {
      let stream = try open("mimii", file)
      #expect(stream.info.sampleRate == 16_000)
      #expect(stream.info.frameCount == 160_000)
      #expect(try readAll(stream, block: 16_000).map { $0.count } == [160_000])
      #expect(stream.warnings.isEmpty)
    }
  }
}
