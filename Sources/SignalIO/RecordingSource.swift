/// An opened recording: its samples as a stream and everything known about it. The front door of this module.
///
///     let source = try RecordingSource.open(path: "rec.wav")
///     let windows = try source.windows(WindowPlan(length: 4096, hop: 2048, sampleRate: 12_000))
///     while let window = try windows.next() { ... }
package struct RecordingSource {
  package let path: String
  package let info: RecordingInfo
  /// Every value with its source; `sampleRate` is always present.
  package let metadata: RecordingMetadata
  /// Samples a second of each channel as read from ``stream``, in hertz.
  package let sampleRate: Double
  package let stream: any SampleStream
  package let warnings: [IngestWarning]

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

  /// The recording cut into windows, resampled where the plan names another rate.
  ///
  /// - Parameters:
  ///   - channels: indices into `info.channels`; nil for all.
  ///   - quality: sees every native sample that passes, so that one reading serves both.
  package func windows(
    _ plan: WindowPlan, channels: [Int]? = nil, quality: SignalQualityScan? = nil
  ) throws(SignalIOError) -> WindowReader {
    try WindowReader(
      stream: stream, sampleRate: sampleRate, plan: plan, path: path, channels: channels, quality: quality)
  }
}
