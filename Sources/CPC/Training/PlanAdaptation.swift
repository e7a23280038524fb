import SignalIO

/// What is known of a recording before it is read.
package struct RecordingSummary: Sendable, Equatable {
  package var path: String
  /// In hertz.
  package var sampleRate: Double
  /// nil where only reading tells.
  package var seconds: Double?
  package var kind: SignalKind

  package init(path: String, sampleRate: Double, seconds: Double?, kind: SignalKind = .vibration) {
    self.path = path
    self.sampleRate = sampleRate
    self.seconds = seconds
    self.kind = kind
  }
}

/// What a recording most likely holds, as far as a plan's defaults depend on it.
package enum SignalKind: String, Sendable, CaseIterable, Codable {
  /// Acceleration and the like: what tells is how impacts follow each other.
  case vibration
  /// From a microphone: what tells is how timbre changes.
  case sound

  /// Rates of microphones and players, in hertz; sensors for vibration use others.
  private static let soundRates: Set<Double> = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000]

  private static let soundContainers: Set<String> = [
    "wav", "rf64", "w64", "flac", "ogg", "mpeg", "aiff", "caf", "au",
  ]

  /// Pressure is sound, acceleration and velocity are vibration; where the unit does not tell (none, or volts), a sound
  /// file at one of the usual rates is sound.
  package init(unit: String?, format: String, sampleRate: Double) {
    switch unit.flatMap({ SignalUnit(spelling: $0) })?.quantity {
    case .pressure: self = .sound
    case .acceleration, .velocity: self = .vibration
    case .voltage, nil:
      let container = format.prefix { $0.isLetter || $0.isNumber }.lowercased()
      let isSoundFile = Self.soundContainers.contains(container)
      self = isSoundFile && Self.soundRates.contains(sampleRate) ? .sound : .vibration
    }
  }

  /// What most of the recordings are; vibration where they are even.
  package init(majorityOf recordings: [RecordingSummary]) {
    let sounds = recordings.filter { $0.kind == .sound }.count
    self = 2 * sounds > recordings.count ? .sound : .vibration
  }
}

/// A change that was made to a plan so that it fits the recordings.
package enum PlanNote: Sendable, Equatable {
  /// Every recording is brought to this rate, the lowest among them or the plan's highest. In hertz.
  case sampleRate(used: Double, lowest: Double, lowestPath: String, limit: Double)
  /// Windows were shortened, because recordings are shorter than the plan's. In seconds.
  case windowShortened(from: Double, to: Double, because: Double)
  /// The defaults are those for this kind of signal.
  case kind(SignalKind, recordings: Int, of: Int)
}

extension PlanNote: CustomStringConvertible {
  package var description: String {
    switch self {
    case .sampleRate(let used, let lowest, let path, let limit):
      used < limit
        ? "all recordings are used at \(shortText(used)) Hz, the lowest rate found (\(path))."
        : "all recordings are used at \(shortText(used)) Hz, the plan's highest rate (the lowest found is "
          + "\(shortText(lowest)) Hz, \(path))."
    case .windowShortened(let from, let to, let because):
      "windows are \(shortText(to)) s long instead of \(shortText(from)) s, because there are "
        + "recordings of \(shortText(because)) s."
    case .kind(let kind, let recordings, let total):
      "the defaults are those for \(kind.rawValue), which \(recordings) of \(total) recordings seem to be."
    }
  }
}

extension TrainingPlan {
  /// The plan fitted to recordings, with what was changed.
  ///
  /// Rate: the lowest native rate, at most the plan's. Nothing is ever interpolated up, since bands without content would
  /// tell recordings apart by their recorder. Window: no longer than the shortest recording, if that is at least half a
  /// window; else no longer than nine in ten recordings, as far as the objective allows. Shorter recordings are skipped.
  package func adapted(
    to recordings: [RecordingSummary]
  ) throws(CPCError) -> (plan: TrainingPlan, notes: [PlanNote]) {
    try validate()
    guard let lowest = recordings.min(by: { ($0.sampleRate, $0.path) < ($1.sampleRate, $1.path) }) else {
      return (self, [])
    }
    var plan = self
    let limit = features.sampleRate
    plan.features.sampleRate = min(limit, lowest.sampleRate)
    var notes: [PlanNote] = [
      .sampleRate(
        used: plan.features.sampleRate, lowest: lowest.sampleRate, lowestPath: lowest.path, limit: limit)
    ]
    if let shorter = plan.shortened(to: recordings) {
      notes.append(
        .windowShortened(
          from: plan.features.windowSeconds, to: shorter.plan.features.windowSeconds, because: shorter.seconds
        ))
      plan = shorter.plan
    }
    try plan.validate()
    return (plan, notes)
  }

  /// The plan with windows that fit the recordings, and the length that decided; nil where they fit already or cannot.
  private func shortened(to recordings: [RecordingSummary]) -> (plan: TrainingPlan, seconds: Double)? {
    let lengths: [Double] = recordings.compactMap { $0.seconds }.sorted()
    let window = features.windowSeconds
    guard let shortest = lengths.first else { return nil }
    let seconds = shortest >= window / 2 ? shortest : lengths[lengths.count / 10]
    guard seconds < window else { return nil }
    // One sample less, since resampling may round a length down.
    let samples = Int(seconds * features.sampleRate) - 1
    guard let shorter = features.features.shortened(to: samples) else { return nil }
    var plan = self
    plan.features.features = shorter
    return (try? plan.validate()) == nil ? nil : (plan, seconds)
  }
}
