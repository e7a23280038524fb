import Foundation
import Plotting
import SignalIO

/// The envelope spectrum of the band that shows the lines best, with the bearing's lines marked.
///
/// The family that shows most has its fundamental pointed at where it was found, and its harmonics marked; of the others
/// the fundamental is marked, where it should be.
package struct EnvelopePicture: RecordingPicture {
  package static let name = "envelope"

  package init() {}

  package func panel(of excerpt: RecordingExcerpt, _ diagnosis: Diagnosis?) throws(SignalIOError) -> Panel? {
    // A second at least: a bin is then 1 Hz wide at most.
    guard excerpt.duration >= 1 else { return nil }
    let evidence = diagnosis?.evidence ?? []
    let nyquist = excerpt.sampleRate / 2
    let band = evidence.first?.band
    let (lowest, highest) = (
      band?.lowestHz ?? min(500, nyquist / 8), min(band?.highestHz ?? nyquist, 0.98 * nyquist)
    )
    guard lowest < highest else { return nil }
    let count = excerpt.samples.count - excerpt.samples.count % 2
    let spectrum = try EnvelopeSpectrum(
      .init(sampleRate: excerpt.sampleRate, frameCount: count, lowest: lowest, highest: highest))
    let amplitudes = spectrum.amplitudes(of: Array(excerpt.centred.prefix(count)))
    let end = min(nyquist, Self.end(evidence))
    let shown = amplitudes.indices.dropFirst().prefix { Double($0) * spectrum.binWidth <= end }
    guard let top = shown.map({ Double(amplitudes[$0]) }).max(), top > 0 else { return nil }
    let title =
      "Envelope spectrum, \(Format.number(lowest, digits: 0)) to \(Format.number(highest, digits: 0)) Hz"
    return Panel(
      title, x: Axis("frequency", unit: "Hz", range: 0...end),
      y: Axis("amplitude", unit: excerpt.unit, range: 0...1.1 * top),
      series: [
        LineSeries(
          "envelope", x: shown.map { Double($0) * spectrum.binWidth }, y: shown.map { Double(amplitudes[$0]) }
        )
      ], marks: Self.marks(evidence))
  }

  /// Four harmonics of the strongest family and a little; 400 Hz where there is none.
  private static func end(_ evidence: [Evidence]) -> Double {
    let highest = evidence.map(\.expectedHz).max() ?? 360
    return max(1.1 * highest, 4.3 * (evidence.first?.foundHz ?? 90))
  }

  private static func marks(_ evidence: [Evidence]) -> [Panel.Mark] {
    guard let strongest = evidence.first else { return [] }
    let own = (1...4).map { harmonic in
      Panel.Mark(
        x: Double(harmonic) * strongest.foundHz,
        label: harmonic == 1
          ? "► \(strongest.family.rawValue) \(Format.fixed(strongest.foundHz, digits: 1)) Hz" : "\(harmonic)×"
      )
    }
    return own
      + evidence.dropFirst().map { Panel.Mark(x: $0.expectedHz, label: $0.family.rawValue) }
  }
}
