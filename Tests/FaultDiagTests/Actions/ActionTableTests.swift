import TestSupport
import Testing

@testable import FaultDiag

@Suite struct ActionTableTests {
  private func diagnosis(_ state: String) -> Diagnosis {
    Diagnosis(
      recording: DiagnosedRecording(
        path: "a.wav", format: "WAV", channel: "1", channelCount: 1, sampleRate: 12_000, seconds: 10),
      probabilities: [StateProbability(state: state, probability: 0.9)],
      windows: WindowAgreement(agreeing: 1, total: 1), model: ModelIdentity(name: "m", hash: "0"))
  }

  @Test func everyFindingHasWordsInEveryZone() {
    for state in ["normal", "outer race", "IR", "ball", "cage", "cavitation", "unknown", "changed"] {
      for zone in [nil] + SeverityZone.allCases.map(Optional.some) {
        let advice = ActionTable.standard.advice(diagnosis(state), zone: zone)
        #expect(!advice.action.isEmpty && !advice.deadline.isEmpty)
        // Zone D is urgent whatever the bearing says.
        if zone == .d { #expect(advice.urgency == 4) }
      }
    }
    #expect(ActionTable.standard.aboutFailure.urgency == 2)
  }

  @Test func aDiagnosisComesToItsFinding() {
    #expect(ActionTable.finding(of: diagnosis("inner race")) == "inner")
    #expect(ActionTable.finding(of: diagnosis("OK")) == "normal")
    #expect(ActionTable.finding(of: diagnosis("cavitation")) == "other")
    #expect(ActionTable.finding(of: diagnosis("unknown")) == "unknown")
    var suspicious = diagnosis("normal")
    suspicious.suspected = StateProbability(state: "ball", probability: 0.6)
    #expect(ActionTable.finding(of: suspicious) == "suspected")
  }

  @Test func wordsOfOnesOwnReplaceTheProgramsAndTheRestStays() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "[outer.D]\nurgency = 3\naction = \"Anruf\"\ndeadline = \"heute\"\n\n"
        + "[inner.any]\nurgency = 1\naction = \"Warten\"\ndeadline = \"morgen\"\n", to: "actions.toml")
    let table = try ActionTable(path: path)
    #expect(
      table.advice(diagnosis("outer"), zone: .d)
        == Advice(finding: "outer", urgency: 3, action: "Anruf", deadline: "heute"))
    #expect(
      table.advice(diagnosis("outer"), zone: .c) == ActionTable.standard.advice(diagnosis("outer"), zone: .c))
    // A general word of one's own is not undercut by the program's words for single zones.
    #expect(table.advice(diagnosis("inner"), zone: .d).action == "Warten")
    #expect(table.fingerprint != ActionTable.standard.fingerprint)
  }

  @Test func thePrintedTableReadsBackAsTheStandardOne() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(ActionTable.defaultText, to: "actions.toml")
    #expect(try ActionTable(path: path) == ActionTable.standard)
  }

  @Test(arguments: [
    "[bearing.any]\nurgency = 1\naction = \"a\"\ndeadline = \"b\"",
    "[outer.E]\nurgency = 1\naction = \"a\"\ndeadline = \"b\"",
    "[outer.any]\nurgency = 9\naction = \"a\"\ndeadline = \"b\"", "[outer.any]\nurgency = 1\naction = \"a\"",
    "[outer.any]\nurgency = 1\naction = \"a\"\ndeadline = \"b\"\nwhen = 3", "outer = 3", "[outer",
  ])
  func tablesThatCannotBeMeantAreRefused(text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "actions.toml")
    #expect(throws: FaultDiagError.self) { try ActionTable(path: path) }
  }
}
