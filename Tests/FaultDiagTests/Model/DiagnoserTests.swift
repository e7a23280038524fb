import SignalIO
import Testing

@testable import FaultDiag

@Suite struct DiagnoserTests {
  private func flags(rpm: Double? = 1770, bearing: String? = nil) -> RecordingMetadata {
    var metadata = RecordingMetadata()
    metadata.speed = rpm.map { Sourced($0, from: .flag("--rpm")) }
    metadata.bearing = bearing.map { Sourced($0, from: .flag("--bearing")) }
    return metadata
  }

  private func diagnose(
    _ channels: [[Float]], names: [String]? = nil, rate: Double = 12_000, flags: RecordingMetadata? = nil,
    trainedChannel: String? = nil
  ) throws -> Diagnosis {
    let source = try RecordingSource(
      path: "-", stream: MemoryStream(channels, names: names, sampleRate: rate),
      flags: flags ?? self.flags(bearing: "6205"))
    return try SimulatedPlant.diagnoser(channel: trainedChannel).diagnose(source)
  }

  @Test func aFaultNeverHeardBeforeIsFoundWithItsEvidence() throws {
    let diagnosis = try diagnose([SimulatedPlant.samples("outer", bearing: 77, seconds: 6)])
    #expect(diagnosis.state == "outer")
    #expect(diagnosis.probability > 0.5)
    #expect(diagnosis.windows.total == 23)
    #expect(diagnosis.windows.agreeing > 18)
    let scores = try #require(diagnosis.windowScores)
    #expect(scores.windowsPerPoint == 1 && scores.states.allSatisfy { $0.probabilities.count == 23 })
    let outer = try #require(scores.states.first { $0.state == "outer" }).probabilities.compactMap(\.self)
    #expect(outer.count { $0 > 0.5 } > 18)
    #expect(diagnosis.references.count == 3 && diagnosis.references[0].label == "outer")
    #expect(diagnosis.evidence.first?.family == .outer)
    #expect(diagnosis.evidence.first?.isPresent == true)
    #expect(diagnosis.resampling == nil)
    #expect(diagnosis.warnings == [])
    #expect(diagnosis.recording.seconds == 6)
    #expect(diagnosis.metadata.contains(MetadataEntry(name: "speed", value: "1770 rpm", source: "--rpm")))
  }

  @Test func aHealthyBearingIsNormal() throws {
    let diagnosis = try diagnose([SimulatedPlant.samples("normal", bearing: 78, seconds: 6)])
    #expect(diagnosis.state == "normal")
    #expect(diagnosis.evidence.allSatisfy { !$0.isPresent })
    #expect(diagnosis.warnings == [])
  }

  @Test func anotherRateIsResampledAndSaid() throws {
    let diagnosis = try diagnose([SimulatedPlant.samples("outer", bearing: 79, rate: 48_000)], rate: 48_000)
    #expect(diagnosis.resampling == ResamplingNote(from: 48_000, to: 12_000))
    let slow = try diagnose([[Float](repeating: 0, count: 20_000).indices.map { Float($0 % 7) }], rate: 8000)
    #expect(slow.warnings.contains { $0.kind == "low_rate" })
  }

  @Test func theChannelOfTrainingIsUsed() throws {
    let outer = try SimulatedPlant.samples("outer", bearing: 80)
    let normal = try SimulatedPlant.samples("normal", bearing: 81)
    let named = try diagnose(
      [normal, outer], names: ["X118_FE_time", "X118_DE_time"], trainedChannel: "X105_DE_time")
    #expect(named.state == "outer")
    #expect(named.recording.channel == "X118_DE_time" && named.recording.channelCount == 2)
    #expect(!named.warnings.contains { $0.kind == "channels" })
    let unnamed = try diagnose([normal, outer])
    #expect(unnamed.state == "normal")
    #expect(unnamed.warnings.contains { $0.kind == "channels" })
  }

  @Test func aTachometerIsNotListenedToButGivesTheSpeed() throws {
    let outer = try SimulatedPlant.samples("outer", bearing: 80)
    let pulses = outer.indices.map {
      (Double($0) * 29.5 / 12_000).truncatingRemainder(dividingBy: 1) < 0.1 ? Float(1) : 0
    }
    let diagnosis = try diagnose(
      [pulses, outer], names: ["tacho", "vibration"], flags: flags(rpm: nil, bearing: "6205"))
    #expect(diagnosis.recording.channel == "vibration")
    #expect(diagnosis.speed?.origin == .tacho && abs((diagnosis.speed?.rpm ?? 0) - 1770) < 2)
    #expect(diagnosis.state == "outer" && diagnosis.evidence.first?.family == .outer)
    #expect(diagnosis.warnings == [])
    #expect(
      diagnosis.metadata.contains {
        $0.name == "speed" && $0.source == "an estimate (channel tacho, 1 pulse a turn assumed)"
      })
  }

  @Test func aTachometerThatIsNotThereIsTold() throws {
    var flags = flags(bearing: "6205")
    flags.tacho = Sourced("tach", from: .flag("--tacho"))
    #expect(throws: FaultDiagError.self) {
      _ = try diagnose([[Float](repeating: 0, count: 24_000)], flags: flags)
    }
    flags.tacho = Sourced("tach", from: .sideCar(path: "a.json"))
    let samples = try SimulatedPlant.samples("outer", bearing: 82)
    #expect(try kinds(samples, flags) == ["unusable_tacho"])
  }

  @Test func whatKeepsPhysicsSilentIsSaid() throws {
    let samples = try SimulatedPlant.samples("outer", bearing: 82)
    #expect(try kinds(samples, flags(rpm: nil, bearing: "6205")) == ["no_speed"])
    #expect(try kinds(samples, flags()) == ["no_bearing"])
    #expect(try kinds(samples, flags(bearing: "no such bearing")) == ["unknown_bearing"])
    // The same fault at a speed that is wrong by a fifth: its lines are not where they should be.
    #expect(try kinds(samples, flags(rpm: 1416, bearing: "6205")).contains("no_lines"))
  }

  private func kinds(_ samples: [Float], _ flags: RecordingMetadata) throws -> [String] {
    try diagnose([samples], flags: flags).warnings.map(\.kind)
  }

  @Test func windowsThatAreNotFiniteAreLeftOut() throws {
    var samples = try SimulatedPlant.samples("outer", bearing: 83, seconds: 4)
    samples[20_000] = .nan
    let diagnosis = try diagnose([samples])
    #expect(diagnosis.state == "outer")
    #expect(diagnosis.warnings.contains { $0.kind == "skipped_windows" })
    #expect(diagnosis.quality.contains { $0.kind == "not-a-number" })
    #expect(throws: FaultDiagError.noFiniteWindow(path: "-", windows: 7)) {
      _ = try diagnose([[Float](repeating: .nan, count: 24_000)])
    }
  }

  @Test func tooShortIsAnErrorAndFewWindowsAWarning() throws {
    #expect {
      _ = try diagnose([[1, 2, 3]])
    } throws: { error in
      guard case FaultDiagError.recording(.tooShort) = error else { return false }
      return true
    }
    let short = try diagnose([SimulatedPlant.samples("outer", bearing: 84, seconds: 0.6)])
    #expect(short.warnings.map(\.kind).contains("few_windows"))
    #expect(short.warnings.map(\.kind).contains("no_evidence"))
  }

  @Test func aDeadChannelIsNotBelieved() throws {
    let diagnosis = try diagnose([[Float](repeating: 0.25, count: 24_000)])
    #expect(diagnosis.warnings.contains { $0.kind == "unusable" })
  }
}
