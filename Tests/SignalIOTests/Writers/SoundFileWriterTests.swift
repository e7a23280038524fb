import CSndFile
import Foundation
import Testing

@testable import SignalIO

@Suite struct SoundFileWriterTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "sound-file-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? ["unreadable"]).sorted()
  }

  private func read(_ path: String) throws -> (info: SF_INFO, channels: [[Float]]) {
    var info = SF_INFO()
    let handle = try #require(sf_open(path, Int32(SFM_READ), &info))
    defer { sf_close(handle) }
    let count = Int(info.channels)
    var interleaved = [Float](repeating: 0, count: Int(info.frames) * count)
    #expect(sf_readf_float(handle, &interleaved, info.frames) == info.frames)
    return (
      info, (0..<count).map { c in stride(from: c, to: interleaved.count, by: count).map { interleaved[$0] } }
    )
  }

  private func ramp(_ count: Int, _ scale: Float) -> [Float] {
    (0..<count).map { scale * (2 * Float($0) / Float(count) - 1) }
  }

  /// Each encoding gives back what was written, within one and a half steps of its integers: libsndfile scales by
  /// 2^(bits-1) - 1 when it writes, by 2^(bits-1) when it reads, and rounds.
  @Test(arguments: SoundFileEncoding.allCases) func roundTrips(encoding: SoundFileEncoding) throws {
    let channels = [ramp(70_000, 1), ramp(70_000, 0.3)]
    let step: Float = [.wav16: 0x1p-15, .wav24: 0x1p-23, .flac: 0x1p-23][encoding] ?? 0
    try withFolder { folder in
      let path = folder + "/recording"
      try SoundFileWriter.write(channels, sampleRate: 25_600, to: path, encoding: encoding)
      let (info, found) = try read(path)
      #expect(info.samplerate == 25_600 && info.frames == 70_000)
      for (wanted, got) in zip(channels, found) {
        #expect(zip(wanted, got).allSatisfy { abs($0 - $1) <= 1.51 * step })
      }
      #expect(names(folder) == ["recording"])
    }
  }

  @Test(arguments: SoundFileEncoding.allCases) func sameSamplesSameBytes(encoding: SoundFileEncoding) throws {
    try withFolder { folder in
      for name in ["a", "b"] {
        try SoundFileWriter.write(
          [ramp(5000, 0.5)], sampleRate: 12_000, to: folder + "/" + name, encoding: encoding)
        // Over a second's border, a clock's time in the file would show.
        if name == "a" { Thread.sleep(forTimeInterval: 1.1) }
      }
      let bytes = try ["a", "b"].map { try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)) }
      #expect(bytes[0] == bytes[1])
    }
  }

  @Test func piecesMakeOneFile() throws {
    try withFolder { folder in
      let path = folder + "/recording.wav"
      let writer = try SoundFileWriter(path: path, sampleRate: 8000, channelCount: 1, encoding: .wavFloat)
      try writer.append([[0.25, 3.5]])
      try writer.append([[]])
      #expect(!FileManager.default.fileExists(atPath: path))
      try writer.append([[-1e9]])
      try writer.commit()
      #expect(try read(path).channels == [[0.25, 3.5, -1e9]])
    }
  }

  @Test func discardingLeavesNothing() throws {
    try withFolder { folder in
      let writer = try SoundFileWriter(
        path: folder + "/a.wav", sampleRate: 8000, channelCount: 1, encoding: .wav16)
      try writer.append([[0.5]])
      writer.discard()
      #expect(names(folder).isEmpty)
    }
  }

  @Test(arguments: [SoundFileEncoding.wav16, .wav24, .flac, .wavFloat], [1.5, -1.01, Float.nan, .infinity])
  func samplesThatDoNotFitAreRefused(encoding: SoundFileEncoding, value: Float) throws {
    if encoding == .wavFloat && value.isFinite { return }
    try withFolder { folder in
      let error = #expect(throws: SignalIOError.self) {
        try SoundFileWriter.write([[0, value]], sampleRate: 8000, to: folder + "/a", encoding: encoding)
      }
      #expect(error?.description.contains("at frame 1") == true)
      #expect(names(folder).isEmpty)
    }
  }

  /// libsndfile cannot make FLAC at some rates, and says nothing; the file read back tells.
  @Test(arguments: [97_656.0, 1_000_000]) func ratesThatFlacCannotHoldAreErrors(rate: Double) throws {
    try withFolder { folder in
      let path = folder + "/a.flac"
      do {
        try SoundFileWriter.write([ramp(5000, 0.5)], sampleRate: rate, to: path, encoding: .flac)
        #expect(try read(path).info.frames == 5000)
      } catch is SignalIOError {
        #expect(names(folder).isEmpty)
      }
    }
  }

  @Test func settingsThatDoNotFitAreRefused() throws {
    for (rate, channels) in [(0.0, 1), (12_000.5, 1), (.nan, 1), (8000, 0), (8000, 2000)] {
      #expect(throws: SignalIOError.self) {
        try SoundFileWriter(
          path: "/tmp/unused.wav", sampleRate: rate, channelCount: channels, encoding: .wav16)
      }
    }
    #expect(throws: SignalIOError.self) {
      try SoundFileWriter(path: "/tmp/unused.flac", sampleRate: 8000, channelCount: 9, encoding: .flac)
    }
    #expect(throws: SignalIOError.self) {
      try SoundFileWriter(path: "/absent/folder/a.wav", sampleRate: 8000, channelCount: 1, encoding: .wav16)
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDiskIsATypedError() {
    #expect(throws: SignalIOError.self) {
      try SoundFileWriter.write([ramp(100_000, 0.5)], sampleRate: 8000, to: "/dev/full", encoding: .wav16)
    }
  }
}
