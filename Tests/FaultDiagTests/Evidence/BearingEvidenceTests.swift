import SignalIO
import Support
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct BearingEvidenceTests {
  private let orders = FaultOrders(outer: 3.5848, inner: 5.4152, ball: 4.7135, cage: 0.39828)

  private func samples(
    _ fault: FaultFamily?, rate: Double = 12_000, seconds: Double = 4, signalToNoise: Double = 3,
    seed: UInt64 = 1
  ) throws -> [Float] {
    var settings = SimulationSettings(fault: fault, orders: orders, shaftHz: 29.5)
    settings.sampleRate = rate
    settings.seconds = seconds
    settings.signalToNoise = signalToNoise
    return try BearingSimulator(settings).recording(seed: seed).samples
  }

  private func findings(_ samples: [Float], rate: Double = 12_000) throws -> [Evidence] {
    var evidence = try #require(BearingEvidence(sampleRate: rate, shaftHz: 29.5, orders: orders))
    // Uneven pieces, as windows bring them.
    var start = 0
    for size in [100, 7000, 1, 20_000] + [Int](repeating: 9000, count: 100) where start < samples.count {
      let end = min(start + size, samples.count)
      evidence.add(samples[start..<end])
      start = end
    }
    return evidence.findings()
  }

  @Test(arguments: [FaultFamily.outer, .inner], [12_000.0, 48_000.0])
  func theSimulatedFaultStandsOut(fault: FaultFamily, rate: Double) throws {
    let found = try findings(samples(fault, rate: rate), rate: rate)
    #expect(found.map(\.family).count == 3)
    #expect(found[0].family == fault)
    #expect(found[0].isPresent)
    #expect(abs(found[0].foundHz / found[0].expectedHz - 1) < 0.021)
    #expect(close(found[0].expectedHz, orders[fault] * 29.5))
    #expect(found[0].harmonics == 4)
  }

  @Test func noiseHasNoLines() throws {
    var present = 0
    for seed in UInt64(0)..<12 {
      present += try findings(samples(nil, seconds: seed % 2 == 0 ? 1.2 : 4, seed: seed)).filter(\.isPresent)
        .count
    }
    // 36 searches; a margin over the upper decile of chance lets hardly any through.
    #expect(present <= 1)
  }

  @Test(arguments: [(25_600.0, 2), (12_000, 2), (8000, 1), (4000, 0)])
  func levelledBandsLieBelowHalfTheRate(rate: Double, count: Int) throws {
    let settings = try #require(BearingEvidence.bandSettings(sampleRate: rate))
    #expect((settings.levelling?.bands.count ?? 0) == count)
    try settings.validate()
  }

  /// The default model's windows have the lines of evidence's own blocks; a slow shaft needs longer blocks.
  @Test func linesOfTheModelsWindowsServe() throws {
    let model = try AlignedModel.embedded()
    let samples = try samples(.outer, seconds: 4.5)
    var own = try #require(BearingEvidence(sampleRate: 12_000, shaftHz: 29.5, orders: orders))
    #expect(own.takesLines(like: model.plan.envelope))
    own.add(samples)
    let slow = try #require(BearingEvidence(sampleRate: 12_000, shaftHz: 20, orders: orders))
    #expect(!slow.takesLines(like: model.plan.envelope))

    var metadata = RecordingMetadata()
    metadata.speed = Sourced(29.5 * 60, from: .flag("--rpm"))
    metadata.bearing = Sourced("6205", from: .flag("--bearing"))
    let source = try RecordingSource(
      path: "-", stream: MemoryStream([samples], sampleRate: 12_000), flags: metadata)
    let diagnosis = try model.diagnoser(AlignedModel.embeddedIdentity, threads: 2).diagnose(source)
    let machine = try #require(KnownMachine(metadata))
    var expected = try #require(
      BearingEvidence(sampleRate: 12_000, shaftHz: machine.shaftHz, orders: machine.orders))
    expected.add(samples)
    #expect(diagnosis.evidence == expected.findings())
    #expect(diagnosis.evidence.first?.family == .outer)
  }

  @Test func silenceAndBadSamplesAreSurvived() throws {
    #expect(
      try findings([Float](repeating: 0, count: 30_000)).allSatisfy { !$0.isPresent && $0.decibels.isFinite })
    #expect(try findings([Float](repeating: .nan, count: 30_000)).isEmpty)
  }

  @Test func whatCannotShowLinesIsRefused() throws {
    #expect(BearingEvidence(sampleRate: 1000, shaftHz: 30, orders: orders) == nil)
    #expect(BearingEvidence(sampleRate: 12_000, shaftHz: 0, orders: orders) == nil)
    #expect(try findings([Float](repeating: 1, count: 5000)).isEmpty, "less than a block")
  }

  @Test func statesNameTheirFamily() {
    #expect(FaultFamily.named(in: "Inner race") == .inner)
    #expect(FaultFamily.named(in: "OR_014") == .outer)
    #expect(FaultFamily.named(in: "ball") == .ball)
    #expect(FaultFamily.named(in: "motor") == nil, "a word, not a part of one")
    #expect(FaultFamily.named(in: "inner and outer") == nil)
  }
}
