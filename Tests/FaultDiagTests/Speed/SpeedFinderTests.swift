import SignalIO
import Testing

@testable import FaultDiag

@Suite struct SpeedFinderTests {
  private let rate = 12_000.0

  /// 10 s of a shaft at 29.5 Hz (1770 rpm) that shows its harmonics.
  private func shaft(_ hertz: Double = 29.5, level: Double = 0.3) throws -> [Float] {
    var settings = SimulationSettings(
      fault: nil, orders: BearingCatalogue.orders(named: "6205")!, shaftHz: hertz)
    settings.seconds = 10
    settings.signalToNoise = 0
    settings.shaftHarmonics = (0..<6).map { _ in level }
    return try BearingSimulator(settings).recording(seed: 4).samples
  }

  private func pulses(_ hertz: Double, perTurn: Double = 1, ramp: Double = 0) -> [Float] {
    (0..<120_000).map { n in
      let t = Double(n) / rate
      let turns = hertz * (t + ramp * t * t / 20) * perTurn
      return turns.truncatingRemainder(dividingBy: 1) < 0.2 ? 5 : 0
    }
  }

  private func stated(_ rpm: Double?, pulsesPerTurn: Int? = nil) -> RecordingMetadata {
    var metadata = RecordingMetadata()
    metadata.speed = rpm.map { Sourced($0, from: .flag("--rpm")) }
    metadata.pulsesPerTurn = pulsesPerTurn.map { Sourced($0, from: .flag("--pulses-per-turn")) }
    return metadata
  }

  private func find(
    _ metadata: RecordingMetadata, _ samples: [Float], tacho: [Float]? = nil, tolerance: Double? = nil
  ) -> SpeedFinder.Finding {
    SpeedFinder(tolerance: tolerance).find(
      metadata, samples: samples, tacho: tacho.map { ("tach", $0) }, sampleRate: rate)
  }

  @Test func aStatedSpeedThatTheSignalConfirmsIsUsedAsItIs() throws {
    let found = try find(stated(1772), shaft())
    #expect(found.speed == ShaftSpeedNote(rpm: 1772, origin: .stated))
    #expect(found.sourced == Sourced(1772, from: .flag("--rpm")))
    #expect(found.warnings == [])
  }

  @Test func anotherSpeedInTheSignalIsTold() throws {
    let found = try find(stated(1820), shaft())
    #expect(found.speed?.rpm == 1820)
    #expect(found.warnings.map(\.kind) == ["another_speed"])
    #expect(found.warnings[0].message.hasPrefix("stated 1820 rpm, the signal shows 1770"))
  }

  @Test func aNominalSpeedIsRefined() throws {
    let found = try find(stated(1820), shaft(), tolerance: 0.05)
    let speed = try #require(found.speed)
    #expect(abs(speed.rpm - 1770) < 2 && speed.origin == .signal && speed.statedRpm == 1820)
    #expect(try #require(speed.uncertaintyRpm) < 3)
    #expect(found.warnings == [])
    // Nothing to refine by: said, and the stated speed stays.
    let silent = find(stated(1820), [Float](repeating: 0, count: 120_000), tolerance: 0.05)
    #expect(silent.speed?.rpm == 1820)
    #expect(silent.warnings.map(\.kind) == ["speed_not_refined"])
  }

  @Test func pulsesAreCountedWhereNothingIsStated() throws {
    let found = find(
      stated(nil, pulsesPerTurn: 4), [Float](repeating: 0, count: 120_000), tacho: pulses(29.5, perTurn: 4))
    let speed = try #require(found.speed)
    #expect(abs(speed.rpm - 1770) < 1 && speed.origin == .tacho)
    #expect("\(try #require(found.sourced).source)" == "an estimate (channel tach, 4 pulses a turn)")
    #expect(found.warnings == [])
  }

  @Test func aTachometerThatContradictsOrChangesIsTold() {
    let silence = [Float](repeating: 0, count: 120_000)
    #expect(find(stated(1500), silence, tacho: pulses(29.5)).warnings.map(\.kind) == ["another_speed"])
    #expect(
      find(stated(nil), silence, tacho: pulses(29.5, ramp: 0.1)).warnings.map(\.kind) == ["unsteady_speed"])
    #expect(
      find(stated(nil), silence, tacho: silence).warnings.map(\.kind) == ["unusable_tacho", "no_speed"])
  }

  @Test func withoutAnyTraceThereIsNoSpeed() throws {
    let found = try find(stated(nil), shaft(level: 0))
    #expect(found.speed == nil && found.sourced == nil)
    #expect(found.warnings.map(\.kind) == ["no_speed"])
  }

  @Test func theUncertaintyDecidesTheDecimals() {
    func text(_ uncertainty: Double?) -> String {
      ShaftSpeedNote(rpm: 1771.96, uncertaintyRpm: uncertainty, origin: .signal).text
    }
    #expect(text(nil) == "1771.96 rpm")
    #expect(text(2.4) == "1772 ± 2 rpm")
    #expect(text(0.31) == "1772.0 ± 0.3 rpm")
    #expect(text(0.0004) == "1771.96 ± 0.01 rpm")
  }

  @Test func theHeadIsBounded() {
    #expect(SpeedFinder.headFrames(channels: 1, sampleRate: 12_000) == 240_000)
    #expect(SpeedFinder.headFrames(channels: 1, sampleRate: 1e8) == 1 << 20)
    #expect(SpeedFinder.headFrames(channels: 64, sampleRate: 48_000) == 1 << 16)
  }
}
