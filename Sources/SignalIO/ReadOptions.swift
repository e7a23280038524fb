/// What a user may say about how to read a file; the defaults read what the file itself states.
package struct ReadOptions: Sendable, Equatable {
  /// Channels to keep, by name (exact, or a recognised suffix such as `DE`) or by 1-based number; empty keeps all.
  package var channels: [String]
  /// Layout of headerless PCM; nil for every other format.
  package var raw: RawLayout?
  /// Reads with this format's reader instead of recognising it, by ``RecordingFormat/name``.
  package var forcedFormat: String?

  package init(channels: [String] = [], raw: RawLayout? = nil, forcedFormat: String? = nil) {
    self.channels = channels
    self.raw = raw
    self.forcedFormat = forcedFormat
  }
}

/// How headerless samples are stored.
package struct RawLayout: Sendable, Equatable {
  package enum Encoding: String, Sendable, CaseIterable {
    case s8, u8, s16le, s16be, s24le, s24be, s32le, s32be, f32le, f32be, f64le, f64be
  }
  package var encoding: Encoding
  package var channelCount: Int
  /// In hertz.
  package var sampleRate: Double

  package init(encoding: Encoding, channelCount: Int, sampleRate: Double) {
    self.encoding = encoding
    self.channelCount = channelCount
    self.sampleRate = sampleRate
  }
}
