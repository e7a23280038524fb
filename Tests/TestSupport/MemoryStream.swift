import SignalIO

/// A recording that lives in memory, to test whatever reads recordings without a file.
package final class MemoryStream: SampleStream {
  package let info: RecordingInfo
  private let channels: [[Float]]
  private var position = 0
  /// A stream may give fewer samples than asked for; this one never gives more than this at once.
  private let largestBlock: Int

  package init(
    _ channels: [[Float]], sampleRate: Double?, names: [String]? = nil, largestBlock: Int = .max,
    metadata: RecordingMetadata = RecordingMetadata()
  ) {
    self.channels = channels
    self.largestBlock = largestBlock
    let names = names ?? channels.indices.map { String($0 + 1) }
    info = RecordingInfo(
      channels: names.map { RecordingInfo.Channel(name: $0) }, sampleRate: sampleRate,
      frameCount: channels[0].count, format: "memory", metadata: metadata)
  }

  package func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    precondition(frames > 0, "a block of \(frames) frames")
    let end = min(channels[0].count, position + min(frames, largestBlock))
    defer { position = end }
    return channels.map { Array($0[position..<end]) }
  }
}
