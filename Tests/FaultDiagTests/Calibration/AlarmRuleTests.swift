import Testing

@testable import FaultDiag

@Suite struct AlarmRuleTests {
  @Test func aFaultIsStatedOnceTheHealthyStateIsImprobable() {
    let rule = AlarmRule(certainty: 0.9)
    #expect(rule.stated([0.11, 0.69, 0.2], healthy: 0) == 0)
    #expect(rule.stated([0.1, 0.7, 0.2], healthy: 0) == 1)
    #expect(rule.stated([0.3, 0.31, 0.09, 0.3], healthy: 2) == 1, "the likeliest fault, however likely")
    #expect(AlarmRule(certainty: 0).stated([0.4, 0.6], healthy: 0) == 1)
  }

  private static func diagnosis() -> Diagnosis {
    Diagnosis(
      recording: DiagnosisTests.example.recording,
      probabilities: [
        StateProbability(state: "normal", probability: 0.3),
        StateProbability(state: "inner", probability: 0.6),
        StateProbability(state: "outer", probability: 0.1),
      ], windows: WindowAgreement(agreeing: 3, total: 5), model: DiagnosisTests.example.model)
  }

  @Test func whatIsNotStatedIsSuspected() {
    var diagnosis = Self.diagnosis()
    diagnosis.state("normal")
    #expect(diagnosis.state == "normal" && diagnosis.probability == 0.3)
    #expect(diagnosis.suspected == StateProbability(state: "inner", probability: 0.6))
    #expect(diagnosis.alternatives.map(\.state) == ["inner", "outer"])
    diagnosis.withholdState()
    #expect(diagnosis.state == JudgedRecording.unknown && diagnosis.suspected == nil)
  }

  @Test func theMostProbableStateIsNoSuspicion() {
    var diagnosis = Self.diagnosis()
    diagnosis.state("inner")
    #expect(diagnosis == Self.diagnosis())
  }

  @Test func theWarningSaysHowFarItIsFromAnAlarm() {
    let warning = DiagnosisWarning.suspected(
      StateProbability(state: "inner", probability: 0.6), healthy: 0.3, alarm: AlarmRule())
    #expect(
      warning.message == "inner is suspected: something is wrong with 70 %, and a fault is stated from 95 %")
  }
}
