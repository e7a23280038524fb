import CPC
import SignalIO

/// A healthy recording, or a piece of one, to learn from.
package struct BaselineRecording: Sendable {
  package var name: String
  /// Whose it is; ``HealthyBaseline/unnamed`` where nothing says.
  package var machine: String
  /// Seconds since 1970, where known.
  package var time: Double?
  package var frames: Int
  /// In hertz.
  package var sampleRate: Double
  package var channels: [String]
  package var kind: SignalKind
  /// The part of the recording that is meant, in frames.
  package var range: Range<Int>
  private let whole: @Sendable () throws(SignalIOError) -> RecordingSource

  /// Opens the recording to see what it is; one whose length is not stated is read to its end.
  package init(
    name: String, open: @escaping @Sendable () throws(SignalIOError) -> RecordingSource
  ) throws(SignalIOError) {
    let source = try open()
    self.name = name
    whole = open
    machine = source.metadata.machine?.value ?? HealthyBaseline.unnamed
    time = source.metadata.recordedAt?.value
    sampleRate = source.sampleRate
    channels = source.info.channels.map { $0.name }
    kind = SignalKind(
      unit: source.metadata.unit?.value, format: source.info.format, sampleRate: source.sampleRate)
    if let stated = source.info.frameCount {
      frames = stated
    } else {
      frames = 0
      while case let read = try source.stream.read(frames: 65_536).first?.count ?? 0, read > 0 {
        frames += read
      }
    }
    range = 0..<frames
  }

  package var seconds: Double { Double(range.count) / sampleRate }

  /// Opens the piece afresh.
  package func open() throws(SignalIOError) -> RecordingSource {
    let source = try whole()
    guard range != 0..<frames else { return source }
    return try RecordingSource(
      path: source.path, stream: StreamPiece(source.stream, range: range), flags: source.metadata)
  }

  /// As many pieces of equal length, in their order.
  package func cut(into count: Int) -> [BaselineRecording] {
    (0..<count).map { index in
      var piece = self
      let length = range.count
      piece.range =
        range.lowerBound + length * index / count..<range.lowerBound + length * (index + 1) / count
      return piece
    }
  }

  /// For the trainer.
  var training: TrainingRecording {
    TrainingRecording(name: "\(name)#\(range.lowerBound)") { () throws(SignalIOError) in
      TrainingRecording.Opened(try open())
    }
  }

  var summary: RecordingSummary {
    RecordingSummary(path: name, sampleRate: sampleRate, seconds: seconds, kind: kind)
  }
}

/// Part of a stream, read like a whole one.
private final class StreamPiece: SampleStream {
  let info: RecordingInfo
  private let stream: any SampleStream
  private var toSkip: Int
  private var left: Int

  init(_ stream: any SampleStream, range: Range<Int>) {
    var info = stream.info
    info.frameCount = range.count
    self.info = info
    self.stream = stream
    toSkip = range.lowerBound
    left = range.count
  }

  func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    while toSkip > 0 {
      let skipped = try stream.read(frames: min(toSkip, 65_536)).first?.count ?? 0
      toSkip = skipped == 0 ? 0 : toSkip - skipped
    }
    // No reader is asked for nothing.
    guard left > 0 else { return info.channels.map { _ in [] } }
    let block = try stream.read(frames: min(frames, left))
    left -= block.first?.count ?? 0
    return block
  }
}
