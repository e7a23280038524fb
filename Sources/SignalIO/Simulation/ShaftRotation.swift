import Foundation
import Support

/// The shaft's angle over time, in turns, with a slow sinusoidal wander of its speed.
///
///     f(t) = f0 (1 + a sin(2 pi v t + p)),  a = sqrt(2) x wander
///     turns(t) = f0 (t + a (cos p - cos(2 pi v t + p)) / (2 pi v))
///
/// One sinusoid instead of a random process keeps the angle in closed form, so impacts and harmonics of an hour
/// agree to the last digit.
struct ShaftRotation {
  let meanHz: Double
  private let depth: Double
  /// 2 pi v, in radians a second.
  private let rate: Double
  private let phase: Double

  /// Draws the wander's rate (0.2 to 1 Hz) and phase.
  init(meanHz: Double, wander: Double, random: inout RandomSource) {
    self.meanHz = meanHz
    depth = 2.0.squareRoot() * wander
    rate = 2 * .pi * random.uniform(in: 0.2...1)
    phase = 2 * .pi * random.uniform()
  }

  func turns(at time: Double) -> Double {
    meanHz * (time + depth * (cos(phase) - cos(rate * time + phase)) / rate)
  }

  func frequency(at time: Double) -> Double { meanHz * (1 + depth * sin(rate * time + phase)) }

  /// The time at which the shaft has made `turns`, by Newton's method from `guess`.
  ///
  /// The speed is positive (depth <= 0.15) and smooth; from the previous impact the second step is already exact to
  /// rounding for the wanders in use, and the loop bounds the rest.
  func time(at turns: Double, guess: Double) -> Double {
    guard depth > 0 else { return turns / meanHz }
    var time = guess
    for _ in 0..<20 {
      let step = (turns - self.turns(at: time)) / frequency(at: time)
      time += step
      if abs(step) < 1e-9 { break }
    }
    return time
  }
}
