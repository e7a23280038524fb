import SignalIO

/// Finds the shaft speed of a recording: what is stated, else what a tachometer channel counts, else the comb of the
/// shaft's harmonics in the signal; and tells where these disagree.
///
/// Tachometer and comb are looked for in the beginning of the recording only (``headFrames(channels:sampleRate:)``).
package struct SpeedFinder: Sendable, Equatable {
  /// A stated speed is nominal only: the measured one within this share of it is used instead. Nil: it is exact.
  package var tolerance: Double?

  package init(tolerance: Double? = nil) { self.tolerance = tolerance }

  /// What was found, and what is to be said about it.
  package struct Finding: Sendable, Equatable {
    /// Nil where nobody knows the speed.
    package var speed: ShaftSpeedNote?
    /// The speed as metadata; a stated one as it was.
    package var sourced: Sourced<Double>?
    package var warnings: [DiagnosisWarning] = []
  }

  /// A stated speed farther than this from the measured one is wrong; a bearing's slip is no farther.
  static let disagreement = 0.01
  /// How far from a stated speed the comb is looked for, where no tolerance is given.
  static let checkedShare = 0.07
  /// A speed that changes by more than this in the recording smears the lines of the higher harmonics.
  static let steadyShare = 0.02

  /// Frames of a recording's beginning that are looked at: 20 s, but no more than 16 MB over all channels.
  package static func headFrames(channels: Int, sampleRate: Double) -> Int {
    min(Int(min(20 * sampleRate, 1e9).rounded()), (1 << 22) / max(1, channels), 1 << 20)
  }

  /// - Parameters:
  ///   - metadata: what is stated.
  ///   - samples: the beginning of the channel that is diagnosed.
  ///   - tacho: the beginning of the tachometer channel, where there is one, and its name.
  ///   - sampleRate: of both, in hertz.
  package func find(
    _ metadata: RecordingMetadata, samples: [Float], tacho: (name: String, samples: [Float])?,
    sampleRate: Double
  ) -> Finding {
    var finding = Finding()
    let stated = metadata.speed.flatMap { $0.value > 0 ? $0 : nil }
    var measured: (note: ShaftSpeedNote, source: MetadataSource)?
    if let tacho {
      let perTurn = metadata.pulsesPerTurn?.value ?? 1
      switch Tachometer(pulsesPerTurn: perTurn).reading(tacho.samples, sampleRate: sampleRate) {
      case .success(let reading):
        measured = (
          Self.note(reading), .estimate(detail: Self.detail(tacho.name, perTurn, metadata.pulsesPerTurn))
        )
        if let change = Self.change(reading), change > Self.steadyShare {
          finding.warnings.append(.unsteadySpeed(change))
        }
      case .failure(let refusal):
        finding.warnings.append(.unusableTacho(tacho.name, refusal))
      }
    }
    if measured == nil {
      let nominal = stated.map { $0.value / 60 }
      let search = nominal.map { ShaftSpeed.Search.around($0, tolerance: tolerance ?? Self.checkedShare) }
      switch ShaftSpeed().estimate(samples, sampleRate: sampleRate, search: search ?? .anywhere) {
      case .success(let estimate):
        measured = (
          ShaftSpeedNote(
            rpm: 60 * estimate.hertz, uncertaintyRpm: 60 * estimate.uncertainty, origin: .signal),
          .estimate(detail: "the shaft's harmonics in the signal")
        )
      case .failure(let refusal):
        if stated == nil { finding.warnings.append(.noSpeed(because: refusal)) }
        if stated != nil && tolerance != nil { finding.warnings.append(.speedNotRefined(refusal)) }
      }
    }
    decide(&finding, stated: stated, measured: measured)
    return finding
  }

  private func decide(
    _ finding: inout Finding, stated: Sourced<Double>?,
    measured: (note: ShaftSpeedNote, source: MetadataSource)?
  ) {
    guard let stated else {
      finding.speed = measured?.note
      finding.sourced = measured.map { Sourced($0.note.rpm, from: $0.source) }
      return
    }
    finding.speed = ShaftSpeedNote(rpm: stated.value, origin: .stated)
    finding.sourced = stated
    guard let measured else { return }
    let difference = abs(measured.note.rpm / stated.value - 1)
    if let tolerance, difference <= tolerance {
      finding.speed = measured.note
      finding.speed?.statedRpm = stated.value
      finding.sourced = Sourced(measured.note.rpm, from: measured.source)
    } else if difference > Self.disagreement {
      finding.warnings.append(.anotherSpeed(stated: stated.value, measured: measured.note))
    }
  }

  private static func detail(_ name: String, _ perTurn: Int, _ stated: Sourced<Int>?) -> String {
    "channel \(name), \(perTurn) \(perTurn == 1 ? "pulse" : "pulses") a turn\(stated == nil ? " assumed" : "")"
  }

  private static func note(_ reading: Tachometer.Reading) -> ShaftSpeedNote {
    let count = Double(max(reading.pulseTimes.count - 1, 1))
    return ShaftSpeedNote(
      rpm: 60 * reading.hertz, uncertaintyRpm: 60 * 2 * reading.spread / count.squareRoot(), origin: .tacho)
  }

  /// How much the speed changes between tenths of the pulses: largest less smallest, relative to the mean. Nil for
  /// fewer than 40 pulses.
  private static func change(_ reading: Tachometer.Reading) -> Double? {
    let times = reading.pulseTimes
    guard times.count >= 40 else { return nil }
    let size = (times.count - 1) / 10
    let lengths = (0..<10).map { times[($0 + 1) * size] - times[$0 * size] }
    guard let longest = lengths.max(), let shortest = lengths.min() else { return nil }
    return 2 * (longest - shortest) / (longest + shortest)
  }
}
