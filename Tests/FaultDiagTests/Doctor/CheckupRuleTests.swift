import SignalIO
import Testing

@testable import FaultDiag

/// Recordings as a survey finds them, without files.
enum Patients {
  static func recording(
    _ path: String, label: String? = nil, bearingID: String? = nil, machine: String? = nil,
    rpm: Double? = 1800, bearing: String? = "6205", unit: String? = "g", rate: Double = 12_000,
    seconds: Double = 20, level: Double = 1, mean: Double = 0, mark: UInt64? = nil,
    quality: [QualityFinding] = []
  ) -> SurveyedRecording {
    var metadata = RecordingMetadata()
    func stated<Value>(_ value: Value?) -> Sourced<Value>? { value.map { Sourced($0, from: .flag("test")) } }
    metadata.label = stated(label)
    metadata.bearingID = stated(bearingID)
    metadata.machine = stated(machine)
    metadata.speed = stated(rpm)
    metadata.bearing = stated(bearing)
    metadata.unit = stated(unit)
    var statistics = TimeStatistics()
    statistics.count = Int(rate * seconds)
    statistics.standardDeviation = level
    statistics.mean = mean
    return SurveyedRecording(
      path: path, metadata: metadata, sampleRate: rate, seconds: seconds, format: "WAV",
      statistics: statistics, quality: quality, mark: mark ?? path.utf8.reduce(7) { 31 &* $0 &+ UInt64($1) })
  }

  /// Four bearings of each of two states, alike but for what `change` does to the second state.
  static func twoStates(_ change: (inout SurveyedRecording, Int) -> Void = { _, _ in }) -> Survey {
    var recordings: [SurveyedRecording] = []
    for label in ["normal", "outer"] {
      for index in 0..<4 {
        // Levels interleave: 1.0, 1.2, ... and 1.1, 1.3, ...
        var one = recording(
          "\(label)\(index).wav", label: label, bearingID: "\(label)\(index)", machine: "m\(index)",
          level: 1 + 0.2 * Double(index) + (label == "outer" ? 0.1 : 0))
        if label == "outer" { change(&one, index) }
        recordings.append(one)
      }
    }
    return Survey(recordings: recordings)
  }

  static func rules(_ survey: Survey) -> Set<String> { Set(Checkup(survey).findings.map(\.rule)) }
}

@Suite struct CheckupRuleTests {
  @Test func soundDataHaveNoLeak() {
    let rules = Patients.rules(Patients.twoStates())
    #expect(rules.isDisjoint(with: ["condition_leak", "level_leak", "duplicates", "labels", "sample_rate"]))
  }

  @Test func aRateOfItsOwnIsALeak() throws {
    let checkup = Checkup(Patients.twoStates { one, _ in one.sampleRate = 48_000 })
    let leaks = checkup.findings.filter { $0.rule == "condition_leak" }
    #expect(leaks.contains { $0.message.contains("outer can be told by the sample rate") })
    #expect(leaks.allSatisfy { $0.severity == .warning })
  }

  @Test func oneSharedValueIsNoLeak() {
    let survey = Patients.twoStates { one, index in if index > 0 { one.sampleRate = 48_000 } }
    #expect(
      !Checkup(survey).findings.contains { $0.message.hasPrefix("outer can be told by the sample rate") })
  }

  @Test func statesOnMachinesOfTheirOwnAreALeak() {
    let survey = Patients.twoStates { one, index in
      one.metadata.machine = Sourced("other\(index)", from: .flag("test"))
    }
    #expect(Checkup(survey).findings.contains { $0.message.contains("told by the machine alone") })
  }

  /// Four against four in order have an area of 1, but only 2.3 standard errors from chance; eight bearings each have 3.4.
  @Test func levelsLeakOnlyBeyondChance() {
    let few = Patients.twoStates { one, _ in one.statistics.standardDeviation *= 100 }
    #expect(!Patients.rules(few).contains("level_leak"))
    var many = few
    many.recordings += few.recordings.map { recording in
      var twin = recording
      twin.path = "again-" + twin.path
      twin.mark &+= 1
      twin.metadata.bearingID = Sourced("again-" + recording.group, from: .flag("test"))
      return twin
    }
    let leaks = Checkup(many).findings.filter { $0.rule == "level_leak" }
    #expect(leaks.contains { $0.message.contains("outer can be told by its level alone: higher") })
  }

  /// Loads of one bearing are not independent: eight recordings of two bearings are two.
  @Test func aBearingCountsOnce() {
    var survey = Patients.twoStates { one, _ in one.statistics.mean = 5 }
    for index in survey.recordings.indices {
      let label = survey.recordings[index].label ?? ""
      survey.recordings[index].metadata.bearingID = Sourced(label, from: .flag("test"))
    }
    survey.recordings += survey.recordings.map { recording in
      var later = recording
      later.path = "later-" + later.path
      later.mark &+= 1
      return later
    }
    #expect(!Patients.rules(survey).contains("level_leak"))
  }

  @Test func equalSamplesUnderTwoLabelsAreAProblem() {
    let same = Patients.twoStates { one, _ in one.mark = 7 }
    var survey = same
    survey.recordings[0].mark = 7
    let found = Checkup(survey).findings.filter { $0.rule == "duplicates" }
    #expect(found.map(\.severity) == [.problem])
    #expect(found[0].message.contains("normal and outer"))
    #expect(Checkup(same).findings.filter { $0.rule == "duplicates" }.map(\.severity) == [.warning])
  }

  @Test func oneBearingAStateCannotBeHeldOut() {
    let survey = Survey(recordings: [
      Patients.recording("a.wav", label: "inner", bearingID: "b1"),
      Patients.recording("b.wav", label: "outer", bearingID: "b2"),
    ])
    let checkup = Checkup(survey)
    #expect(checkup.findings.contains { $0.rule == "labels" && $0.message.contains("from one bearing only") })
    #expect(checkup.capabilities.first { $0.name == "held_out" }?.extent == .no)
  }

  @Test func labelsWithoutIdentityAreWarnedOf() {
    let survey = Survey(recordings: [
      Patients.recording("a.wav", label: "inner"), Patients.recording("b.wav", label: "outer"),
    ])
    #expect(Checkup(survey).findings.contains { $0.message.contains("without bearing_id") })
  }

  @Test(arguments: [(2_000.0, CheckupFinding.Severity.problem), (8_000, .warning)])
  func lowRates(rate: Double, severity: CheckupFinding.Severity) {
    let checkup = Checkup(Survey(recordings: [Patients.recording("a.wav", rate: rate)]))
    #expect(checkup.findings.first { $0.rule == "sample_rate" }?.severity == severity)
  }

  @Test func halfASecondIsTooShort() {
    let checkup = Checkup(Survey(recordings: [Patients.recording("a.wav", seconds: 0.5)]))
    #expect(checkup.worst == .problem)
    #expect(checkup.capabilities.first { $0.name == "inner_outer_ball" }?.extent == .no)
  }

  /// 5 % needs 19 recordings: 1 / (19 + 1).
  @Test(arguments: [(18, true), (19, false)])
  func healthyRecordingsBoundFalseAlarms(count: Int, isWarned: Bool) {
    let survey = Survey(recordings: (0..<count).map { Patients.recording("\($0).wav", machine: "fan") })
    let warned = Checkup(survey).findings.contains { $0.rule == "healthy" && $0.severity == .warning }
    #expect(warned == isWarned)
  }

  @Test func onlyTheHealthyCountAsHealthy() {
    let survey = Patients.twoStates()
    #expect(survey.healthy(survey.recordings).count == 4)
  }

  @Test func unknownSpeedAndBearingAreNamed() {
    let survey = Survey(recordings: [
      Patients.recording("a.wav", rpm: nil), Patients.recording("b.wav", bearing: "none-such"),
      Patients.recording("c.wav", bearing: nil, unit: nil),
    ])
    let checkup = Checkup(survey)
    #expect(checkup.findings.first { $0.rule == "speed" }?.recordings == ["a.wav"])
    #expect(checkup.findings.filter { $0.rule == "bearing" }.map(\.recordings) == [["c.wav"], ["b.wav"]])
    #expect(checkup.findings.first { $0.rule == "calibration" }?.recordings == ["c.wav"])
    #expect(checkup.capabilities.first { $0.name == "inner_outer_ball" }?.extent == .no)
  }

  @Test func theWorstComesFirst() {
    let survey = Survey(
      recordings: [Patients.recording("a.wav", bearing: nil, unit: nil)],
      unreadable: [.init(path: "b.wav", reason: "cut")])
    let severities = Checkup(survey).findings.map(\.severity)
    #expect(severities == severities.sorted(by: >))
    #expect(severities.first == .problem)
  }

  @Test func everyRuleHasANameOfItsOwn() {
    let names = CheckupRules.all.map { $0.name }
    #expect(Set(names).count == names.count)
  }

  @Test func textFitsTheTerminal() {
    var survey = Patients.twoStates { one, _ in one.sampleRate = 2_000 }
    survey.unreadable = [.init(path: "cut.wav", reason: "the file ends early")]
    let text = Checkup(survey).text(TextStyle(width: 80))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(text.contains("What can be found out with these"))
  }
}
