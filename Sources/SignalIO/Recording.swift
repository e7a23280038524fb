/// What is known of a recording before its samples are read.
package struct RecordingInfo: Sendable, Equatable {
  /// One entry a channel, in file order.
  package var channels: [Channel]
  /// Samples a second of every channel, in hertz; nil where the format does not say (CSV without a time column).
  package var sampleRate: Double?
  /// Samples a channel; nil where only reading to the end tells (CSV, standard input).
  package var frameCount: Int?
  /// Short name of the format as a user knows it, for instance `WAV (extensible), 16-bit PCM`.
  package var format: String
  /// Facts that the file itself states.
  package var metadata: RecordingMetadata
  /// What the reader noticed when it opened the file.
  package var warnings: [RecordingWarning]

  package struct Channel: Sendable, Equatable {
    /// The variable, column or conventional name, for instance `X105_DE_time` or `1`.
    package var name: String
    package init(name: String) { self.name = name }
  }

  package init(
    channels: [Channel], sampleRate: Double?, frameCount: Int?, format: String,
    metadata: RecordingMetadata = RecordingMetadata(), warnings: [RecordingWarning] = []
  ) {
    self.channels = channels
    self.sampleRate = sampleRate
    self.frameCount = frameCount
    self.format = format
    self.metadata = metadata
    self.warnings = warnings
  }
}

/// Samples of one recording, read from beginning to end in blocks.
///
/// A stream belongs to one task at a time. Memory stays bounded by the block asked for, except for formats
/// that cannot be read in pieces, whose reader says so.
package protocol SampleStream: AnyObject {
  var info: RecordingInfo { get }

  /// The next at most `frames` samples of every channel: `[channel][frame]`, in the file's own unit.
  ///
  /// An empty result (every channel empty) is the end. All channels have equal counts.
  func read(frames: Int) throws(SignalIOError) -> [[Float]]

  /// What the reader noticed so far; complete once ``read(frames:)`` has returned the end.
  ///
  /// Some damage (a FLAC file cut short) shows only while reading.
  var warnings: [RecordingWarning] { get }
}

extension SampleStream {
  package var warnings: [RecordingWarning] { info.warnings }
}

/// Opens recordings of one format.
///
/// A new format is one file in `Readers/` and one line in ``RecordingReaders``.
package protocol RecordingReader: Sendable {
  /// What a user sees of the format in help and messages.
  var format: RecordingFormat { get }
  /// Whether this reader is meant for a file with these first bytes (up to 512) and lower-case extension.
  func recognizes(header: [UInt8], pathExtension: String) -> Bool
  /// Opens the file at `path`.
  func open(path: String, options: ReadOptions) throws(SignalIOError) -> any SampleStream
  /// Whether a file that is recognised is something else after all, such as a letter that ends in `.txt`. Asked for files
  /// that are found in folders; who names a file wants it opened.
  func disclaims(path: String) -> Bool
}

extension RecordingReader {
  package func disclaims(path: String) -> Bool { false }
}

/// Name, extensions and one-line summary of a format.
package struct RecordingFormat: Sendable, Equatable {
  package var name: String
  package var extensions: [String]
  package var summary: String
  package init(name: String, extensions: [String], summary: String) {
    self.name = name
    self.extensions = extensions
    self.summary = summary
  }
}
