import Foundation

/// Parallel two-pole resonators: an impulse at their input comes out as a sum of decaying sinusoids.
///
///     h_i[n] = g_i r_i^(n+1) sin(w_i (n + 1)),  r = exp(-2 pi damping f / fs),  w = 2 pi f / fs
///     y_i[n] = 2 r_i cos(w_i) y_i[n-1] - r_i^2 y_i[n-2] + g_i r_i sin(w_i) x[n]
///
/// The recurrence costs the same for an impulse train of any density. State is Double: near the unit circle single
/// precision would lose the slow decays of high sample rates.
struct ResonatorBank {
  /// Resonators that one bank holds: the lanes of the vector that its recurrence runs in.
  static let capacity = 4

  private var feedback1 = SIMD4<Double>()
  private var feedback2 = SIMD4<Double>()
  private var input = SIMD4<Double>()

  init(_ resonances: [Resonance], sampleRate: Double) {
    precondition(
      resonances.count <= Self.capacity, "\(resonances.count) resonances, but a bank holds \(Self.capacity)")
    for (lane, resonance) in resonances.enumerated() {
      let angle = 2 * Double.pi * resonance.frequency / sampleRate
      let radius = exp(-resonance.damping * angle)
      feedback1[lane] = 2 * radius * cos(angle)
      feedback2[lane] = -radius * radius
      input[lane] = resonance.gain * radius * sin(angle)
    }
  }

  /// Replaces `signal` by the bank's response to it, from rest.
  func respond(to signal: inout [Float]) {
    var (last, beforeLast) = (SIMD4<Double>(), SIMD4<Double>())
    signal.withUnsafeMutableBufferPointer { buffer in
      for i in buffer.indices {
        // Written so that only one multiply-add stands between `last` and its successor.
        let known = feedback2 * beforeLast + input * Double(buffer[i])
        let next = feedback1 * last + known
        (beforeLast, last) = (last, next)
        buffer[i] = Float(next.sum())
      }
    }
  }
}
