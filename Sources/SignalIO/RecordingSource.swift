/// An opened recording: its samples as a stream and everything known about it. The front door of this module.
///
///     let source = try RecordingSource.open(path: "rec.wav")
///     let windows = try source.windows(WindowPlan(length: 4096, hop: 2048, sampleRate: 12_000))
///     while let window = try windows.next() { ... }
package struct RecordingSource {
  package let path: String
  package let info: RecordingInfo
  /// Every value with its source; `sampleRate` is always present.
  package private(set) var metadata: RecordingMetadata
  /// Samples a second of each channel as read from ``stream``, in hertz.
  package let sampleRate: Double
  package private(set) var stream: any SampleStream
  package let warnings: [IngestWarning]

  /// Opens the recording at `path` and finds its metadata.
  ///
  /// - `flags`: metadata from the command line; wins over everything.
  /// - `root`: see ``MetadataResolution/init(path:flags:file:root:)``.
  package static func open(
    path: String, flags: RecordingMetadata = RecordingMetadata(), options: ReadOptions = ReadOptions(),
    root: String? = nil
  ) throws(SignalIOError) -> RecordingSource {
    let stream = try RecordingReaders.open(path: path, options: options)
    return try RecordingSource(path: path, stream: stream, flags: flags, root: root)
  }

  /// Finds the metadata of an opened stream.
  ///
  /// Throws ``SignalIOError/sampleRateUnknown(path:)`` when nobody states the rate.
  package init(
    path: String, stream: any SampleStream, flags: RecordingMetadata = RecordingMetadata(),
    root: String? = nil
  ) throws(SignalIOError) {
    let info = stream.info
    var own = info.metadata
    let header = info.sampleRate.flatMap { MetadataRange.sampleRate.contains($0) ? $0 : nil }
    if own.sampleRate == nil, let header { own.sampleRate = Sourced(header, from: .file(detail: "header")) }
    let resolution = try MetadataResolution(path: path, flags: flags, file: own, root: root)
    guard let rate = resolution.metadata.sampleRate else { throw .sampleRateUnknown(path: path) }
    guard MetadataRange.sampleRate.contains(rate.value) else {
      throw .badMetadata(
        path: path, key: "sample_rate", found: ConfigurationValue.spelling(of: rate.value),
        expected: MetadataRange.sampleRate.words)
    }
    var warnings = resolution.warnings
    // Headers round their rate to whole hertz at times: a part in a thousand is no contradiction.
    if let header, abs(header - rate.value) > 1e-3 * header {
      warnings.append(
        .sampleRateOverridden(path: path, header: header, used: rate.value, source: rate.source))
    }
    self.path = path
    self.info = info
    self.stream = stream
    self.warnings = warnings
    metadata = resolution.metadata
    sampleRate = rate.value
  }

  /// What the reader says of a file that ends before its header says; complete once the stream has been read.
  package var truncation: String? {
    for warning in stream.warnings {
      if case .truncated(let claimed, let found) = warning {
        return "it claims \(claimed) and holds \(found)"
      }
    }
    return nil
  }

  /// A quality gate for the channels of this recording, to be given to ``windows(_:channels:quality:)``.
  package func qualityScan(channels: [Int]? = nil) -> SignalQualityScan {
    let names = (channels ?? Array(info.channels.indices)).map { info.channels[$0].name }
    return SignalQualityScan(channelNames: names, sampleRate: sampleRate)
  }

  /// Reads the stream to its end and judges it.
  package func quality(plan: WindowPlan? = nil) throws(SignalIOError) -> SignalQuality {
    let scan = qualityScan()
    while true {
      let block = try stream.read(frames: 65_536)
      guard let first = block.first, !first.isEmpty else { break }
      scan.add(block)
    }
    return scan.finish(plan: plan, truncation: truncation)
  }

  /// The same with what is missing in the metadata filled from `weaker`.
  func completed(by weaker: RecordingMetadata) -> RecordingSource {
    var result = self
    result.metadata = metadata.merged(over: weaker)
    return result
  }

  /// Reads the first `frames` frames (fewer at the end of a short recording) of every channel.
  ///
  /// Nothing is lost: ``stream`` gives them once more before it goes on. Memory is that of the frames.
  package mutating func readAhead(frames: Int) throws(SignalIOError) -> [[Float]] {
    let ahead = try ReadAheadStream(stream, frames: frames)
    stream = ahead
    return ahead.head
  }

  /// The recording cut into windows, resampled where the plan names another rate.
  ///
  /// - `channels`: indices into `info.channels`; nil for all.
  /// - `quality`: sees every native sample that passes, so that one reading serves both.
  package func windows(
    _ plan: WindowPlan, channels: [Int]? = nil, quality: SignalQualityScan? = nil
  ) throws(SignalIOError) -> WindowReader {
    try WindowReader(
      stream: stream, sampleRate: sampleRate, plan: plan, path: path, channels: channels, quality: quality)
  }
}
