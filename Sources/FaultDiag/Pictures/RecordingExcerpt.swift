import SignalIO

/// The beginning of a recording, as pictures show it: one channel at its own rate.
package struct RecordingExcerpt: Sendable {
  /// As many seconds are drawn at most: enough for every line of a bearing, and bounded whatever the recording is.
  package static let seconds = 10.0

  package let samples: [Float]
  /// In hertz.
  package let sampleRate: Double
  /// Of the samples; nil where nobody says.
  package let unit: String?

  package init(samples: [Float], sampleRate: Double, unit: String? = nil) {
    self.samples = samples
    self.sampleRate = sampleRate
    self.unit = unit
  }

  /// Reads the channel called `channel`, else the first one. Samples that are not finite count as 0.
  package init(_ source: RecordingSource, channel: String?) throws(SignalIOError) {
    var source = source
    let place = source.info.channels.firstIndex { $0.name == channel } ?? 0
    let head = try source.readAhead(frames: Int(Self.seconds * source.sampleRate))
    self.init(
      samples: head[place].map { $0.isFinite ? $0 : 0 }, sampleRate: source.sampleRate,
      unit: source.metadata.unit?.value)
  }

  var duration: Double { Double(samples.count) / sampleRate }
  /// Samples without their mean: a sensor's offset would bury what moves.
  var centred: [Float] {
    let mean = samples.isEmpty ? 0 : samples.reduce(0, +) / Float(samples.count)
    return samples.map { $0 - mean }
  }
}
