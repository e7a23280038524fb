import SignalIO
import Support
import Testing

@testable import FaultDiag

@Suite struct BlindAnalysisTests {
  private let orders = FaultOrders(outer: 3.5848, inner: 5.4152, ball: 4.7135, cage: 0.39828)

  private func settings(_ fault: FaultFamily?, seconds: Double = 6) -> SimulationSettings {
    var settings = SimulationSettings(fault: fault, orders: orders, shaftHz: 29.5)
    settings.seconds = seconds
    settings.signalToNoise = 0
    return settings
  }

  private func findings(
    _ settings: SimulationSettings, shaftHz: Double? = nil, seed: UInt64 = 1
  ) throws -> BlindFindings {
    var analysis = try #require(BlindAnalysis(sampleRate: settings.sampleRate))
    let samples = try BearingSimulator(settings).recording(seed: seed).samples
    for start in stride(from: 0, to: samples.count, by: 5000) {
      analysis.add(samples[start..<min(start + 5000, samples.count)])
    }
    return try #require(analysis.findings(shaftHz: shaftHz))
  }

  /// Speed and bearing unknown: the rate of the impacts and the band in which they ring.
  @Test(arguments: [FaultFamily.outer, .inner]) func impactsAreFoundWithoutKnowingTheBearing(
    fault: FaultFamily
  ) throws {
    var settings = settings(fault)
    settings.impacts.slip = 0.01
    let found = try findings(settings)
    let strongest = try #require(found.repetitions.first)
    #expect(abs(strongest.hertz / (0.99 * 29.5 * orders[fault]) - 1) < 0.004)
    #expect(strongest.cause == .unknown && strongest.order == nil && strongest.candidates == [])
    #expect(strongest.harmonics >= 4 && strongest.decibels > 9)
    #expect(strongest.band.lowestHz <= 2800 && strongest.band.highestHz >= 2800, "it rings at 2800 Hz")
    #expect(found.kurtosis > 0.2)
  }

  @Test func aKnownSpeedTellsBearingFromShaft() throws {
    let bearing = try #require(try findings(settings(.outer), shaftHz: 29.5).repetitions.first)
    #expect(bearing.cause == .bearing)
    #expect(abs(try #require(bearing.order) - 3.5848) < 0.02)
    #expect(bearing.candidates.contains { $0.bearing == "6205" && $0.family == .outer })
    var rub = settings(nil)
    rub.rub = .init(level: 0, resonances: [Resonance(frequency: 3100, damping: 0.04)])
    let shaft = try #require(try findings(rub, shaftHz: 29.5).repetitions.first)
    #expect(shaft.cause == .shaft && shaft.candidates == [])
  }

  /// A rub hides nothing: its comb is taken away, and the bearing's is found in what remains.
  @Test func aSecondCombIsFoundBesideTheFirst() throws {
    var both = settings(.outer)
    both.rub = .init(level: 4, resonances: [Resonance(frequency: 3100, damping: 0.04)])
    let found = try findings(both, shaftHz: 29.5).repetitions
    #expect(Set(found.prefix(2).map(\.cause)) == [.shaft, .bearing], "\(found)")
  }

  @Test func noiseRepeatsNothing() throws {
    for seed in UInt64(0)..<8 {
      let found = try findings(settings(nil, seconds: seed % 2 == 0 ? 2 : 6), seed: seed)
      #expect(found.repetitions == [])
      #expect(abs(found.kurtosis) < 0.2)
    }
  }

  @Test func ratesAreExplained() {
    func cause(_ hertz: Double, shaftHz: Double?) -> Repetition.Cause {
      let comb = RepetitionSearch.Comb(
        hertz: hertz, uncertainty: 0.02, score: 9, harmonics: 5, height: 2, band: .init(500, 5900))
      return Repetition(comb, shaftHz: shaftHz).cause
    }
    #expect(cause(60.0, shaftHz: 29.95) == .shaft)
    #expect(
      cause(146.0, shaftHz: 29.5) == .bearing, "4.949: the inner race of a 6203 lies near a whole number")
    #expect(cause(120.1, shaftHz: 29.17) == .mains)
    #expect(cause(100, shaftHz: nil) == .mains)
    #expect(cause(107, shaftHz: nil) == .unknown)
    #expect(cause(11.8, shaftHz: 29.5) == .bearing, "a cage")
  }

  @Test func tooLittleGivesNothing() throws {
    #expect(BlindAnalysis(sampleRate: 1000) == nil)
    var analysis = try #require(BlindAnalysis(sampleRate: 12_000))
    analysis.add([Float](repeating: 1, count: 1000))
    #expect(analysis.findings(shaftHz: nil) == nil)
  }

  @Test func textAndJSONCarryTheFindings() throws {
    var diagnosis = DiagnosisTests.example
    diagnosis.evidence = []
    diagnosis.blind = BlindFindings(
      kurtosis: 2.34, crestFactor: 7.1,
      repetitions: [
        Repetition(
          hertz: 162.19, uncertaintyHz: 0.02, order: 5.415, cause: .bearing, decibels: 9.12, harmonics: 5,
          band: EvidenceBand(lowestHz: 2250, highestHz: 3250),
          candidates: [BearingCandidate(bearing: "6205", family: .inner, slip: 0.0004)])
      ])
    #expect(
      diagnosis.text().contains(
        """
          Signal    kurtosis 2.3 (noise has 0), crest factor 7.1
          Repeats   162.2 Hz, 5 lines of +9.1 dB in 2250-3250 Hz
                      5.415 x shaft, not a whole number: a bearing may do that
                      fits inner of 6205

        """))
    #expect(try ReportJSON.value(Diagnosis.self, from: ReportJSON.text(diagnosis)) == diagnosis)
  }
}
