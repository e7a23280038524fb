import Foundation
import Support

/// Random settings for training on simulated bearings: a different bearing, speed and structure each time.
///
/// The ranges are those with which a network trained on simulations alone diagnosed real bearings: 7 to 16 elements,
/// d/D 0.14 to 0.32, shaft 14 to 35 Hz, jitter 0.1 to 1.5 %, one to three resonances of 0.6 to 5.5 kHz with damping
/// 0.01 to 0.08, -10 to +12 dB. A healthy bearing is not silence: many have another bearing's fault on the shaft or
/// a rub once per turn.
package struct SimulationDraw: Sendable, Equatable, Codable {
  package var sampleRate = 12_000.0
  package var seconds = 1.0
  package var elementCount = 7...16
  /// Element diameter over pitch diameter.
  package var diameterRatio = 0.14...0.32
  /// Share of bearings drawn like the deep-groove ones that most machines have: 7 to 10 elements, d/D 0.17 to 0.27.
  package var commonShare = 0.8
  package var shaftHz = 14.0...35
  package var speedWander = 0.0...0.003
  /// Drawn on a logarithmic scale.
  package var jitter = 0.001...0.015
  /// Geometry is never quite as assumed, so slip may come out slightly negative.
  package var slip = -0.012...0.02
  package var resonanceCount = 1...3
  package var resonanceHz = 600.0...5500
  /// Drawn on a logarithmic scale.
  package var damping = 0.01...0.08
  /// Of the fault's vibration, in decibels.
  package var signalToNoise = -10.0...12
  package var noiseColour = -0.3...0.9
  /// Resonances that the noise shakes, and the power that they give it, in decibels.
  package var noiseResonanceCount = 0...3
  package var resonantNoise = -12.0...6
  /// Share of recordings whose noise swells with the shaft.
  package var swellShare = 0.6
  /// Share of healthy bearings that hear another bearing's fault.
  package var crosstalkShare = 0.5
  /// Share of recordings, of any state, with a rub, and its level in decibels. None by default: tones and swelling noise
  /// bring lines at whole orders already, and rubs beside them made the tuning folds of P1 slightly worse.
  package var rubShare = 0.0
  package var rubLevel = -10.0...6
  /// Load modulation of an inner-race defect; above 1 it leaves the load zone for part of the turn.
  package var innerModulation = 0.3...1.2
  /// Shaft-locked tones at whole orders, at most.
  package var mostTones = 6

  package init() {}

  /// The kinds of fault to draw, each as likely: three defects and none.
  package static let classes: [FaultFamily?] = [.outer, .inner, .ball, nil]

  /// Settings number `index` of the stream that `seed` names.
  package func settings(
    seed: UInt64, index: UInt64, classes: [FaultFamily?] = SimulationDraw.classes
  ) -> SimulationSettings {
    var random = RandomSource(seed: seed, path: [Self.stream, index])
    return settings(fault: classes[random.integer(below: classes.count)], random: &random)
  }

  /// The recording of settings number `index`, with its truth.
  package func recording(
    seed: UInt64, index: UInt64, classes: [FaultFamily?] = SimulationDraw.classes
  ) throws(SignalIOError) -> SimulatedRecording {
    let settings = settings(seed: seed, index: index, classes: classes)
    return try BearingSimulator(settings).recording(seed: seed, index: index)
  }

  private static let stream: UInt64 = 0x4452_4157

  /// Throws ``SignalIOError/badSetting(name:found:expected:)`` for ranges from which no bearing could be drawn.
  package func validate() throws(SignalIOError) {
    for (name, value, range) in [
      ("simulated sample rate", sampleRate, 100...1e7), ("simulated seconds", seconds, 1e-3...3600),
      ("common share", commonShare, 0...1), ("swell share", swellShare, 0...1),
      ("crosstalk share", crosstalkShare, 0...1), ("rub share", rubShare, 0...1),
      ("most tones", Double(mostTones), 0...1000),
    ] where !range.contains(value) {
      throw .badSetting(
        name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    guard (16...1e8).contains(sampleRate * seconds) else {
      throw .badSetting(
        name: "simulated seconds", found: "\(seconds) at \(sampleRate) Hz", expected: "16 to 1e8 samples")
    }
    // As ``SimulationSettings/validated()`` wants what is drawn.
    let most = Double(ResonatorBank.capacity)
    for (name, drawn, range) in [
      ("element count", Self.numbers(elementCount), 3...500), ("diameter ratio", diameterRatio, 0.01...0.99),
      ("shaft speed", shaftHz, 0.01...sampleRate / 4), ("speed wander", speedWander, 0...0.1),
      ("jitter", jitter, 1e-9...0.2), ("slip", slip, -0.2...0.5),
      ("resonance count", Self.numbers(resonanceCount), 1...most), ("resonance", resonanceHz, 1...1e7),
      ("damping", damping, 1e-4...0.5), ("signal to noise", signalToNoise, -100...200),
      ("noise colour", noiseColour, -0.99...0.99),
      ("noise resonance count", Self.numbers(noiseResonanceCount), 0...most),
      ("resonant noise", resonantNoise, -100...100), ("rub level", rubLevel, -100...200),
      ("inner modulation", innerModulation, 0...10),
    ] where !(drawn.lowerBound >= range.lowerBound && drawn.upperBound <= range.upperBound) {
      throw .badSetting(
        name: name, found: "\(drawn.lowerBound) to \(drawn.upperBound)",
        expected: "within \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func numbers(_ range: ClosedRange<Int>) -> ClosedRange<Double> {
    Double(range.lowerBound)...Double(range.upperBound)
  }

  /// Settings of a bearing with `fault`.
  package func settings(fault: FaultFamily?, random: inout RandomSource) -> SimulationSettings {
    var settings = SimulationSettings(
      fault: fault, orders: orders(&random), shaftHz: random.uniform(in: shaftHz))
    settings.sampleRate = sampleRate
    settings.seconds = seconds
    settings.speedWander = random.uniform(in: speedWander)
    settings.signalToNoise = random.uniform(in: signalToNoise)
    settings.impacts = impacts(of: fault, &random)
    settings.resonances = resonances(resonanceCount, &random)
    settings.noiseColour = random.uniform(in: noiseColour)
    settings.noiseResonances = resonances(noiseResonanceCount, &random)
    settings.resonantNoise = random.uniform(in: resonantNoise)
    if random.uniform() < swellShare {
      settings.noiseModulation = .init(
        order: Double(1 + random.integer(below: 2)), amplitude: random.uniform(in: 0...0.5))
    }
    settings.shaftHarmonics = (0..<random.integer(below: 7)).map { _ in
      logarithmic(0.03...1, &random)
    }
    for _ in 0..<random.integer(below: mostTones + 1) { settings.tones += mesh(&random) }
    addInterference(to: &settings, &random)
    return settings
  }

  private func addInterference(to settings: inout SimulationSettings, _ random: inout RandomSource) {
    if settings.fault == nil, random.uniform() < crosstalkShare {
      let other: FaultFamily = [.outer, .inner, .ball][random.integer(below: 3)]
      settings.crosstalk = SimulationSettings.Crosstalk(
        fault: other, orders: distantOrders(from: settings.orders, &random),
        level: random.uniform(in: signalToNoise), impacts: impacts(of: other, &random),
        resonances: resonances(resonanceCount, &random))
    }
    if random.uniform() < rubShare {
      settings.rub = SimulationSettings.Rub(
        level: random.uniform(in: rubLevel), resonances: resonances(resonanceCount, &random))
    }
  }

  private func orders(_ random: inout RandomSource) -> FaultOrders {
    let isCommon = random.uniform() < commonShare
    let elementCount = isCommon ? 7...10 : self.elementCount
    let diameterRatio = isCommon ? 0.17...0.27 : self.diameterRatio
    let count = elementCount.lowerBound + random.integer(below: elementCount.count)
    // The outermost balls must fit on the circle: n asin(d/D) <= pi.
    let limit = min(diameterRatio.upperBound, 0.98 * sin(.pi / Double(count)))
    let ratio = random.uniform(in: min(diameterRatio.lowerBound, limit)...limit)
    return BearingGeometry(elementCount: count, elementDiameter: ratio, pitchDiameter: 1).faultOrders
  }

  /// Another bearing whose orders differ by more than the slip that a search allows; otherwise its crosstalk would be
  /// a fault of this bearing by every measure there is, and the label wrong.
  private func distantOrders(from own: FaultOrders, _ random: inout RandomSource) -> FaultOrders {
    var other = orders(&random)
    for _ in 0..<100 {
      let isNear = [FaultFamily.outer, .inner, .ball].contains { family in
        [FaultFamily.outer, .inner, .ball].contains { abs(other[$0] / own[family] - 1) < 0.04 }
      }
      if !isNear { break }
      other = orders(&random)
    }
    return other
  }

  private func impacts(of fault: FaultFamily?, _ random: inout RandomSource) -> ImpactSettings {
    let depth: ClosedRange<Double> =
      switch fault {
      case .inner: innerModulation
      case .ball: 0.2...1
      // Some outer races show the shaft: a rotating unbalance moves the load zone.
      case .outer: random.uniform() < 0.5 ? 0...0 : 0...0.6
      case .cage, nil: 0...0
      }
    return ImpactSettings(
      slip: random.uniform(in: slip), jitter: logarithmic(jitter, &random),
      strengthSpread: random.uniform(in: 0.05...0.3), modulation: random.uniform(in: depth),
      strikeImbalance: fault == .ball ? random.uniform(in: 0...0.6) : 0)
  }

  private func resonances(_ counts: ClosedRange<Int>, _ random: inout RandomSource) -> [Resonance] {
    let count = counts.lowerBound + random.integer(below: counts.count)
    return (0..<count).map { _ in
      Resonance(
        frequency: min(random.uniform(in: resonanceHz), 0.48 * sampleRate),
        damping: logarithmic(damping, &random),
        gain: (random.next() & 1 == 0 ? 1 : -1) * random.uniform(in: 0.3...1))
    }
  }

  /// A line at a whole order with a pair of shaft sidebands, as gears, fans and electrical machines make them. They
  /// stand in recordings of every state, so that lines at whole orders of the envelope speak for none.
  private func mesh(_ random: inout RandomSource) -> [SimulationSettings.Tone] {
    let order = Double(1 + random.integer(below: 60))
    let amplitude = random.uniform()
    let sideband = random.uniform(in: 0...0.25) * amplitude
    // A tone needs an order above zero: order 1 has no lower sideband.
    let orders = order > 1 ? [order - 1, order, order + 1] : [order, order + 1]
    return orders.map { .init(order: $0, amplitude: $0 == order ? amplitude : sideband) }
  }

  private func logarithmic(_ range: ClosedRange<Double>, _ random: inout RandomSource) -> Double {
    exp(random.uniform(in: log(range.lowerBound)...log(range.upperBound)))
  }
}
