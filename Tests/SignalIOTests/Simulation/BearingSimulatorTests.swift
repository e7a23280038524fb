import Foundation
import Support
import Testing

@testable import SignalIO

@Suite struct BearingSimulatorTests {
  private let orders = BearingCatalogue.orders(named: "6205")!

  private func settings(_ fault: FaultFamily?, seconds: Double = 1) -> SimulationSettings {
    var settings = SimulationSettings(fault: fault, orders: orders, shaftHz: 29.95)
    settings.seconds = seconds
    return settings
  }

  /// Magnitude of the Fourier transform of `signal` at `frequency`, from its definition.
  private func line(_ signal: [Float], _ frequency: Double, sampleRate: Double = 12_000) -> Double {
    var (real, imaginary) = (0.0, 0.0)
    for (n, x) in signal.enumerated() {
      let angle = 2 * Double.pi * frequency * Double(n) / sampleRate
      real += Double(x) * cos(angle)
      imaginary -= Double(x) * sin(angle)
    }
    return (real * real + imaginary * imaginary).squareRoot() / Double(signal.count)
  }

  /// The squared signal without its mean: its lines are those of the envelope.
  private func squared(_ signal: [Float]) -> [Float] {
    let mean = Float(signal.power)
    return signal.map { $0 * $0 - mean }
  }

  @Test func sameSeedSameBytes() throws {
    let draw = SimulationDraw()
    for index in UInt64(0)..<20 {
      #expect(try draw.recording(seed: 4, index: index) == draw.recording(seed: 4, index: index))
    }
    let simulator = try BearingSimulator(draw.settings(seed: 4, index: 3))
    #expect(simulator.recording(seed: 4, index: 3).samples != simulator.recording(seed: 4, index: 4).samples)
    #expect(simulator.recording(seed: 5, index: 3).samples != simulator.recording(seed: 4, index: 3).samples)
  }

  @Test func healthyWithoutNoiseIsSilent() throws {
    let silent = try BearingSimulator(settings(nil)).recording(seed: 1)
    #expect(silent.samples.count == 12_000 && silent.samples.allSatisfy { $0 == 0 })
    #expect(silent.impactTimes.isEmpty)
  }

  /// Without noise a healthy bearing has its shaft's lines and nothing else: power (1 + 0.5^2) / 2.
  @Test func shaftHarmonicsStandAtTheirOrders() throws {
    var quiet = settings(nil)
    quiet.shaftHz = 30  // whole periods in one second, so that lines do not leak
    quiet.shaftHarmonics = [1, 0, 0.5]
    // Above half the sample rate: it cannot be represented and is left out.
    quiet.tones = [.init(order: 1000, amplitude: 1)]
    let samples = try BearingSimulator(quiet).recording(seed: 1).samples
    #expect(abs(samples.power - 0.625) < 1e-4)
    #expect(abs(line(samples, 30) - 0.5) < 1e-4)
    #expect(abs(line(samples, 90) - 0.25) < 1e-4)
    #expect(line(samples, 60) < 1e-4)
  }

  /// Impacts come at order x (1 - slip) x shaft speed; over 20 s the random walk moves the rate by less than 0.1 %.
  @Test(arguments: FaultFamily.allCases) func impactsHaveTheFamilysRate(family: FaultFamily) throws {
    var settings = settings(family, seconds: 20)
    settings.impacts.slip = 0.015
    settings.impacts.jitter = 0.01
    settings.speedWander = 0.01
    let recording = try BearingSimulator(settings).recording(seed: 9)
    let times = recording.impactTimes
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    #expect(times.first! >= 0 && times.last! < 20)
    let rate = Double(times.count - 1) / (times.last! - times.first!)
    let expected = orders[family] * 0.985 * recording.meanShaftHz
    #expect(abs(rate / expected - 1) < 2e-3, "\(family): \(rate) Hz, expected \(expected)")
  }

  /// A random walk: the variance of the time over m intervals is m times that of one, not constant as for jitter
  /// around a strict clock.
  @Test func impactTimesAreARandomWalk() throws {
    var settings = settings(.inner, seconds: 60)
    settings.impacts.jitter = 0.01
    let times = try BearingSimulator(settings).recording(seed: 2).impactTimes
    let interval = 1 / (orders.inner * 29.95)
    func relativeVariance(over m: Int) -> Double {
      let spans = stride(from: 0, to: times.count - m, by: m).map {
        (times[$0 + m] - times[$0]) / interval - Double(m)
      }
      return spans.reduce(0) { $0 + $1 * $1 } / Double(spans.count)
    }
    #expect(abs(relativeVariance(over: 1) / 1e-4 - 1) < 0.1)
    #expect(abs(relativeVariance(over: 16) / 16e-4 - 1) < 0.25)
  }

  /// Noise is drawn before the fault, so the difference to the healthy recording of the same seed is the fault.
  @Test(arguments: [-10.0, 0, 12]) func signalToNoiseIsAsAsked(level: Double) throws {
    var faulty = settings(.outer)
    faulty.signalToNoise = level
    faulty.noiseColour = 0.7
    var healthy = faulty
    healthy.fault = nil
    let noise = try BearingSimulator(healthy).recording(seed: 3).samples
    let fault = zip(try BearingSimulator(faulty).recording(seed: 3).samples, noise).map { $0 - $1 }
    #expect(abs(noise.power - 1) < 1e-4)
    #expect(abs(10 * log10(fault.power / noise.power) - level) < 0.01)
  }

  /// The pole is the noise's correlation between neighbouring samples.
  @Test(arguments: [-0.5, 0, 0.8]) func noiseHasItsColour(pole: Double) throws {
    var noisy = settings(nil, seconds: 5)
    noisy.signalToNoise = 0
    noisy.noiseColour = pole
    let samples = try BearingSimulator(noisy).recording(seed: 8).samples
    let products = zip(samples, samples.dropFirst()).reduce(0.0) { $0 + Double($1.0 * $1.1) }
    #expect(abs(products / Double(samples.count) - pole) < 0.02)
  }

  /// A clean outer fault: the strongest line of the envelope between half and one and a half BPFO is BPFO.
  @Test func envelopeOfACleanOuterFaultPeaksAtBPFO() throws {
    var clean = settings(.outer)
    clean.impacts = ImpactSettings(slip: 0, jitter: 0.001, strengthSpread: 0.1)
    clean.shaftHarmonics = [0.5]
    let envelope = squared(try BearingSimulator(clean).recording(seed: 6).samples)
    let bpfo = orders.outer * 29.95
    let grid = stride(from: 0.5 * bpfo, through: 1.5 * bpfo, by: 0.25).map { ($0, line(envelope, $0)) }
    let peak = grid.max { $0.1 < $1.1 }!
    #expect(abs(peak.0 - bpfo) < 0.5, "peak at \(peak.0) Hz, BPFO is \(bpfo) Hz")
  }

  /// Load modulation makes sidebands: of the shaft around BPFI, of the cage around 2 x BSF, none around the cage.
  @Test(arguments: [FaultFamily.inner, .ball, .cage]) func modulationMakesSidebands(family: FaultFamily)
    throws
  {
    func sidebandRatio(_ depth: Double) throws -> Double {
      var settings = settings(family, seconds: 4)
      settings.impacts = ImpactSettings(jitter: 0, strengthSpread: 0, modulation: depth)
      let envelope = squared(try BearingSimulator(settings).recording(seed: 6).samples)
      let rate = orders[family] * 29.95
      let load = family == .ball ? orders.cage * 29.95 : 29.95
      return line(envelope, rate - load) / line(envelope, rate)
    }
    #expect(try sidebandRatio(0) < 0.05)
    let modulated = try sidebandRatio(0.8)
    #expect(family == .cage ? modulated < 0.05 : modulated > 0.3, "\(family): \(modulated)")
  }

  /// Unequal strikes on the two races bring out BSF itself, half of 2 x BSF.
  @Test func strikeImbalanceBringsOutTheSpin() throws {
    func spinRatio(_ imbalance: Double) throws -> Double {
      var settings = settings(.ball, seconds: 4)
      settings.impacts = ImpactSettings(jitter: 0, strengthSpread: 0, strikeImbalance: imbalance)
      let envelope = squared(try BearingSimulator(settings).recording(seed: 6).samples)
      let rate = orders.ball * 29.95
      return line(envelope, rate / 2) / line(envelope, rate)
    }
    #expect(try spinRatio(0) < 0.05)
    #expect(try spinRatio(0.5) > 0.3)
  }

  @Test func crosstalkAndRubAreHeard() throws {
    var healthy = settings(nil, seconds: 2)
    healthy.crosstalk = .init(
      fault: .outer, orders: BearingCatalogue.orders(named: "6203")!, level: 6,
      impacts: ImpactSettings(jitter: 0.001), resonances: [Resonance(frequency: 1500, damping: 0.05)])
    let crosstalk = try BearingSimulator(healthy).recording(seed: 2)
    #expect(abs(10 * log10(crosstalk.samples.power) - 6) < 0.01)
    let other = healthy.crosstalk!.orders.outer * 29.95
    #expect(line(squared(crosstalk.samples), other) > 5 * line(squared(crosstalk.samples), 1.03 * other))
    healthy.crosstalk = nil
    healthy.rub = .init(level: -3, resonances: [Resonance(frequency: 3000, damping: 0.05)])
    let rub = try BearingSimulator(healthy).recording(seed: 2).samples
    #expect(abs(10 * log10(rub.power) + 3) < 0.01)
    #expect(line(squared(rub), 29.95) > 5 * line(squared(rub), 1.2 * 29.95))
  }

  @Test func amplitudeScalesEverything() throws {
    var noisy = settings(.inner)
    noisy.signalToNoise = 3
    noisy.shaftHarmonics = [0.2]
    let one = try BearingSimulator(noisy).recording(seed: 5).samples
    noisy.amplitude = 0.25  // a power of two, so that scaling is exact
    #expect(try BearingSimulator(noisy).recording(seed: 5).samples == one.map { $0 * 0.25 })
  }

  @Test func settingsSurviveEncoding() throws {
    for index in UInt64(0)..<10 {
      let settings = SimulationDraw().settings(seed: 1, index: index)
      let copy = try JSONDecoder().decode(SimulationSettings.self, from: JSONEncoder().encode(settings))
      #expect(copy == settings)
    }
  }

  @Test(arguments: 0..<16) func unusableSettingsAreRefused(which: Int) {
    var bad = settings(.outer)
    switch which {
    case 0: bad.shaftHz = 0
    case 1: bad.shaftHz = .nan
    case 2: bad.sampleRate = .infinity
    case 3: bad.seconds = -1
    case 4: bad.seconds = 1e6
    case 5: bad.orders.outer = 0
    case 6: bad.resonances = []
    case 7: bad.resonances = [Resonance](repeating: Resonance(frequency: 100, damping: 0.1), count: 5)
    case 8: bad.resonances[0].frequency = 6000
    case 9: bad.resonances[0].damping = 0
    case 10: bad.impacts.slip = 1
    case 11: bad.impacts.modulation = -0.5
    case 12: bad.noiseColour = 1
    case 13: bad.signalToNoise = .nan
    case 14: bad.tones = [.init(order: -1, amplitude: 1)]
    default: bad.rub = .init(level: .infinity, resonances: bad.resonances)
    }
    #expect(throws: SignalIOError.self) { try BearingSimulator(bad) }
  }
}
