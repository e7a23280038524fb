import Foundation
import TestSupport
import Testing

@testable import SignalIO

/// One golden file of a reader. To put a new reader under the contracts, add one of its files here.
struct ReaderFixture: CustomTestStringConvertible, Sendable {
  var file: String
  /// ``RecordingFormat/name`` of the reader that must take it.
  var reader: String
  var frames = 96
  var channels = 2
  var raw: RawLayout?
  /// Lossy formats are compared by count only.
  var exact = true
  /// What integers are divided by and shifted by to give the golden signal.
  var scale: Float = 1
  var offset: Float = 0

  var testDescription: String { file }
  var path: String { Golden.path("Readers/" + file) }
  var options: ReadOptions { ReadOptions(raw: raw) }

  static let sound: [ReaderFixture] =
    [
      "pcm16.wav", "float.wav", "double.wav", "extensible24.wav", "pcm16.rf64", "pcm16.w64",
      "pcm16.aiff", "pcm16.au", "pcm16.caf", "pcm16.flac",
    ].map { ReaderFixture(file: $0, reader: "sound") } + [
      ReaderFixture(file: "unsigned8.wav", reader: "sound", scale: 2)
    ]

  static let lossy: [ReaderFixture] = [
    ReaderFixture(file: "vorbis.ogg", reader: "sound", frames: 4800, exact: false),
    ReaderFixture(file: "opus.ogg", reader: "sound", frames: 4800, exact: false),
  ]

  /// A WAV read as if it had no header: 44 bytes are eleven more frames.
  static let raw = ReaderFixture(
    file: "pcm16.wav", reader: "raw", frames: 96 + 11,
    raw: RawLayout(encoding: .s16le, channelCount: 2, sampleRate: 12000), exact: false)

  static let matlab: [ReaderFixture] =
    [
      "cwru.mat", "cwru_compressed.mat", "matrix.mat", "wide.mat", "version73.mat",
    ].map { ReaderFixture(file: $0, reader: "matlab") }
    + [
      "mfpt.mat", "mfpt_compressed.mat", "mfpt73.mat",
    ].map { ReaderFixture(file: $0, reader: "matlab", channels: 1) }

  static let numpy: [ReaderFixture] =
    [
      "frames_by_channels.npy", "channels_by_frames.npy", "fortran.npy", "stored.npz", "deflated.npz",
      "planar.npz",
    ].map { ReaderFixture(file: $0, reader: "numpy") }
    + [
      "little_f4.npy", "big_f4.npy", "little_f8.npy", "big_f8.npy", "little_f2.npy", "version2.npy",
      "version3.npy",
    ].map { ReaderFixture(file: $0, reader: "numpy", channels: 1) }
    + [
      "byte_i1.npy", "little_i2.npy", "big_i2.npy", "little_i4.npy", "big_i8.npy",
    ].map { ReaderFixture(file: $0, reader: "numpy", channels: 1, scale: 256) }
    + [
      "byte_u1.npy", "little_u2.npy",
    ].map { ReaderFixture(file: $0, reader: "numpy", channels: 1, scale: 256, offset: 128) }

  static let text: [ReaderFixture] = ["table.csv", "european.csv", "table.tsv", "spaces.txt"].map {
    ReaderFixture(file: $0, reader: "text")
  }

  static let all: [ReaderFixture] = sound + lossy + matlab + numpy + text + [raw]

  /// The signal of `Tools/Reference/Readers.py`.
  static func golden(frame: Int, channel: Int) -> Float {
    Float((37 * frame + 101 * channel) % 256 - 128) / 256
  }

  static func goldenChannel(_ channel: Int, frames: Int = 96) -> [Float] {
    (0..<frames).map { golden(frame: $0, channel: channel) }
  }
}

/// Reads a stream to its end in blocks.
func readAll(_ stream: any SampleStream, block: Int = 50) throws(SignalIOError) -> [[Float]] {
  var all = stream.info.channels.map { _ in [Float]() }
  while true {
    let next = try stream.read(frames: block)
    guard let first = next.first, !first.isEmpty else { return all }
    for channel in all.indices { all[channel] += next[channel] }
  }
}

/// Writes bytes to a file that is removed at the end of `body`.
@discardableResult
func withFile<Result>(
  _ bytes: [UInt8], extension pathExtension: String, _ body: (String) throws -> Result
) throws -> Result {
  let path = NSTemporaryDirectory() + "fault-diag-test-\(UUID().uuidString).\(pathExtension)"
  defer { try? FileManager.default.removeItem(atPath: path) }
  guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
    throw SignalIOError.cannotOpen(path: path, reason: "test file not written")
  }
  return try body(path)
}

func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
