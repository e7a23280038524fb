/// A stream whose beginning has been looked at before it is read.
final class ReadAheadStream: SampleStream {
  /// `[channel][frame]`: what was read ahead.
  let head: [[Float]]
  private let rest: any SampleStream
  private var given = 0

  /// Reads at most `frames` frames of `stream`.
  init(_ stream: any SampleStream, frames: Int) throws(SignalIOError) {
    var head = stream.info.channels.map { _ in [Float]() }
    var missing = frames
    while missing > 0 {
      let block = try stream.read(frames: min(missing, Self.block))
      guard let first = block.first, !first.isEmpty else { break }
      for channel in head.indices { head[channel] += block[channel] }
      missing -= first.count
    }
    self.head = head
    rest = stream
  }

  private static let block = 65_536

  var info: RecordingInfo { rest.info }
  var warnings: [RecordingWarning] { rest.warnings }

  func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    let left = (head.first?.count ?? 0) - given
    guard left > 0 else { return try rest.read(frames: frames) }
    let end = given + min(frames, left)
    defer { given = end }
    return head.map { Array($0[given..<end]) }
  }
}
