/// Samples that are in memory already, read like a file.
package final class ArrayStream: SampleStream {
  package let info: RecordingInfo
  private let samples: [[Float]]
  private var position = 0

  /// - `samples`: `[channel][frame]`, all channels of one length; they are called `1`, `2`, ...
  package init(_ samples: [[Float]], sampleRate: Double) {
    self.samples = samples
    info = RecordingInfo(
      channels: samples.indices.map { RecordingInfo.Channel(name: "\($0 + 1)") }, sampleRate: sampleRate,
      frameCount: samples.first?.count ?? 0, format: "memory")
  }

  package func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    let end = min(position + frames, info.frameCount ?? 0)
    defer { position = end }
    return samples.map { Array($0[position..<end]) }
  }
}
