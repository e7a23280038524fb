import Plotting
import SignalIO

/// The envelope spectrum of the band that shows the lines best, with `BearingMarks`.
package struct EnvelopePicture: RecordingPicture {
  package static let name = "envelope"
  /// A bin is then 1 Hz wide at most.
  private static let leastSeconds = 1.0
  /// Shown where no line has a known place; in hertz.
  private static let usualEnd = 400.0
  /// Below it stand the shaft's own lines; in hertz.
  private static let usualLowest = 500.0

  package init() {}

  package func panel(of excerpt: RecordingExcerpt, _ diagnosis: Diagnosis?) throws(SignalIOError) -> Panel? {
    guard excerpt.duration >= Self.leastSeconds else { return nil }
    let marks = BearingMarks(diagnosis, shaftHz: excerpt.shaftHz, orders: excerpt.orders)
    let nyquist = excerpt.sampleRate / 2
    let lowest = marks.band?.lowestHz ?? min(Self.usualLowest, nyquist / 8)
    let highest = min(marks.band?.highestHz ?? nyquist, nyquist)
    guard highest - lowest >= 10 else { return nil }
    let count = FourierTransform.fastLength(atMost: excerpt.samples.count)
    let end = min(nyquist, marks.highestHz ?? Self.usualEnd)
    let spectrum = try EnvelopeSpectrum(
      .init(
        sampleRate: excerpt.sampleRate, frameCount: count, lowest: lowest, highest: highest, upTo: end))
    let samples = excerpt.samples
    let amplitudes = spectrum.amplitudes(of: count == samples.count ? samples : Array(samples.prefix(count)))
    let shown = amplitudes.indices.dropFirst().prefix { Double($0) * spectrum.binWidth <= end }
    guard let top = shown.map({ Double(amplitudes[$0]) }).max(), top > 0 else { return nil }
    let words = "\(Format.number(lowest, digits: 0)) to \(Format.number(highest, digits: 0)) Hz"
    return Panel(
      "Envelope spectrum, \(words)", x: Axis("frequency", unit: "Hz", range: 0...end),
      // Room above for the words of the marks.
      y: Axis("amplitude", unit: excerpt.shownUnit, range: 0...1.3 * top),
      series: [
        LineSeries(
          "envelope", x: shown.map { Double($0) * spectrum.binWidth }, y: shown.map { Double(amplitudes[$0]) }
        )
      ], marks: marks.marks)
  }
}
