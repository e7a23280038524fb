import CKernels
import Plotting
import SignalIO

/// Welch's power spectrum up to half the sample rate, in decibels, with the band marked that shows a bearing's lines best.
package struct SpectrumPicture: RecordingPicture {
  package static let name = "spectrum"
  /// Half a second: bins of 2 Hz, and an average of many.
  private static let segmentSeconds = 0.5
  private static let dynamics = 90.0

  package init() {}

  package func panel(of excerpt: RecordingExcerpt, _ diagnosis: Diagnosis?) throws(SignalIOError) -> Panel? {
    let length = FourierTransform.fastLength(
      atLeast: min(excerpt.samples.count, Int(Self.segmentSeconds * excerpt.sampleRate)))
    guard length >= 64, length <= excerpt.samples.count else { return nil }
    let spectrum = try PowerSpectrum(
      .init(sampleRate: excerpt.sampleRate, segmentLength: length, scaling: .density))
    guard let power = spectrum.power(of: excerpt.samples) else { return nil }
    let levels = power.map { decibels(Double($0)) }
    let top = (levels.dropFirst().max() ?? 0) + 3
    // A few bins at the ends, where filters are, may lie far below all others.
    let bottom = decibels(Double(sk_order_statistic(power, power.count, power.count / 50))) - 6
    let unit = excerpt.shownUnit.map { "dB re 1 \($0.contains("/") ? "(\($0))" : $0)²/Hz" } ?? "dB"
    let band = BearingMarks(diagnosis, shaftHz: nil, orders: nil).band
    return Panel(
      "Spectrum", x: Axis("frequency", unit: "Hz", range: 0...excerpt.sampleRate / 2),
      y: Axis("power density", unit: unit, range: max(bottom, top - Self.dynamics)...top),
      series: [
        LineSeries("spectrum", x: levels.indices.map { Double($0) * spectrum.binWidth }, y: levels)
      ],
      marks: band.map {
        [
          Panel.Mark(x: $0.lowestHz, label: "band of the lines"), Panel.Mark(x: $0.highestHz, label: ""),
        ]
      } ?? [])
  }
}
