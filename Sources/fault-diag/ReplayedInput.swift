import SignalIO

extension RecordingInput {
  /// The same, fit to be opened more than once: standard input is read to its end first, everything else stays a file.
  func reopenable() throws(SignalIOError) -> RecordingInput {
    guard path == "-" else { return self }
    let source = try open()
    var samples = [[Float]](repeating: [], count: source.info.channels.count)
    while true {
      let block = try source.stream.read(frames: 65_536)
      guard let first = block.first, !first.isEmpty else { break }
      for channel in samples.indices { samples[channel] += block[channel] }
    }
    var info = source.info
    info.frameCount = samples.first?.count
    info.warnings = source.stream.warnings
    let (kept, metadata, read) = (info, source.metadata, samples)
    return RecordingInput(path: path) { () throws(SignalIOError) in
      try RecordingSource(path: "-", stream: ReplayedStream(kept, read), flags: metadata)
    }
  }
}

/// Samples that were read before, read once more.
private final class ReplayedStream: SampleStream {
  let info: RecordingInfo
  private let samples: [[Float]]
  private var position = 0

  init(_ info: RecordingInfo, _ samples: [[Float]]) {
    self.info = info
    self.samples = samples
  }

  func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    let end = min(position + frames, samples.first?.count ?? 0)
    defer { position = end }
    return samples.map { Array($0[position..<end]) }
  }
}
