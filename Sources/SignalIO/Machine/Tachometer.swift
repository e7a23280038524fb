import Foundation

/// The shaft speed from a channel that pulses a fixed number of times a turn.
package struct Tachometer: Sendable {
  /// Speed over a recording.
  package struct Reading: Sendable, Equatable {
    /// Mean revolutions a second between the first and the last pulse.
    package var hertz: Double
    /// Standard deviation of the speed from pulse to pulse, in hertz.
    package var spread: Double
    /// When each pulse began, in seconds.
    package var pulseTimes: [Double]
  }

  package enum Refusal: Error, Sendable, Equatable {
    /// Fewer than three pulses.
    case tooFewPulses(Int)
    /// Intervals between pulses differ too much: a share of them is more than a quarter off their median.
    case irregular(share: Double)
  }

  private let pulsesPerTurn: Double

  package init(pulsesPerTurn: Int = 1) {
    precondition(pulsesPerTurn > 0, "\(pulsesPerTurn) pulses a turn")
    self.pulsesPerTurn = Double(pulsesPerTurn)
  }

  /// Finds the pulses' rising edges and the speed.
  ///
  /// An edge is where the signal crosses halfway between its 1st and 99.9th percentile upwards, placed by linear
  /// interpolation, after it has been below the first third: noise at the threshold does not count twice. Pulses
  /// that go down work as well: their rising ends are as regular. One interval in twenty may be off (a missed or
  /// doubled pulse); the speed is then that of the intervals within a quarter of their median.
  package func reading(_ samples: [Float], sampleRate: Double) -> Result<Reading, Refusal> {
    let times = edges(samples).map { $0 / sampleRate }
    guard times.count >= 3 else { return .failure(.tooFewPulses(times.count)) }
    let intervals = zip(times.dropFirst(), times).map { $0 - $1 }
    let median = intervals.sorted()[intervals.count / 2]
    let regular = intervals.filter { abs($0 / median - 1) <= 0.25 }
    let share = 1 - Double(regular.count) / Double(intervals.count)
    guard share <= 0.05 else { return .failure(.irregular(share: share)) }
    let mean = regular.reduce(0, +) / Double(regular.count)
    let variance = regular.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(regular.count)
    let hertz = 1 / (mean * pulsesPerTurn)
    return .success(Reading(hertz: hertz, spread: hertz * variance.squareRoot() / mean, pulseTimes: times))
  }

  private func edges(_ samples: [Float]) -> [Double] {
    let finite = samples.filter(\.isFinite).sorted()
    guard finite.count > 3 else { return [] }
    let low = finite[finite.count / 100]
    let high = finite[min(finite.count - 1, finite.count * 999 / 1000)]
    guard high > low else { return [] }
    let (threshold, rearm) = (low + (high - low) / 2, low + (high - low) / 3)
    var edges: [Double] = []
    var isArmed = false
    for i in samples.indices {
      if samples[i] < rearm { isArmed = true }
      guard isArmed, i > 0, samples[i] >= threshold else { continue }
      edges.append(Double(i - 1) + Double((threshold - samples[i - 1]) / (samples[i] - samples[i - 1])))
      isArmed = false
    }
    return edges
  }
}
