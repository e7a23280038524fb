import CKernels
import SignalIO

/// The beginning of a recording, as pictures show it: one channel at its own rate.
package struct RecordingExcerpt: Sendable {
  /// As many seconds are drawn at most: enough for every line of a bearing.
  package static let seconds = 10.0
  /// As many samples of a channel at most, whatever the rate.
  package static let mostSamples = 1 << 21

  package let samples: [Float]
  /// In hertz.
  package let sampleRate: Double
  /// Of the samples; nil where nobody says.
  package let unit: String?
  /// From samples to acceleration or velocity; nil where the unit is neither, or unknown.
  package let conversion: UnitConversion?
  /// Revolutions a second, as the metadata state it.
  package var shaftHz: Double?
  /// Of the bearing that the metadata name.
  package var orders: FaultOrders?
  /// The channel's name.
  package var channel: String?

  /// Samples that are not finite count as 0.
  package init(samples: [Float], sampleRate: Double, unit: String? = nil, sensitivity: Double? = nil) {
    self.unit = unit
    let known = unit.flatMap { try? UnitConversion(unit: $0, sensitivity: sensitivity) }
    conversion = known.flatMap { [.acceleration, .velocity].contains($0.quantity) ? $0 : nil }
    self.samples = samples.isFinite ? samples : samples.map { $0.isFinite ? $0 : 0 }
    self.sampleRate = sampleRate
  }

  /// Reads the channel called `channel`, else the first one.
  package init(_ source: RecordingSource, channel: String?) throws(SignalIOError) {
    var source = source
    let place = source.info.channels.firstIndex { $0.name == channel } ?? 0
    let frames = min(Self.mostSamples, Int(min(Self.seconds * source.sampleRate, 1e9).rounded()))
    let head = try source.readAhead(frames: max(1, frames))
    let metadata = source.metadata
    self.init(
      samples: head[place], sampleRate: source.sampleRate, unit: metadata.unit?.value,
      sensitivity: metadata.sensitivity?.value)
    self.channel = source.info.channels[place].name
    shaftHz = metadata.speed.map { $0.value / 60 }
    orders =
      metadata.geometry?.value.faultOrders
      ?? metadata.bearing.flatMap { BearingCatalogue.orders(named: $0.value) }
  }

  var duration: Double { Double(samples.count) / sampleRate }
  /// Samples without their mean: a sensor's offset would bury what moves.
  var centred: [Float] {
    [Float](unsafeUninitializedCapacity: samples.count) { target, count in
      samples.withUnsafeBufferPointer { source in
        // Invariant: as many values are written as samples are read; without any no pointer is used.
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        let mean = Float(sk_sum(from, source.count) / Double(source.count))
        sk_shift_scale(from, mean, 1, to, source.count)
      }
      count = samples.count
    }
  }

  /// 0 without samples.
  var highestMagnitude: Float {
    samples.withUnsafeBufferPointer {
      let summary = fd_summarize_signal($0.baseAddress, $0.count)
      return max(0, summary.maximum, -summary.minimum)
    }
  }

  /// The unit as an axis has it: `m/s²` for `m/s2`.
  var shownUnit: String? { unit?.replacing("s2", with: "s²") }

  /// What was drawn, for a reader: `the first 10 s of channel DE`.
  package var words: String {
    "the first \(Format.number(duration, digits: 2)) s" + (channel.map { " of channel \($0)" } ?? "")
  }
}
