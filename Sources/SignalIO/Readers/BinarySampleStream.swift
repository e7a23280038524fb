/// Samples stored as plain numbers: raw PCM, NumPy arrays, MATLAB variables.
///
/// A recording is one or more parts, each a sequence of numbers of one encoding that holds one channel, or several
/// interleaved. Memory is one block of every part.
final class BinarySampleStream: SampleStream {
  /// One sequence of numbers.
  struct Part {
    var source: any ByteSource
    var encoding: NumberEncoding
    /// Channels interleaved in the sequence.
    var interleaved: Int = 1
    /// Which of the interleaved channels to give, in which order.
    var picks: [Int] = [0]
    /// Whether integers are mapped to ±1.
    var normalized = false
  }

  let info: RecordingInfo
  private let path: String
  private let parts: [Part]
  private var framesLeft: Int

  /// - Parameters:
  ///   - info: has one channel for every pick of every part, in that order, and a frame count.
  ///   - path: names the file in errors.
  init(info: RecordingInfo, path: String, parts: [Part]) {
    precondition(
      info.channels.count == parts.reduce(0) { $0 + $1.picks.count } && info.frameCount != nil,
      "\(info.channels.count) channels do not match the parts, or the frame count is missing")
    self.info = info
    self.path = path
    self.parts = parts
    framesLeft = info.frameCount ?? 0
  }

  func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    precondition(frames > 0, "a block of \(frames) frames")
    let count = min(frames, framesLeft)
    var channels: [[Float]] = []
    for part in parts { channels += try Self.read(count, of: part, path: path) }
    framesLeft -= count
    return channels
  }

  private static func read(
    _ frames: Int, of part: Part, path: String
  ) throws(SignalIOError) -> [[Float]] {
    var channels = part.picks.map { _ in
      var channel: [Float] = []
      channel.reserveCapacity(min(frames, 1 << 16))
      return channel
    }
    let frameSize = part.encoding.size * part.interleaved
    // About 256 KiB at a time, whatever block was asked for.
    let step = max(1, min(frames, (1 << 18) / frameSize))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: step * frameSize, alignment: 16)
    defer { buffer.deallocate() }
    var done = 0
    while done < frames {
      let count = min(step, frames - done)
      let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * frameSize)])
      let got = try part.source.read(into: wanted)
      guard got == wanted.count else {
        throw .malformed(
          path: path, location: "frame \(done + got / frameSize) of a block", found: "the end of the data",
          expected: "\(frames - done - got / frameSize) more frames")
      }
      for (channel, pick) in part.picks.enumerated() {
        part.encoding.append(
          count: count, from: UnsafeRawBufferPointer(wanted), first: pick, step: part.interleaved,
          normalized: part.normalized, to: &channels[channel])
      }
      done += count
    }
    return channels
  }
}
