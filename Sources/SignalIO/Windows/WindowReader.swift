/// Cuts a stream into windows as it comes, resampled where the plan asks for it.
///
/// Memory: one block of native samples, one window and a little more a channel, however long the recording is.
package final class WindowReader {
  /// Of the windows, in hertz.
  package let sampleRate: Double
  package let plan: WindowPlan
  /// Native rate of the stream, in hertz; differs from ``sampleRate`` when the reader resamples.
  package let nativeRate: Double

  private static let blockFrames = 16_384
  private let stream: any SampleStream
  private let path: String
  private let channels: [Int]
  private let resampler: Resampler?
  private let quality: SignalQualityScan?
  /// Samples not yet passed by the start of a window, `[channel][frame]`, after `head` used ones.
  private var pending: [[Float]]
  private var head = 0
  /// Samples to pass over before the next window, where the hop exceeds what is pending.
  private var gap = 0
  private var startFrame = 0
  private var index = 0
  /// End of the last window given out, to tell whether a tail holds anything new.
  private var coveredFrames = 0
  private var hasEnded = false
  private var isDone = false
  /// Native samples read so far.
  package private(set) var nativeFramesRead = 0

  /// - `sampleRate`: of the stream, in hertz.
  /// - `path`: for messages.
  /// - `channels`: indices of the stream's channels to keep, in this order; nil for all.
  package init(
    stream: any SampleStream, sampleRate: Double, plan: WindowPlan, path: String, channels: [Int]? = nil,
    quality: SignalQualityScan? = nil
  ) throws(SignalIOError) {
    let available = stream.info.channels.count
    let kept = channels ?? Array(0..<available)
    for channel in kept where !(0..<available).contains(channel) {
      throw .noSuchChannel(
        path: path, wanted: String(channel + 1), available: stream.info.channels.map { $0.name })
    }
    guard !kept.isEmpty else { throw .noSamples(path: path, found: "no channel") }
    self.stream = stream
    self.path = path
    self.plan = plan
    self.channels = kept
    self.quality = quality
    nativeRate = sampleRate
    self.sampleRate = plan.sampleRate ?? sampleRate
    pending = Array(repeating: [], count: kept.count)
    resampler =
      self.sampleRate == sampleRate
      ? nil : try Resampler(from: sampleRate, to: self.sampleRate, channels: kept.count)
  }

  /// The next window; nil after the last.
  ///
  /// Throws what the stream throws, and ``SignalIOError/tooShort(path:found:expected:)`` as the plan says.
  package func next() throws(SignalIOError) -> Window? {
    guard !isDone else { return nil }
    while available < plan.length && !hasEnded { try fill() }
    if available >= plan.length && gap == 0 { return cut(plan.length) }
    isDone = true
    return try last()
  }

  private var available: Int { gap > 0 ? 0 : pending[0].count - head }

  /// What the plan makes of the samples that remain when no whole window is left.
  private func last() throws(SignalIOError) -> Window? {
    let total = startFrame + available
    if index == 0 {
      guard total > 0 else { throw .noSamples(path: path, found: "0 samples in every channel") }
      guard plan.short == .pad else {
        throw .tooShort(
          path: path, found: Self.duration(total, at: sampleRate),
          expected: Self.duration(plan.length, at: sampleRate))
      }
      return cut(available)
    }
    guard plan.tail == .pad, available > 0, total > coveredFrames else { return nil }
    return cut(available)
  }

  private static func duration(_ frames: Int, at rate: Double) -> String {
    let milliseconds = (Double(frames) / rate * 1e6).rounded() / 1e3
    return "\(frames) samples (\(ConfigurationValue.spelling(of: milliseconds)) ms) at "
      + "\(ConfigurationValue.spelling(of: rate)) Hz"
  }

  /// Takes the window that begins at `head` with `count` samples of its own, the rest zeros, and moves on by a hop.
  private func cut(_ count: Int) -> Window {
    let padding = plan.length - count
    let samples = pending.map { channel in
      Array(channel[head..<head + count]) + [Float](repeating: 0, count: padding)
    }
    let window = Window(
      samples: samples, sampleRate: sampleRate, startFrame: startFrame, index: index, paddedFrames: padding)
    coveredFrames = startFrame + count
    index += 1
    startFrame += plan.hop
    let step = min(plan.hop, pending[0].count - head)
    head += step
    gap = plan.hop - step
    return window
  }

  /// Reads one block, resamples it and appends it to what is pending.
  private func fill() throws(SignalIOError) {
    let block = try stream.read(frames: Self.blockFrames)
    let kept = channels.map { block[$0] }
    let frames = kept[0].count
    quality?.add(kept)
    nativeFramesRead += frames
    if frames == 0 {
      hasEnded = true
      if let resampler { append(try resampler.finish()) }
    } else if let resampler {
      append(try resampler.process(kept))
    } else {
      append(kept)
    }
  }

  private func append(_ block: [[Float]]) {
    // Used samples go in large steps, so that moving the rest costs little on average.
    if head > max(plan.length, Self.blockFrames) {
      for channel in pending.indices { pending[channel].removeFirst(head) }
      head = 0
    }
    let skipped = min(gap, block[0].count)
    gap -= skipped
    for channel in pending.indices { pending[channel].append(contentsOf: block[channel][skipped...]) }
  }
}
