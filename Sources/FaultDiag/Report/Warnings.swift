import SignalIO

/// The warnings of a diagnosis, each with its advice. One place, so that words and kinds stay the same everywhere.
extension DiagnosisWarning {
  static func otherChannels(_ choice: ChannelChoice, trained: String?) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "channels",
      message:
        "the recording has \(choice.count) channels and the model listens to one: '\(choice.name)' was used"
        + (trained.map { ", as none is called '\($0)'" } ?? ""),
      advice: "Choose another with --channel.")
  }

  static func lowRate(native: Double, model: Double) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "low_rate",
      message: "recorded at \(Format.number(native, digits: 2)) Hz, below the model's "
        + "\(Format.number(model, digits: 2)) Hz: what the model knows from higher frequencies is missing",
      advice: "Record faster, or fit a model on recordings of this rate.")
  }

  static func fewWindows(_ count: Int) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "few_windows",
      message: "the verdict rests on \(count == 1 ? "one window" : "\(count) windows") only",
      advice: "Record longer: ten windows or more even out chance.")
  }

  static func skippedWindows(_ count: Int, of total: Int) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "skipped_windows",
      message: "\(count) of \(total) windows were left out, as they hold samples that are not finite",
      advice: "Repair or cut the recording.")
  }

  static var uncalibrated: DiagnosisWarning {
    DiagnosisWarning(
      kind: "uncalibrated",
      message:
        "the probability is not calibrated: the model had no second bearing, machine or file of a class to check on",
      advice: "Fit with at least two bearings of each state.")
  }

  static var strangeLines: DiagnosisWarning {
    DiagnosisWarning(
      kind: "strange_lines",
      message: "the bearing's lines fit no state that the model knows, so that none is stated",
      advice:
        "Check speed and geometry; a fault that was never taught looks like this too.")
  }

  static func suspected(
    _ fault: StateProbability, healthy: Double, alarm: AlarmRule
  ) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "suspected",
      message:
        "\(fault.state) is suspected: something is wrong with \(Format.percent(1 - healthy)), and a fault is "
        + "stated from \(Format.percent(alarm.certainty))",
      advice: "Record again, for longer or under load, and watch how it develops.")
  }

  static func unusable(_ finding: QualityFinding) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "unusable", message: "nothing can be concluded from these samples: \(finding)",
      advice: finding.advice)
  }

  static var noBearing: DiagnosisWarning {
    DiagnosisWarning(
      kind: "no_bearing",
      message: "the bearing is unknown, so the verdict could not be checked against its lines",
      advice: "Give its name with --bearing or its geometry in a side-car.")
  }

  static func unknownBearing(_ error: SignalIOError) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "unknown_bearing", message: "\(error)",
      advice: "Give the geometry (elements, diameters, angle) instead of the name.")
  }

  static func noEvidence(seconds: Double) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "no_evidence",
      message:
        "\(Format.number(seconds, digits: 2)) s at this rate do not show the bearing's lines at this speed",
      advice: "Record 30 revolutions or more, at 3 kHz or more.")
  }

  /// What is wrong between a learned state and the lines that were found; nil where they agree.
  ///
  /// A fault whose lines are absent, healthy beside lines that are present, or a fault whose lines are there while
  /// another part's stand `rivalMargin` above them.
  ///
  /// - `evidence`: strongest first.
  package static func disagreement(of state: String, with evidence: [Evidence]) -> DiagnosisWarning? {
    guard let strongest = evidence.first else { return nil }
    if let own = FaultFamily.named(in: state).flatMap({ family in evidence.first { $0.family == family } }) {
      if !own.isPresent { return .missingLines(state: state, finding: own) }
      let isOutdone = strongest.isPresent && strongest.decibels >= own.decibels + rivalMargin
      return isOutdone ? .unexpectedLines(state: state, finding: strongest) : nil
    }
    return HealthyNames.contains(state) && strongest.isPresent
      ? .unexpectedLines(state: state, finding: strongest) : nil
  }

  /// In decibels: twice the amplitude.
  private static let rivalMargin = 6.0

  static func missingLines(state: String, finding: Evidence) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "no_lines",
      message: "learned: \(state), but no lines of the \(finding.family.rawValue) stand out at "
        + "\(Format.fixed(finding.expectedHz, digits: 1)) Hz (\(Format.fixed(finding.decibels, digits: 1)) dB, chance "
        + "\(Format.fixed(finding.chanceDecibels, digits: 1)) dB)",
      advice: "Check speed and geometry; trust the verdict less.")
  }

  static func unexpectedLines(state: String, finding: Evidence) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "unexpected_lines",
      message: "learned: \(state), but lines of the \(finding.family.rawValue) stand out at "
        + "\(Format.fixed(finding.foundHz, digits: 1)) Hz (\(Format.fixed(finding.decibels, digits: 1)) dB)",
      advice: "Look at the envelope spectrum; another recording will tell.")
  }

  static func reader(_ warning: RecordingWarning) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "file", message: "\(warning)", advice: "Export or copy the file again if that is not meant.")
  }

  static func ingest(_ warning: IngestWarning) -> DiagnosisWarning {
    DiagnosisWarning(kind: "metadata", message: "\(warning)", advice: "Correct the file it comes from.")
  }
}

extension FaultFamily {
  /// The family a state's name means, as people file recordings; nil for every other name.
  package static func named(in state: String) -> FaultFamily? {
    let words = state.lowercased().split { !$0.isLetter }
    let names: [(FaultFamily, [String])] = [
      (.inner, ["inner", "ir", "bpfi"]), (.outer, ["outer", "or", "bpfo"]),
      (.ball, ["ball", "roller", "rolling", "bsf"]), (.cage, ["cage", "ftf"]),
    ]
    let found = names.filter { _, spellings in words.contains { spellings.contains(String($0)) } }
    return found.count == 1 ? found[0].0 : nil
  }
}
