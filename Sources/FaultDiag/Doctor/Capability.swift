import SignalIO

/// Something the program can do, and with how many of the recordings it could.
package struct Capability: Sendable, Equatable, Codable {
  package enum Extent: String, Sendable, Codable {
    case yes, partly, no
  }

  /// A short word for programs, for instance `inner_outer_ball`.
  package var name: String
  /// In words, for instance `inner-race, outer-race and ball faults, by their lines`.
  package var title: String
  package var extent: Extent
  /// Why not, or what limits it; empty where nothing does.
  package var reason: String

  init(_ name: String, _ title: String, _ extent: Extent, _ reason: String = "") {
    self.name = name
    self.title = title
    self.extent = extent
    self.reason = reason
  }

  /// Whatever holds for some recordings and not for others.
  init(_ name: String, _ title: String, _ count: Int, of total: Int, missing: String) {
    self.init(
      name, title, count == total ? .yes : count > 0 ? .partly : .no,
      count == total ? "" : (count > 0 ? "in \(CheckupWords.share(count, of: total)); " : "") + missing)
  }

  /// What could and could not be found out with the recordings of `survey`.
  package static func all(_ survey: Survey) -> [Capability] {
    let usable = survey.recordings.filter(\.isUsable)
    return [
      lines(usable), cage(usable), severity(usable), baseline(survey), labelled(survey), honest(survey),
    ]
  }

  private static func lines(_ recordings: [SurveyedRecording]) -> Capability {
    let ready = recordings.filter { recording in
      recording.knownMachine != nil && recording.sampleRate >= SampleRateRule.leastRate
        && recording.seconds >= 1 && (recording.revolutions ?? 0) >= LengthRule.leastRevolutions
    }
    return Capability(
      "inner_outer_ball", "inner-race, outer-race and ball faults, by the default model and their lines",
      ready.count, of: recordings.count,
      missing: "needs speed, bearing, 3 kHz or more and 30 turns of the shaft")
  }

  /// A cage turns about 0.4 times a turn of the shaft and shows as lines that far apart.
  private static func cage(_ recordings: [SurveyedRecording]) -> Capability {
    let ready = recordings.filter { $0.knownMachine != nil && ($0.revolutions ?? 0) >= 100 }
    return Capability(
      "cage", "sidebands at the cage's frequency", ready.count, of: recordings.count,
      missing: "needs speed, bearing and 100 turns of the shaft")
  }

  private static func severity(_ recordings: [SurveyedRecording]) -> Capability {
    // ISO 20816-1: velocity from 10 Hz to 1 kHz.
    let ready = recordings.filter { $0.isCalibratedVibration && $0.sampleRate >= 2_560 }
    return Capability(
      "severity", "severity by vibration velocity, 10 to 1000 Hz", ready.count, of: recordings.count,
      missing: "needs a unit of vibration (or volts with sensitivity) and 2560 Hz or more")
  }

  private static func baseline(_ survey: Survey) -> Capability {
    let title = "a machine's departure from its healthy state"
    let counts = survey.machines.map { survey.healthy($0.recordings).count }
    let most = counts.max() ?? 0
    guard most >= 3 else {
      return Capability("baseline", title, .no, "needs 3 healthy recordings of one machine or more")
    }
    let rates = "false alarms stated down to \(Format.percent(1 / Double(most + 1))) a recording"
    let allEnough = counts.allSatisfy { $0 >= HealthyRule.leastRecordings }
    return Capability("baseline", title, allEnough ? .yes : .partly, rates)
  }

  private static func labelled(_ survey: Survey) -> Capability {
    let title = "states of your own, learnt from labels"
    let labels = survey.labels
    guard labels.count > 1 else {
      return Capability("labels", title, .no, "needs labelled recordings of two states or more")
    }
    return Capability("labels", title, .yes, CheckupWords.list(labels))
  }

  private static func honest(_ survey: Survey) -> Capability {
    let title = "an honest figure for bearings never heard"
    let labels = survey.labels
    let enough = labels.filter { survey.groups(labelled: $0).count >= 2 }
    guard labels.count > 1, enough.count == labels.count else {
      let why = "needs two bearings or more of each state"
      return Capability(
        "held_out", title, enough.isEmpty || labels.count < 2 ? .no : .partly,
        enough.isEmpty || labels.count < 2 ? why : why + "; only \(CheckupWords.list(enough)) have them")
    }
    let isKnown = survey.labelled.allSatisfy { $0.identity != nil }
    return Capability(
      "held_out", title, isKnown ? .yes : .partly,
      isKnown ? "" : "if each file is of another bearing: bearing_id or machine would tell")
  }
}
