import Foundation
import Plotting
import SignalIO

/// A window before and after augmentation: waveforms above their spectrograms, on the same axes.
struct AugmentationPicture {
  let before: [Float]
  let after: [Float]
  /// In hertz.
  let sampleRate: Double
  /// Of the window's beginning, in seconds.
  let start: Double
  let unit: String?

  /// What falls this far below the loudest place of the window before is drawn as silence, in dB.
  private static let dynamics = 70.0

  func figure(title: String) throws(SignalIOError) -> Figure {
    let time = Axis("time", unit: "s", range: start...start + Double(before.count) / sampleRate)
    let peak = Double((before + after).reduce(0) { max($0, abs($1)) })
    let reach = peak > 0 ? 1.05 * peak : 1
    let amplitude = Axis("amplitude", unit: unit, range: -reach...reach)
    func wave(_ name: String, _ samples: [Float], _ colour: Int) -> Panel {
      let line = LineSeries(name, samples: samples, sampleRate: sampleRate, start: start, colour: colour)
      return Panel(name, x: time, y: amplitude, series: [line])
    }
    let (first, second) = (try levels(before), try levels(after))
    let highest = first.joined().max() ?? 0
    let level = Axis("level", unit: "dB", range: highest - Self.dynamics...highest)
    func map(_ name: String, _ levels: [[Double]]) -> Panel {
      Panel(
        name, x: time, y: Axis("frequency", unit: "Hz", range: 0...sampleRate / 2),
        heatMap: HeatMap(columns: levels, scale: level))
    }
    return Figure(
      [
        wave("Before", before, 0), wave("After", after, 1), map("Before: spectrogram", first),
        map("After: spectrogram", second),
      ], columns: 2, title: title)
  }

  /// Band levels of each frame, `[frame][band]`, in dB; bands of equal width.
  private func levels(_ samples: [Float]) throws(SignalIOError) -> [[Double]] {
    // Some 200 frames overlapping by half at least, of no less than 32 samples and no more than the window.
    let frame = max(min(32, samples.count), min(samples.count, 512, samples.count / 20))
    let bands = max(1, min(96, frame / 2))
    let spectrogram = try LogBandSpectrogram(
      settings: .init(
        sampleRate: sampleRate, frameLength: frame, hop: max(1, min(frame / 2, samples.count / 200)),
        bandCount: bands, scale: .linear, floor: 1e-20))
    let values = spectrogram.frames(of: samples).values
    return stride(from: 0, to: values.count, by: bands).map { start in
      values[start..<start + bands].map { Double($0) * 10 / log(10) }
    }
  }
}
