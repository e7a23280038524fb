import Foundation
import TestSupport
import Testing

@testable import SignalIO

struct SoundFileReaderTests {
  @Test func namesTheFormatAsAUserKnowsIt() throws {
    let names = [
      "pcm16.wav": "WAV, 16-bit PCM", "extensible24.wav": "WAV (extensible), 24-bit PCM",
      "pcm16.rf64": "RF64, 16-bit PCM",
      "pcm16.flac": "FLAC, 16-bit PCM", "vorbis.ogg": "Ogg, Vorbis", "opus.ogg": "Ogg, Opus",
      "pcm16.caf": "CAF, 16-bit PCM",
    ]
    for (file, name) in names.sorted(by: { $0.key < $1.key }) {
      let info = try RecordingReaders.open(path: Golden.path("Readers/" + file)).info
      #expect(info.format == name)
      #expect(info.channels.map { $0.name } == ["1", "2"])
      #expect(info.sampleRate == 12000)
    }
  }

  /// Every container whose header states a length warns when the file is cut, and gives what is there.
  @Test(arguments: [
    "pcm16.wav", "extensible24.wav", "pcm16.rf64", "pcm16.w64", "pcm16.aiff", "pcm16.au", "pcm16.caf",
  ])
  func aCutFileWarnsAndGivesWhatExists(_ file: String) throws {
    let whole = try bytes(of: Golden.path("Readers/" + file))
    try withFile(Array(whole.dropLast(60)), extension: RecordingReaders.lowercasedExtension(of: file)) {
      path in
      let stream = try RecordingReaders.open(path: path)
      let samples = try readAll(stream)
      let count = samples[0].count
      #expect(count > 0 && count < 96)
      #expect(samples[1] == ReaderFixture.goldenChannel(1, frames: count))
      #expect(
        stream.warnings.contains { if case .truncated = $0 { true } else { false } }, "\(stream.warnings)")
    }
  }

  @Test func aCutFLACWarnsOnceRead() throws {
    let whole = try bytes(of: Golden.path("Readers/pcm16.flac"))
    try withFile(Array(whole.dropLast(80)), extension: "flac") { path in
      let stream = try RecordingReaders.open(path: path)
      let samples = try readAll(stream)
      #expect(samples[0].count < 96)
      #expect(stream.warnings.count == 1, "\(stream.warnings)")
    }
  }

  @Test func aHeaderWithoutALengthIsNoTruncation() throws {
    // What a program writes that streams a WAV to a pipe and cannot go back.
    var piped = try bytes(of: Golden.path("Readers/pcm16.wav"))
    let data = try #require((0..<200).first { Array(piped[$0..<$0 + 4]) == Array("data".utf8) })
    for i in 4..<8 { piped[data + i] = 0xFF }
    try withFile(piped, extension: "wav") { path in
      let stream = try RecordingReaders.open(path: path)
      #expect(try readAll(stream)[0] == ReaderFixture.goldenChannel(0))
      #expect(stream.warnings.isEmpty, "\(stream.warnings)")
    }
  }

  @Test func theBytesCountMoreThanTheName() throws {
    let flac = try bytes(of: Golden.path("Readers/pcm16.flac"))
    try withFile(flac, extension: "wav") { path in
      let stream = try RecordingReaders.open(path: path)
      #expect(stream.info.format == "FLAC, 16-bit PCM")
    }
  }

  @Test func readsTheDateString() throws {
    let metadata = try RecordingReaders.open(path: Golden.path("Readers/dated.wav")).info.metadata
    #expect(metadata.recordedAt?.value == 1_706_704_205)
  }

  @Test func datesAreCountedFrom1970() {
    #expect(RecordingDate.seconds("1970-01-01") == 0)
    #expect(RecordingDate.seconds("2000-03-01T00:00:01") == 951_868_801)
    #expect(RecordingDate.seconds("2024-02-29 23:59:60") == 1_709_251_200)
    #expect(RecordingDate.seconds("2024:02:29 23-59-60.5+02:00") == 1_709_251_200)
    #expect(RecordingDate.seconds("2024-02-29T23:59") == 1_709_251_140)
    #expect(RecordingDate.seconds("2024-02-29T23:61") == 1_709_164_800)
    for text in ["", "2024", "2024-13-01", "1969-12-31", "yesterday--", "2024-1-01"] {
      #expect(RecordingDate.seconds(text) == nil, "\(text)")
    }
  }
}
