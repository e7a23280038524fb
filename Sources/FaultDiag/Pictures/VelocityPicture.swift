import Plotting
import SignalIO

/// The spectrum of vibration velocity from 10 Hz to 1 kHz, with the shaft's turns marked: unbalance, misalignment, looseness.
///
/// A line shows its root mean square. Acceleration is integrated by dividing by 2 pi f (``VelocityMeter``).
package struct VelocityPicture: RecordingPicture {
  package static let name = "velocity"
  /// Bins of 1 Hz.
  private static let segmentSeconds = 1.0

  package init() {}

  package func panel(of excerpt: RecordingExcerpt, _ diagnosis: Diagnosis?) throws(SignalIOError) -> Panel? {
    guard let conversion = excerpt.conversion, excerpt.sampleRate >= VelocityMeter.leastRate else {
      return nil
    }
    let length = FourierTransform.fastLength(atLeast: Int(Self.segmentSeconds * excerpt.sampleRate))
    guard length <= excerpt.samples.count else { return nil }
    let spectrum = try PowerSpectrum(
      .init(sampleRate: excerpt.sampleRate, segmentLength: length, scaling: .spectrum))
    guard let power = spectrum.power(of: excerpt.samples) else { return nil }
    let frequencies = power.indices.map { Double($0) * spectrum.binWidth }
    let shown = power.indices.filter { VelocityMeter.band.contains(frequencies[$0]) }
    let millimetres = conversion.factor * 1000
    let velocities = shown.map { bin in
      let integration = conversion.quantity == .acceleration ? 2 * .pi * frequencies[bin] : 1
      return Double(power[bin]).squareRoot() * millimetres / integration
    }
    let top = velocities.max() ?? 0
    let shaft = diagnosis?.speed.map { $0.rpm / 60 } ?? excerpt.shaftHz
    // The turns stand close together: the first is named, two more are at the foot.
    let marks = shaft.map { shaft in
      [Panel.Mark(x: shaft, label: "shaft")]
        + [2, 3].map { Panel.Mark(x: $0 * shaft, label: "", kind: .aside) }
    }
    return Panel(
      "Velocity spectrum", x: Axis("frequency", unit: "Hz", range: 0...VelocityMeter.band.upperBound),
      y: Axis("velocity", unit: "mm/s rms", range: 0...(top > 0 ? 1.25 * top : 1)),
      series: [LineSeries("velocity", x: shown.map { frequencies[$0] }, y: velocities)],
      marks: marks ?? [])
  }
}
