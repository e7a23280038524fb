import Foundation
import Plotting
import SignalIO

/// A picture of one recording. A new one is a file beside this and a line in ``RecordingPictures/all``.
package protocol RecordingPicture: Sendable {
  /// What `plot --picture` calls it.
  static var name: String { get }

  init()
  /// Nil where the recording cannot show it: too short, or of a unit that it is not for.
  ///
  /// - `diagnosis`: points at what decided it; nil where there is none.
  func panel(of excerpt: RecordingExcerpt, _ diagnosis: Diagnosis?) throws(SignalIOError) -> Panel?
}

package enum RecordingPictures {
  package static let all: [any RecordingPicture.Type] = [
    WaveformPicture.self, EnvelopePicture.self, SpectrumPicture.self, VelocityPicture.self,
    SpectrogramPicture.self, WindowScoresPicture.self,
  ]

  package static var names: [String] { all.map { $0.name } }
  /// What a report draws of a recording that is in order, where there are many.
  package static let essential = [WaveformPicture.name, EnvelopePicture.name]

  /// The panels of the pictures called `names` that the recording can show.
  package static func panels(
    _ names: [String] = names, of excerpt: RecordingExcerpt, _ diagnosis: Diagnosis?
  ) throws(SignalIOError) -> [Panel] {
    var panels: [Panel] = []
    for picture in all where names.contains(picture.name) {
      if let panel = try picture.init().panel(of: excerpt, diagnosis) { panels.append(panel) }
    }
    return panels
  }
}

/// Decibels of a power, or of an amplitude's square.
func decibels(_ power: Double) -> Double { 10 * log10(max(power, 1e-30)) }
