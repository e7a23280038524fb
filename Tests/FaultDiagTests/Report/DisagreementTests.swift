import FaultDiag
import SignalIO
import Testing

/// A learned state against the lines that were found.
@Suite struct DisagreementTests {
  private func finding(_ family: FaultFamily, _ decibels: Double) -> Evidence {
    Evidence(
      family: family, expectedHz: 100, expectedOrder: 4, foundHz: 100, foundOrder: 4, decibels: decibels,
      chanceDecibels: 5, harmonics: 4)
  }

  private func kind(_ state: String, _ evidence: [Evidence]) -> String? {
    DiagnosisWarning.disagreement(of: state, with: evidence)?.kind
  }

  @Test func agreementIsSilent() {
    #expect(kind("inner", [finding(.inner, 12), finding(.outer, 7)]) == nil)
    #expect(kind("normal", [finding(.outer, 7)]) == nil)
    #expect(kind("abnormal", [finding(.outer, 20)]) == nil, "a state that names no part claims no lines")
    #expect(kind("inner", []) == nil)
  }

  @Test func absentLinesAreTold() {
    #expect(kind("inner", [finding(.outer, 20), finding(.inner, 7)]) == "no_lines")
  }

  @Test func linesBesideAHealthyVerdictAreTold() {
    #expect(kind("normal", [finding(.outer, 9)]) == "unexpected_lines")
  }

  /// The part's own lines are present, but another part's have twice their amplitude.
  @Test func strongerLinesOfAnotherPartAreTold() {
    #expect(kind("inner", [finding(.outer, 23.5), finding(.inner, 9.7)]) == "unexpected_lines")
    #expect(kind("inner", [finding(.outer, 15), finding(.inner, 9.7)]) == nil)
  }
}
