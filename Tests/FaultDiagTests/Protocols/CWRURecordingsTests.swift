import FaultDiag
import SignalIO
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct CWRURecordingsTests {
  @Test func theProtocolHasSixtyRecordings() {
    let recordings = CWRURecordings.recordings
    #expect(Set(recordings.map(\.file)).count == 60)
    func count(_ fault: FaultFamily) -> Int { recordings.filter { $0.fault == fault }.count }
    #expect(count(.inner) == 16 && count(.ball) == 16 && count(.outer) == 28)
    #expect(recordings.first { $0.file == 159 }?.rpm == 1750)
  }

  @Test func familiesAreRankedWhateverTheState() {
    var diagnosis = Diagnosis(
      recording: DiagnosisTests.example.recording,
      probabilities: [
        StateProbability(state: "ball", probability: 0.2),
        StateProbability(state: "normal", probability: 0.5),
        StateProbability(state: "outer", probability: 0.3),
      ], windows: WindowAgreement(agreeing: 1, total: 1), model: DiagnosisTests.example.model)
    #expect(CWRURecordings.ranking(diagnosis) == ["outer", "ball"])
    diagnosis.withholdState()
    #expect(CWRURecordings.ranking(diagnosis) == ["outer", "ball"])
  }

  @Test func onlyAFaultIsAnAlarm() {
    func isAlarm(_ state: String?) -> Bool {
      CWRURecordings.NormalOutcome(name: "97", state: state).isAlarm
    }
    #expect(isAlarm("outer"))
    #expect(!isAlarm("normal") && !isAlarm("unknown") && !isAlarm(nil))
  }

  @Test(
    .enabled(
      if: RealData.has("cwru") && RealData.has("cwru_derived"), Comment(rawValue: RealData.explanation)))
  func theNormalRecordingsAreFound() throws {
    let folder = try #require(RealData.folder("cwru")).deletingLastPathComponent().path
    let normals = try CWRURecordings.normals(folder: folder)
    // Both sensors of 97, whole and in five seconds each, and 43 pieces of 98.
    #expect(normals.count == 2 * 6 + 43)
    #expect(normals.allSatisfy { !$0.samples.isEmpty })
  }
}
