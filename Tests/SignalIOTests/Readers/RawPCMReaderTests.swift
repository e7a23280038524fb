import Testing

@testable import SignalIO

struct RawPCMReaderTests {
  /// The values -1, -0.5, 0, 0.5 in every encoding, byte by byte.
  static let encoded: [(RawLayout.Encoding, [UInt8])] = [
    (.s8, [0x80, 0xC0, 0, 0x40]), (.u8, [0, 0x40, 0x80, 0xC0]), (.s16le, [0, 0x80, 0, 0xC0, 0, 0, 0, 0x40]),
    (.s16be, [0x80, 0, 0xC0, 0, 0, 0, 0x40, 0]), (.s24le, [0, 0, 0x80, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0x40]),
    (.s24be, [0x80, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0x40, 0, 0]),
    (.s32le, [0, 0, 0, 0x80, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0x40]),
    (.s32be, [0x80, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0]),
    (.f32le, [0, 0, 0x80, 0xBF, 0, 0, 0, 0xBF, 0, 0, 0, 0, 0, 0, 0, 0x3F]),
    (.f32be, [0xBF, 0x80, 0, 0, 0xBF, 0, 0, 0, 0, 0, 0, 0, 0x3F, 0, 0, 0]),
    (
      .f64le,
      [
        0, 0, 0, 0, 0, 0, 0xF0, 0xBF, 0, 0, 0, 0, 0, 0, 0xE0, 0xBF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0xE0,
        0x3F,
      ]
    ),
    (
      .f64be,
      [
        0xBF, 0xF0, 0, 0, 0, 0, 0, 0, 0xBF, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3F, 0xE0, 0, 0,
        0, 0, 0,
        0,
      ]
    ),
  ]

  @Test func everyEncodingIsDecoded() throws {
    #expect(Set(Self.encoded.map { $0.0 }) == Set(RawLayout.Encoding.allCases))
    for (encoding, bytes) in Self.encoded {
      try withFile(bytes, extension: "bin") { path in
        let mono = ReadOptions(raw: RawLayout(encoding: encoding, channelCount: 1, sampleRate: 8000))
        let alone = try readAll(RecordingReaders.open(path: path, options: mono))
        #expect(alone == [[-1, -0.5, 0, 0.5]], "\(encoding)")
        let stereo = ReadOptions(raw: RawLayout(encoding: encoding, channelCount: 2, sampleRate: 8000))
        let both = try readAll(RecordingReaders.open(path: path, options: stereo))
        #expect(both == [[-1, 0], [-0.5, 0.5]], "\(encoding)")
      }
    }
  }

  @Test func bytesOfHalfAFrameAreAWarning() throws {
    try withFile([0, 0, 0, 0, 1], extension: "raw") { path in
      let layout = RawLayout(encoding: .s16le, channelCount: 1, sampleRate: 8000)
      let stream = try RecordingReaders.open(path: path, options: ReadOptions(raw: layout))
      #expect(stream.info.frameCount == 2)
      #expect(stream.warnings.count == 1)
    }
  }

  @Test func needsASensibleLayout() throws {
    try withFile([1, 2, 3, 4], extension: "raw") { path in
      for layout in [
        nil, RawLayout(encoding: .u8, channelCount: 0, sampleRate: 1),
        RawLayout(encoding: .u8, channelCount: Int.max, sampleRate: 1),
        RawLayout(encoding: .u8, channelCount: 1, sampleRate: .nan),
        RawLayout(encoding: .f64le, channelCount: 1, sampleRate: 1),
      ] {
        #expect(throws: SignalIOError.self) {
          try RecordingReaders.open(path: path, options: ReadOptions(raw: layout))
        }
      }
    }
  }
}
