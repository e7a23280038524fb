import Foundation
import Support

/// One source of impacts on the shaft: when they come and how hard.
struct ImpactTrain {
  /// Times in seconds, ascending, within the recording.
  private(set) var times: [Double] = []
  /// Strength of each, relative to the mean.
  private(set) var strengths: [Double] = []

  /// Draws the impacts of `family` for `seconds`.
  ///
  /// In turns of the shaft, interval k is (1 + jitter e_k) / (order (1 - slip)) with independent standard normal
  /// e_k. The times are then a random walk around the mean rate: no line spectrum, but a periodic squared envelope.
  /// Such a signal is second-order pseudo-cyclostationary (Antoni and Randall, "Differential diagnosis of gear and
  /// bearing faults", Journal of Vibration and Acoustics 124, 2002; Randall and Antoni, 2011, section 2).
  ///
  /// The strength is (1 + spread n_k) max(0, 1 + m cos(2 pi q x + p)), q turns of the load past the defect a turn of the
  /// shaft: 1 for a race, the cage's order for a rolling element, and m = 0 for the cage. A cosine stands in for
  /// Stribeck's load distribution: its harmonics only add further sidebands.
  init(
    family: FaultFamily, orders: FaultOrders, settings: ImpactSettings, rotation: ShaftRotation,
    seconds: Double,
    random: inout RandomSource
  ) {
    let (order, loadOrder) = Self.orders(of: family, orders)
    let modulation = family == .cage ? 0 : settings.modulation
    let interval = 1 / (order * (1 - settings.slip))
    let phase = 2 * Double.pi * random.uniform()
    var turns = interval * random.uniform()
    var time = turns / rotation.meanHz
    let capacity = Int(seconds * rotation.meanHz / interval * 1.1) + 16
    times.reserveCapacity(capacity)
    strengths.reserveCapacity(capacity)
    var isSecondStrike = random.next() & 1 == 0
    while true {
      time = rotation.time(at: turns, guess: time)
      if time >= seconds { return }
      var strength = 1 + settings.strengthSpread * random.normal()
      if modulation > 0 { strength *= max(0, 1 + modulation * cos(2 * .pi * loadOrder * turns + phase)) }
      if family == .ball, isSecondStrike { strength *= 1 - settings.strikeImbalance }
      isSecondStrike.toggle()
      times.append(time)
      strengths.append(strength)
      // An interval of at least a tenth keeps the order of impacts, however large the jitter.
      turns += interval * max(0.1, 1 + settings.jitter * random.normal())
    }
  }

  /// A rub: one impact a turn, locked to the shaft but for a little play.
  init(rubOf rotation: ShaftRotation, seconds: Double, random: inout RandomSource) {
    let once = FaultOrders(outer: 1, inner: 1, ball: 1, cage: 1)
    let play = ImpactSettings(slip: 0, jitter: 0, strengthSpread: 0.2)
    self.init(
      family: .cage, orders: once, settings: play, rotation: rotation, seconds: seconds, random: &random)
  }

  private static func orders(of family: FaultFamily, _ orders: FaultOrders) -> (fault: Double, load: Double) {
    (orders[family], family == .ball ? orders.cage : 1)
  }

  /// Adds the impacts to `signal` as impulses. Between two samples an impulse is shared linearly, which places it to
  /// a fraction of a sample and costs 3 dB only near half the sample rate.
  func add(to signal: inout [Float], sampleRate: Double) {
    for (time, strength) in zip(times, strengths) {
      let position = time * sampleRate
      let index = Int(position)
      let fraction = position - Double(index)
      if index < signal.count { signal[index] += Float(strength * (1 - fraction)) }
      if index + 1 < signal.count { signal[index + 1] += Float(strength * fraction) }
    }
  }
}
