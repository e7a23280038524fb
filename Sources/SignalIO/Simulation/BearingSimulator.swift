import Support

/// A simulated recording and what is true of it.
package struct SimulatedRecording: Sendable, Equatable {
  /// One channel.
  package var samples: [Float]
  /// The settings that made it: fault, orders, speed and everything else.
  package var settings: SimulationSettings
  /// When the fault's impacts happened, in seconds; empty for a healthy bearing.
  package var impactTimes: [Double]
  /// Shaft speed in hertz, averaged over the recording (the wander need not average to nothing).
  package var meanShaftHz: Double
}

/// Makes recordings of a bearing with known answers.
///
///     x(t) = A (s_fault(t) + noise(t) + tones(t) + s_crosstalk(t) + s_rub(t))
///
/// Every s is a train of impacts (`ImpactTrain`: random-walk times, slip, load modulation) through structural
/// resonances (`ResonatorBank`), scaled to its power relative to the noise of power 1. The noise is Gaussian with
/// one coloured pole, rings the structure and may swell with the shaft; tones are the shaft's harmonics and gear-like lines that follow the speed's wander. The model
/// is that of McFadden and Smith (Journal of Sound and Vibration 96, 1984) with the random slip of Antoni and
/// Randall (2002). Departures: each source has one transfer path, the same all the time; resonances are excited by
/// ideal impulses.
///
/// Deterministic: a recording depends on the settings, seed and index only.
package struct BearingSimulator: Sendable {
  private let settings: SimulationSettings

  /// Throws ``SignalIOError/badSetting(name:found:expected:)`` for settings that no recording can be made of.
  package init(_ settings: SimulationSettings) throws(SignalIOError) {
    self.settings = try settings.validated()
  }

  /// Recording number `index` of the stream that `seed` names.
  package func recording(seed: UInt64, index: UInt64 = 0) -> SimulatedRecording {
    var random = RandomSource(seed: seed, path: [Self.stream, index])
    return recording(random: &random)
  }

  /// Keeps the simulator's draws apart from those of other users of the same seed.
  private static let stream: UInt64 = 0x5349_4D55

  package func recording(random: inout RandomSource) -> SimulatedRecording {
    let count = Int((settings.sampleRate * settings.seconds).rounded())
    let rotation = ShaftRotation(meanHz: settings.shaftHz, wander: settings.speedWander, random: &random)
    var samples = noise(count, rotation, &random)
    let impactTimes = addFault(to: &samples, rotation, &random)
    addCrosstalk(to: &samples, rotation, &random)
    addRub(to: &samples, rotation, &random)
    tones(&random).add(to: &samples, sampleRate: settings.sampleRate, rotation: rotation)
    if settings.amplitude != 1 { samples.scale(by: Float(settings.amplitude)) }
    return SimulatedRecording(
      samples: samples, settings: settings, impactTimes: impactTimes,
      meanShaftHz: rotation.turns(at: settings.seconds) / settings.seconds)
  }

  /// Broadband noise of power 1, what it makes the structure ring, and its swell with the shaft; silence where the
  /// settings ask for no noise.
  private func noise(_ count: Int, _ rotation: ShaftRotation, _ random: inout RandomSource) -> [Float] {
    var samples = [Float](repeating: 0, count: count)
    guard settings.signalToNoise != nil else { return samples }
    random.fillNormal(&samples)
    samples.colour(pole: Float(settings.noiseColour))
    samples.scale(toPower: 1)
    if !settings.noiseResonances.isEmpty {
      var ringing = [Float](repeating: 0, count: count)
      random.fillNormal(&ringing)
      ResonatorBank(settings.noiseResonances, sampleRate: settings.sampleRate).respond(to: &ringing)
      ringing.scale(toPower: decibels(settings.resonantNoise))
      samples.add(ringing)
    }
    if let swell = settings.noiseModulation {
      var tone = [Float](repeating: 1, count: count)
      ToneBank([swell], random: &random).add(to: &tone, sampleRate: settings.sampleRate, rotation: rotation)
      samples.multiply(by: tone)
    }
    return samples
  }

  private func addFault(
    to samples: inout [Float], _ rotation: ShaftRotation, _ random: inout RandomSource
  ) -> [Double] {
    guard let fault = settings.fault else { return [] }
    let train = ImpactTrain(
      family: fault, orders: settings.orders, settings: settings.impacts, rotation: rotation,
      seconds: settings.seconds, random: &random)
    add(train, settings.resonances, level: settings.signalToNoise ?? 0, to: &samples)
    return train.times
  }

  private func addCrosstalk(
    to samples: inout [Float], _ rotation: ShaftRotation, _ random: inout RandomSource
  ) {
    guard let other = settings.crosstalk else { return }
    let train = ImpactTrain(
      family: other.fault, orders: other.orders, settings: other.impacts, rotation: rotation,
      seconds: settings.seconds, random: &random)
    add(train, other.resonances, level: other.level, to: &samples)
  }

  private func addRub(to samples: inout [Float], _ rotation: ShaftRotation, _ random: inout RandomSource) {
    guard let rub = settings.rub else { return }
    let train = ImpactTrain(rubOf: rotation, seconds: settings.seconds, random: &random)
    add(train, rub.resonances, level: rub.level, to: &samples)
  }

  /// Adds the ringing of `train`, scaled to `level` decibels above power 1.
  private func add(
    _ train: ImpactTrain, _ resonances: [Resonance], level: Double, to samples: inout [Float]
  ) {
    var ringing = [Float](repeating: 0, count: samples.count)
    train.add(to: &ringing, sampleRate: settings.sampleRate)
    ResonatorBank(resonances, sampleRate: settings.sampleRate).respond(to: &ringing)
    ringing.scale(toPower: decibels(level))
    samples.add(ringing)
  }

  private func tones(_ random: inout RandomSource) -> ToneBank {
    let harmonics = settings.shaftHarmonics.enumerated()
      .map { SimulationSettings.Tone(order: Double($0.offset + 1), amplitude: $0.element) }
    return ToneBank(harmonics + settings.tones, random: &random)
  }
}
