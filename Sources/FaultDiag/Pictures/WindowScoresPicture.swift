import Plotting
import SignalIO

/// How probable each state is over the whole recording, every window judged alone: whether a finding holds throughout.
package struct WindowScoresPicture: RecordingPicture {
  package static let name = "scores"

  package init() {}

  package func panel(of excerpt: RecordingExcerpt, _ diagnosis: Diagnosis?) throws(SignalIOError) -> Panel? {
    guard let diagnosis, let scores = diagnosis.windowScores else { return nil }
    let series = scores.states.enumerated().map { index, state in
      LineSeries(
        state.state,
        x: state.probabilities.indices.map { scores.firstSeconds + Double($0) * scores.stepSeconds },
        y: state.probabilities.map { $0 ?? .nan }, colour: index)
    }
    let words = scores.windowsPerPoint == 1 ? "" : ", means of \(scores.windowsPerPoint)"
    return Panel(
      "Scores of single windows\(words)",
      x: Axis("time", unit: "s", range: 0...max(diagnosis.recording.seconds, scores.stepSeconds)),
      y: Axis("probability", range: -0.04...1.04), series: series, hasLegend: true)
  }
}
