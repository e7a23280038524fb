import Foundation
import Support

/// Sinusoids locked to the shaft, with a phase drawn for each.
struct ToneBank {
  private static let lanes = 8
  /// Samples between exact evaluations of the angle; in between the phasors turn evenly.
  ///
  /// With a wander of 1 % at 1 Hz, a tone of 1 kHz is then off by at most 0.03 rad at 12 kHz: the chord's error is
  /// the frequency's slope times (stride / 2)^2 / 2.
  private static let stride = 256

  private let tones: [(order: Double, amplitude: Double, phase: Double)]

  init(_ tones: [SimulationSettings.Tone], random: inout RandomSource) {
    var phased: [(order: Double, amplitude: Double, phase: Double)] = []
    for tone in tones where tone.amplitude != 0 {
      phased.append((tone.order, tone.amplitude, 2 * .pi * random.uniform()))
    }
    self.tones = phased
  }

  /// Adds the tones below half the sample rate to `signal`.
  func add(to signal: inout [Float], sampleRate: Double, rotation: ShaftRotation) {
    let audible = tones.filter { $0.order * rotation.meanHz * 1.15 < sampleRate / 2 }
    for first in Swift.stride(from: 0, to: audible.count, by: Self.lanes) {
      let group = audible[first..<min(first + Self.lanes, audible.count)]
      for begin in Swift.stride(from: 0, to: signal.count, by: Self.stride) {
        addBlock(group, at: begin, to: &signal, sampleRate: sampleRate, rotation: rotation)
      }
    }
  }

  private func addBlock(
    _ group: ArraySlice<(order: Double, amplitude: Double, phase: Double)>, at begin: Int,
    to signal: inout [Float],
    sampleRate: Double, rotation: ShaftRotation
  ) {
    let count = min(Self.stride, signal.count - begin)
    let turns = rotation.turns(at: Double(begin) / sampleRate)
    let step = (rotation.turns(at: Double(begin + count) / sampleRate) - turns) / Double(count)
    var (real, imaginary) = (SIMD8<Float>(), SIMD8<Float>())
    var (turnReal, turnImaginary) = (SIMD8<Float>(), SIMD8<Float>())
    for (lane, tone) in group.enumerated() {
      // Whole turns are dropped before the sine so that it stays exact after hours.
      let angle = 2 * Double.pi * (tone.order * turns).truncatingRemainder(dividingBy: 1) + tone.phase
      real[lane] = Float(tone.amplitude * cos(angle))
      imaginary[lane] = Float(tone.amplitude * sin(angle))
      turnReal[lane] = Float(cos(2 * .pi * tone.order * step))
      turnImaginary[lane] = Float(sin(2 * .pi * tone.order * step))
    }
    signal.withUnsafeMutableBufferPointer { buffer in
      for i in begin..<(begin + count) {
        buffer[i] += imaginary.sum()
        let turned = real * turnReal - imaginary * turnImaginary
        imaginary = real * turnImaginary + imaginary * turnReal
        real = turned
      }
    }
  }
}
