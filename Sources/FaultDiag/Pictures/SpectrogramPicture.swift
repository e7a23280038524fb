import Foundation
import Plotting
import SignalIO

/// Levels of equal bands over time.
package struct SpectrogramPicture: RecordingPicture {
  package static let name = "spectrogram"
  private static let columns = 120
  private static let bands = 48
  private static let dynamics = 70.0

  package init() {}

  package func panel(of excerpt: RecordingExcerpt, _ diagnosis: Diagnosis?) throws(SignalIOError) -> Panel? {
    let frame = 512
    guard excerpt.samples.count >= 2 * frame else { return nil }
    let spectrogram = try LogBandSpectrogram(
      settings: .init(
        sampleRate: excerpt.sampleRate, frameLength: frame,
        hop: max(frame / 2, excerpt.samples.count / Self.columns), bandCount: Self.bands, scale: .linear,
        floor: 1e-20))
    let values = spectrogram.frames(of: excerpt.centred).values
    let levels = stride(from: 0, to: values.count, by: Self.bands).map { start in
      values[start..<start + Self.bands].map { Double($0) * 10 / log(10) }
    }
    guard let highest = levels.joined().max(), let lowest = levels.joined().min() else { return nil }
    return Panel(
      "Spectrogram", x: Axis("time", unit: "s", range: 0...excerpt.duration),
      y: Axis("frequency", unit: "Hz", range: 0...excerpt.sampleRate / 2),
      heatMap: HeatMap(
        columns: levels,
        scale: Axis("level", unit: "dB", range: max(lowest, highest - Self.dynamics)...highest)))
  }
}
