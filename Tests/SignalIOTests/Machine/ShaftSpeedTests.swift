import Foundation
import Support
import Testing

@testable import SignalIO

@Suite struct ShaftSpeedTests {
  private func settings(_ shaftHz: Double, seconds: Double = 10) -> SimulationSettings {
    var settings = SimulationSettings(
      fault: nil, orders: BearingCatalogue.orders(named: "6205")!, shaftHz: shaftHz)
    settings.seconds = seconds
    settings.signalToNoise = 0
    return settings
  }

  /// Shaft harmonics in noise, a nominal speed that is up to 5 % off: the speed is found, and the stated uncertainty
  /// holds in nine cases of ten.
  @Test func findsTheSpeedAroundANominalOne() throws {
    var random = RandomSource(seed: 17)
    var covered = 0
    for index in UInt64(0)..<30 {
      var settings = settings(random.uniform(in: 18...40))
      settings.speedWander = 0.0005
      settings.shaftHarmonics = (0..<6).map { _ in random.uniform(in: 0.02...0.3) }
      let recording = try BearingSimulator(settings).recording(seed: 3, index: index)
      let nominal = recording.meanShaftHz * random.uniform(in: 0.95...1.05)
      let estimate = try ShaftSpeed().estimate(
        recording.samples, sampleRate: 12_000, search: .around(nominal)
      ).get()
      let error = abs(estimate.hertz - recording.meanShaftHz)
      #expect(error < 0.001 * recording.meanShaftHz, "\(index): \(estimate), truth \(recording.meanShaftHz)")
      if error <= estimate.uncertainty { covered += 1 }
    }
    #expect(covered >= 27, "covered \(covered) of 30")
  }

  /// The envelope alone tells the speed where a rub is the shaft's only trace.
  @Test func findsTheSpeedInTheEnvelope() throws {
    var settings = settings(24.3)
    settings.rub = .init(level: 0, resonances: [Resonance(frequency: 3100, damping: 0.04)])
    let recording = try BearingSimulator(settings).recording(seed: 1)
    let estimate = try ShaftSpeed().estimate(
      recording.samples, sampleRate: 12_000, search: .around(25)
    ).get()
    #expect(abs(estimate.hertz / 24.3 - 1) < 0.001)
  }

  /// Without a nominal speed the comb must show in the signal and in its envelope; half the speed is refused or
  /// out of range, but never stated.
  @Test func findsTheSpeedInARange() throws {
    var settings = settings(24.3, seconds: 20)
    settings.rub = .init(level: 0, resonances: [Resonance(frequency: 3100, damping: 0.04)])
    settings.shaftHarmonics = [0.3, 0.2, 0.2, 0.1, 0.2, 0.1, 0.1, 0.2]
    let samples = try BearingSimulator(settings).recording(seed: 1).samples
    let estimate = try ShaftSpeed().estimate(samples, sampleRate: 12_000, search: .range(17...45)).get()
    #expect(abs(estimate.hertz / 24.3 - 1) < 0.001)
    if case .success(let wide) = ShaftSpeed().estimate(samples, sampleRate: 12_000, search: .anywhere) {
      #expect(abs(wide.hertz / 24.3 - 1) < 0.001)
    }
  }

  @Test func refusesNoiseAndSilence() throws {
    let noise = try BearingSimulator(settings(30)).recording(seed: 5).samples
    for samples in [noise, [Float](repeating: 0, count: 120_000), [Float](repeating: 1, count: 120_000)] {
      for search in [ShaftSpeed.Search.around(30), .anywhere] {
        guard case .failure = ShaftSpeed().estimate(samples, sampleRate: 12_000, search: search) else {
          Issue.record("a speed was found in nothing")
          continue
        }
      }
    }
  }

  @Test func refusesSpeedsBeyondTheSpectrumAndDamagedSamples() {
    let silence = [Float](repeating: 0, count: 12_000)
    #expect(
      ShaftSpeed().estimate(silence, sampleRate: 12_000, search: .around(1e6)) == .failure(.noComb(score: 0)))
    let damaged = [Float](repeating: .nan, count: 120_000)
    if case .success = ShaftSpeed().estimate(damaged, sampleRate: 12_000, search: .around(30)) {
      Issue.record("a speed was found in NaN")
    }
  }

  /// Two shafts of equal strength: no answer, and both are named.
  @Test func refusesRivals() throws {
    var settings = settings(29)
    settings.shaftHarmonics = [0.2, 0.2, 0.2, 0.2, 0.2]
    settings.tones = (1...5).map { .init(order: Double($0) * 30.2 / 29, amplitude: 0.2) }
    let samples = try BearingSimulator(settings).recording(seed: 5).samples
    let result = ShaftSpeed().estimate(samples, sampleRate: 12_000, search: .around(29.5))
    guard case .failure(.ambiguous(let best, let rival)) = result else {
      Issue.record("\(result)")
      return
    }
    let found = [best, rival].sorted()
    #expect(abs(found[0] - 29) < 0.1 && abs(found[1] - 30.2) < 0.1)
  }

  @Test func refusesShortRecordings() {
    let result = ShaftSpeed().estimate(
      [Float](repeating: 0, count: 12_000), sampleRate: 12_000, search: .around(30))
    guard case .failure(.tooShort(let seconds, let needed)) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(seconds == 1 && abs(needed - 150 / 32.1) < 1e-9)
  }
}

@Suite struct TachometerTests {
  /// Rectangular pulses of a tenth of a turn, with a ramp of one sample, at `hertz`.
  private func pulses(_ hertz: Double, seconds: Double, sampleRate: Double = 10_000, high: Float = 5)
    -> [Float]
  {
    (0..<Int(seconds * sampleRate)).map {
      (Double($0) * hertz / sampleRate + 0.4).truncatingRemainder(dividingBy: 1) < 0.1 ? high : 0
    }
  }

  @Test(arguments: [(7.3, 1), (29.95, 1), (29.95, 4)]) func countsPulses(hertz: Double, perTurn: Int) throws {
    let samples = pulses(hertz * Double(perTurn), seconds: 5)
    let reading = try Tachometer(pulsesPerTurn: perTurn).reading(samples, sampleRate: 10_000).get()
    #expect(abs(reading.hertz / hertz - 1) < 2e-4)
    #expect(reading.spread < 0.02 * hertz)
    #expect(abs(Double(reading.pulseTimes.count) - 5 * hertz * Double(perTurn)) <= 1)
  }

  @Test func toleratesNoiseOffsetPolarityAndAMissedPulse() throws {
    var random = RandomSource(seed: 2)
    var samples = pulses(20, seconds: 5, high: -3).map { $0 + 1 + 0.2 * Float(random.normal()) }
    for i in 10_000..<10_500 { samples[i] = 1 }
    let reading = try Tachometer().reading(samples, sampleRate: 10_000).get()
    #expect(abs(reading.hertz / 20 - 1) < 1e-3)
  }

  @Test func refusesWhatIsNoTacho() {
    var random = RandomSource(seed: 2)
    var noise = [Float](repeating: 0, count: 50_000)
    random.fillNormal(&noise)
    if case .success = Tachometer().reading(noise, sampleRate: 10_000) { Issue.record("noise was accepted") }
    for samples in [[], [1], [Float](repeating: 2, count: 1000), [Float](repeating: .nan, count: 1000)] {
      #expect(Tachometer().reading(samples, sampleRate: 10_000) == .failure(.tooFewPulses(0)))
    }
  }
}
