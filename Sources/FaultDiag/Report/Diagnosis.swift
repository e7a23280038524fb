import SignalIO

/// What is wrong with one recording, how sure that is, and why: everything a report shows, and nothing else.
///
/// The JSON form has the same content under snake-case keys, sorted; ``schemaVersion`` grows when a reader of an older
/// version would misunderstand.
package struct Diagnosis: Sendable, Equatable, Codable {
  package static let currentSchemaVersion = 1

  package var schemaVersion = Diagnosis.currentSchemaVersion
  package var recording: DiagnosedRecording
  /// The most probable state; the healthy one as long as too little speaks against it (``AlarmRule``).
  package var state: String
  /// Calibrated probability of ``state``, 0...1.
  package var probability: Double
  /// The other states, most probable first.
  package var alternatives: [StateProbability]
  /// The most probable fault where it is likelier than the healthy state and yet not stated.
  package var suspected: StateProbability?
  package var windows: WindowAgreement
  /// Absent where the model could judge no window.
  package var windowScores: WindowScores?
  /// The networks' own probabilities, most probable first, where ``probability`` weighs the bearing's lines as well.
  package var learned: [StateProbability]?
  /// States that cannot be excluded at a chosen coverage; absent where the model has no tables for it.
  package var predictionSet: PredictionSet?
  /// How well the lines fit each state: shares of simulated recordings of the state whose lines are at least as strange.
  package var plausibility: [StateProbability]?
  /// Absent where nobody knows the shaft speed; a warning then says why.
  package var speed: ShaftSpeedNote?
  /// The nearest labelled references, nearest first.
  package var references: [ReferenceMatch]
  /// Empty when speed or geometry is unknown; a warning then says so.
  package var evidence: [Evidence]
  /// What the recording shows of itself; present where speed or geometry is unknown.
  package var blind: BlindFindings?
  /// How unlike its machine's healthy recordings it is, where a healthy state was given.
  package var novelty: NoveltyFinding?
  package var quality: [QualityNote]
  package var metadata: [MetadataEntry]
  package var model: ModelIdentity
  /// Present when the recording's rate is not the model's.
  package var resampling: ResamplingNote?
  package var warnings: [DiagnosisWarning]

  package init(
    recording: DiagnosedRecording, probabilities: [StateProbability], windows: WindowAgreement,
    references: [ReferenceMatch] = [], evidence: [Evidence] = [], quality: [QualityNote] = [],
    metadata: [MetadataEntry] = [], model: ModelIdentity, resampling: ResamplingNote? = nil,
    warnings: [DiagnosisWarning] = []
  ) {
    precondition(!probabilities.isEmpty, "a diagnosis needs at least one state")
    let ranked = probabilities.sorted { ($1.probability, $0.state) < ($0.probability, $1.state) }
    self.recording = recording
    state = ranked[0].state
    probability = ranked[0].probability
    alternatives = Array(ranked.dropFirst())
    self.windows = windows
    self.references = references
    self.evidence = evidence
    self.quality = quality
    self.metadata = metadata
    self.model = model
    self.resampling = resampling
    self.warnings = warnings
  }

  /// States one of the states whose probabilities are known; what was most probable before is then suspected.
  mutating func state(_ name: String) {
    guard let place = alternatives.firstIndex(where: { $0.state == name }) else { return }
    let chosen = alternatives.remove(at: place)
    let before = StateProbability(state: state, probability: probability)
    alternatives.insert(before, at: 0)
    (state, probability, suspected) = (chosen.state, chosen.probability, before)
  }

  /// Calls the state unknown; what was most probable becomes the first alternative.
  mutating func withholdState() {
    alternatives.insert(StateProbability(state: state, probability: probability), at: 0)
    (state, probability, suspected) = (JudgedRecording.unknown, 0, nil)
  }
}

/// States that cannot be excluded.
package struct PredictionSet: Sendable, Equatable, Codable {
  /// Of recordings of any one state, the share whose state is in such a set; measured on simulated recordings.
  package var coverage: Double
  /// Most probable first.
  package var states: [String]

  package init(coverage: Double, states: [String]) {
    self.coverage = coverage
    self.states = states
  }
}

/// Which file was listened to, and to which of its channels.
package struct DiagnosedRecording: Sendable, Equatable, Codable {
  package var path: String
  package var format: String
  /// Name of the channel that was used.
  package var channel: String
  package var channelCount: Int
  /// In hertz, as recorded.
  package var sampleRate: Double
  /// Seconds listened to.
  package var seconds: Double

  package init(
    path: String, format: String, channel: String, channelCount: Int, sampleRate: Double, seconds: Double
  ) {
    self.path = path
    self.format = format
    self.channel = channel
    self.channelCount = channelCount
    self.sampleRate = sampleRate
    self.seconds = seconds
  }
}

package struct StateProbability: Sendable, Equatable, Codable {
  package var state: String
  /// 0...1.
  package var probability: Double

  package init(state: String, probability: Double) {
    self.state = state
    self.probability = probability
  }
}

/// How many windows, judged alone, come to the recording's state.
package struct WindowAgreement: Sendable, Equatable, Codable {
  package var agreeing: Int
  package var total: Int

  package init(agreeing: Int, total: Int) {
    self.agreeing = agreeing
    self.total = total
  }
}

/// A labelled recording that the siamese head finds near.
package struct ReferenceMatch: Sendable, Equatable, Codable {
  package var recording: String
  package var label: String
  /// Euclidean distance in the siamese head's space; beyond the margin two recordings count as different.
  package var distance: Double

  package init(recording: String, label: String, distance: Double) {
    self.recording = recording
    self.label = label
    self.distance = distance
  }
}

/// What the envelope spectrum shows at one fault family's frequency.
package struct Evidence: Sendable, Equatable, Codable {
  package var family: FaultFamily
  /// Fundamental without slip, in hertz and in multiples of the shaft speed.
  package var expectedHz: Double
  package var expectedOrder: Double
  /// Fundamental at the slip that fits the harmonics best.
  package var foundHz: Double
  package var foundOrder: Double
  /// How far the found order falls short of the expected one, as a share.
  package var slip: Double
  /// Mean level of the harmonics over their local floor, over all bands.
  package var decibels: Double
  /// What the same search finds at orders where this bearing has no lines (upper decile).
  package var chanceDecibels: Double
  /// Harmonics that could be read (below the end of the spectrum and off the shaft's own lines).
  package var harmonics: Int
  /// Level of each harmonic, from the first, in ``band``.
  package var harmonicDecibels: [Double] = []
  /// Mean level of the lines beside the harmonics that a load passing by makes, in ``band``.
  package var sidebandDecibels: Double?
  /// Distance of these from the harmonics, in multiples of the shaft speed: 1 for a race, the cage's for an element.
  package var sidebandOrder: Double?
  /// The band that shows the harmonics best.
  package var band: EvidenceBand?

  /// Lines count as present when they stand this far above chance; noise alone does not (`BearingEvidenceTests`).
  package static let presentMargin = 3.0
  package var isPresent: Bool { decibels >= chanceDecibels + Self.presentMargin }

  package init(
    family: FaultFamily, expectedHz: Double, expectedOrder: Double, foundHz: Double, foundOrder: Double,
    decibels: Double, chanceDecibels: Double, harmonics: Int, harmonicDecibels: [Double] = [],
    sidebandDecibels: Double? = nil, sidebandOrder: Double? = nil, band: EvidenceBand? = nil
  ) {
    self.family = family
    self.expectedHz = expectedHz
    self.expectedOrder = expectedOrder
    self.foundHz = foundHz
    self.foundOrder = foundOrder
    self.decibels = decibels
    self.chanceDecibels = chanceDecibels
    self.harmonics = harmonics
    self.harmonicDecibels = harmonicDecibels
    self.sidebandDecibels = sidebandDecibels
    self.sidebandOrder = sidebandOrder
    self.band = band
    slip = 1 - foundOrder / expectedOrder
  }
}

/// A range of frequencies in which resonances ring, in hertz.
package struct EvidenceBand: Sendable, Equatable, Codable {
  package var lowestHz: Double
  package var highestHz: Double

  package init(lowestHz: Double, highestHz: Double) {
    self.lowestHz = lowestHz
    self.highestHz = highestHz
  }

  /// For instance `2250-3250 Hz`.
  var text: String {
    "\(Format.number(lowestHz, digits: 0))-\(Format.number(highestHz, digits: 0)) Hz"
  }
}

/// A defect of the data itself.
package struct QualityNote: Sendable, Equatable, Codable {
  /// A short word for programs, for instance `clipping`.
  package var kind: String
  package var message: String

  package init(kind: String, message: String) {
    self.kind = kind
    self.message = message
  }
}

/// A fact about the recording and where it comes from.
package struct MetadataEntry: Sendable, Equatable, Codable {
  package var name: String
  package var value: String
  package var source: String

  package init(name: String, value: String, source: String) {
    self.name = name
    self.value = value
    self.source = source
  }
}

/// Which model spoke.
package struct ModelIdentity: Sendable, Equatable, Codable {
  package var name: String
  /// Hash of the model file's bytes, in hexadecimal.
  package var hash: String

  package init(name: String, hash: String) {
    self.name = name
    self.hash = hash
  }
}

/// The rate was changed before the model listened.
package struct ResamplingNote: Sendable, Equatable, Codable {
  /// In hertz.
  package var from: Double
  /// In hertz.
  package var to: Double

  package init(from: Double, to: Double) {
    self.from = from
    self.to = to
  }
}

/// Something that makes the verdict weaker, and what to do about it.
package struct DiagnosisWarning: Sendable, Equatable, Codable {
  /// A short word for programs, for instance `unknown_bearing`.
  package var kind: String
  package var message: String
  package var advice: String

  package init(kind: String, message: String, advice: String) {
    self.kind = kind
    self.message = message
    self.advice = advice
  }
}
