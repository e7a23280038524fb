import Foundation
import Support
import Testing

@testable import SignalIO

@Suite struct SimulationPartsTests {
  /// An impulse through the recurrence against the decaying sinusoids that it stands for.
  @Test(arguments: [12_000.0, 97_656]) func resonatorsRingAsTheirFormula(sampleRate: Double) {
    let resonances = [
      Resonance(frequency: 620, damping: 0.01), Resonance(frequency: 2300, damping: 0.05, gain: -0.4),
      Resonance(frequency: 5100, damping: 0.08, gain: 0.7),
    ]
    var signal = [Float](repeating: 0, count: 3000)
    signal[0] = 1
    ResonatorBank(resonances, sampleRate: sampleRate).respond(to: &signal)
    for (n, observed) in signal.enumerated() {
      let time = Double(n + 1) / sampleRate
      let expected = resonances.reduce(0.0) { sum, resonance in
        let rate = 2 * Double.pi * resonance.frequency
        return sum + resonance.gain * exp(-resonance.damping * rate * time) * sin(rate * time)
      }
      #expect(abs(Double(observed) - expected) < 1e-6, "sample \(n)")
    }
  }

  /// Tones against plain sines of the shaft's angle, with wander, over block borders and more than one group.
  @Test func tonesFollowTheShaft() {
    var random = RandomSource(seed: 1)
    let rotation = ShaftRotation(meanHz: 25, wander: 0.01, random: &random)
    let tones = (1...11).map { SimulationSettings.Tone(order: Double($0) * 1.7, amplitude: 1 / Double($0)) }
    var phases = random
    var signal = [Float](repeating: 0, count: 5000)
    ToneBank(tones, random: &random).add(to: &signal, sampleRate: 12_000, rotation: rotation)
    let drawn = tones.map { _ in 2 * Double.pi * phases.uniform() }
    for n in signal.indices {
      let turns = rotation.turns(at: Double(n) / 12_000)
      let expected = zip(tones, drawn).reduce(0.0) {
        $0 + $1.0.amplitude * sin(2 * .pi * $1.0.order * turns + $1.1)
      }
      // The bound that ToneBank states, 8e-4 rad an order here, added up over eleven tones.
      #expect(abs(Double(signal[n]) - expected) < 0.015, "sample \(n)")
    }
  }

  @Test func timeIsTheInverseOfTurns() {
    var random = RandomSource(seed: 3)
    let rotation = ShaftRotation(meanHz: 20, wander: 0.1, random: &random)
    for turns in stride(from: 0.0, to: 2000, by: 13.7) {
      let time = rotation.time(at: turns, guess: turns / 20)
      #expect(abs(rotation.turns(at: time) - turns) < 1e-6)
    }
  }

  /// The wander's standard deviation over many seconds is the one asked for.
  @Test func wanderHasItsDepth() {
    var random = RandomSource(seed: 4)
    let rotation = ShaftRotation(meanHz: 20, wander: 0.02, random: &random)
    let speeds = stride(from: 0.0, to: 200, by: 0.01).map { rotation.frequency(at: $0) / 20 - 1 }
    let variance = speeds.reduce(0) { $0 + $1 * $1 } / Double(speeds.count)
    #expect(abs(variance.squareRoot() / 0.02 - 1) < 0.05)
  }

  @Test func powerOfAnyLength() {
    for count in [0, 1, 7, 8, 9, 32_768, 40_001] {
      let samples = (0..<count).map { Float(sin(Double($0))) }
      let expected = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, count))
      #expect(abs(samples.power - expected) < 1e-6)
    }
  }
}

@Suite struct SimulationDrawTests {
  private let draws = (0..<2000).map { SimulationDraw().settings(seed: 12, index: UInt64($0)) }

  @Test func everyDrawCanBeSimulated() throws {
    for settings in draws { _ = try settings.validated() }
  }

  @Test func drawsStayInTheirRanges() {
    let range = SimulationDraw()
    for settings in draws {
      #expect(range.shaftHz.contains(settings.shaftHz))
      #expect(range.elementCount.contains(settings.orders.elementCount))
      let ratio =
        (settings.orders.inner - settings.orders.outer) / (settings.orders.inner + settings.orders.outer)
      #expect(ratio > 0.139 && ratio < 0.321)
      #expect(range.signalToNoise.contains(settings.signalToNoise!))
      #expect(range.jitter.contains(settings.impacts.jitter) && range.slip.contains(settings.impacts.slip))
      #expect(range.resonanceCount.contains(settings.resonances.count))
      #expect(settings.resonances.allSatisfy { range.resonanceHz.contains($0.frequency) })
      #expect(settings.resonances.allSatisfy { range.damping.contains($0.damping) })
    }
  }

  /// Classes are equally likely (standard error 19 of 500), and only healthy bearings hear another one's fault.
  @Test func classesAndInterferenceHaveTheirShares() {
    for fault in SimulationDraw.classes { #expect(abs(draws.count { $0.fault == fault } - 500) < 100) }
    #expect(draws.allSatisfy { $0.fault == nil || $0.crosstalk == nil })
    let healthy = draws.filter { $0.fault == nil }
    #expect(abs(Double(healthy.count { $0.crosstalk != nil }) / Double(healthy.count) - 0.5) < 0.12)
    var rubbing = SimulationDraw()
    rubbing.rubShare = 0.3
    let rubs = (0..<500).count { rubbing.settings(seed: 9, index: $0).rub != nil }
    #expect(abs(Double(rubs) / 500 - 0.3) < 0.08)
  }

  /// Crosstalk must not be this bearing's own fault within the slip that a search allows.
  @Test func crosstalkIsAnotherBearing() {
    for settings in draws {
      guard let other = settings.crosstalk?.orders else { continue }
      for a in [FaultFamily.outer, .inner, .ball] {
        for b in [FaultFamily.outer, .inner, .ball] {
          #expect(abs(other[a] / settings.orders[b] - 1) >= 0.04)
        }
      }
    }
  }

  @Test func ballsFitOnTheirCircle() {
    for settings in draws {
      let count = Double(settings.orders.elementCount)
      let ratio = (settings.orders.inner - settings.orders.outer) / count
      #expect(count * asin(ratio) <= .pi)
    }
  }
}
