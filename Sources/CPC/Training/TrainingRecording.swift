import SignalIO

/// A recording to learn from: where it is known by, and how to open it.
package struct TrainingRecording: Sendable {
  /// Its path, or what stands for one.
  package let name: String
  /// Opens it afresh from the beginning.
  package let open: @Sendable () throws(SignalIOError) -> Opened

  /// An opened recording.
  package struct Opened {
    package var stream: any SampleStream
    /// In hertz.
    package var sampleRate: Double
    package var label: String?
    /// Of the samples, where known.
    package var unit: String?

    package init(stream: any SampleStream, sampleRate: Double, label: String? = nil, unit: String? = nil) {
      self.stream = stream
      self.sampleRate = sampleRate
      self.label = label
      self.unit = unit
    }

    package init(_ source: RecordingSource) {
      self.init(
        stream: source.stream, sampleRate: source.sampleRate, label: source.metadata.label?.value,
        unit: source.metadata.unit?.value)
    }
  }

  package init(name: String, open: @escaping @Sendable () throws(SignalIOError) -> Opened) {
    self.name = name
    self.open = open
  }

  /// A file in any format that is read; `options` say which channels to keep.
  package init(path: String, options: ReadOptions = ReadOptions()) {
    self.init(name: path) { () throws(SignalIOError) -> Opened in
      Opened(try RecordingSource.open(path: path, options: options))
    }
  }

  /// A file that was discovered, with what is known of it beside its samples.
  package init(_ found: FoundRecording, options: ReadOptions = ReadOptions()) {
    self.init(name: found.path) { () throws(SignalIOError) -> Opened in
      Opened(try found.open(options: options))
    }
  }

  /// A recording in memory, `[channel][frame]` at `sampleRate` hertz.
  package init(name: String, samples: [[Float]], sampleRate: Double, label: String? = nil) {
    self.init(name: name) { () throws(SignalIOError) -> Opened in
      Opened(stream: ArrayStream(samples, sampleRate: sampleRate), sampleRate: sampleRate, label: label)
    }
  }
}
