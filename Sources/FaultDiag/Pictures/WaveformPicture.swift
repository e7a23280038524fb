import Plotting
import SignalIO

/// Samples over time.
package struct WaveformPicture: RecordingPicture {
  package static let name = "waveform"

  package init() {}

  package func panel(of excerpt: RecordingExcerpt, _ diagnosis: Diagnosis?) throws(SignalIOError) -> Panel? {
    guard excerpt.samples.count >= 2 else { return nil }
    let highest = Double(excerpt.highestMagnitude)
    let reach = highest > 0 ? 1.05 * highest : 1
    return Panel(
      "Waveform", x: Axis("time", unit: "s", range: 0...excerpt.duration),
      y: Axis("amplitude", unit: excerpt.shownUnit, range: -reach...reach),
      series: [LineSeries("waveform", samples: excerpt.samples, sampleRate: excerpt.sampleRate)])
  }
}
