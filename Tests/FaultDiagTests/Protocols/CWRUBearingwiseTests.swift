import Support
import Testing

@testable import FaultDiag

@Suite struct CWRUBearingwiseTests {
  private let table = """
    random_state,DE_B,DE_IR,DE_OR,FE_B,FE_IR,FE_OR
    4,21,14,14,14,21,7
    5,14,14,14,21,7,7
    """

  @Test func thereAre144Signals() {
    let signals = CWRUBearingwise.signals
    #expect(signals.count == 144)
    #expect(Set(signals).count == 144)
    #expect(Set(signals.map(\.file)).count == 72)
    #expect(signals.first { $0.file == 313 }?.load == 0)
    #expect(signals.first { $0.file == 309 }?.load == 1)
    #expect(signals.filter { $0.labels == [false, false, false] }.count == 72)
  }

  @Test func foldsHaveTheStatedSizesAndKeepBearingsApart() throws {
    let folds = try CWRUBearingwise.folds(table: table, path: "folds.csv")
    #expect(folds.count == 4)
    #expect(CWRUBearingwise.tuningFolds.count == 6)
    for fold in folds + CWRUBearingwise.tuningFolds {
      #expect(fold.training.count == 72 && fold.test.count == 36, "\(fold.name)")
      let bearing = { (index: Int) -> String in
        let s = CWRUBearingwise.signals[index]
        return "\(s.faultEnd) \(s.fault) \(s.size)"
      }
      #expect(Set(fold.training.map(bearing)).isDisjoint(with: fold.test.map(bearing)), "\(fold.name)")
    }
  }

  @Test func sidesLeaveOutTheFarSensor() throws {
    let fold = try CWRUBearingwise.folds(table: table, path: "folds.csv")[0]
    #expect(fold.name == "4 DE")
    let signals = CWRUBearingwise.signals
    #expect(!fold.training.contains { signals[$0].faultEnd == .de && signals[$0].sensor == .fe })
    #expect(!fold.test.contains { signals[$0].faultEnd == .fe && signals[$0].sensor == .de })
  }

  @Test func badTablesAreRefused() {
    #expect(throws: FaultDiagError.self) { _ = try CWRUBearingwise.folds(table: "a,b\n1,2", path: "x") }
    #expect(throws: FaultDiagError.self) {
      _ = try CWRUBearingwise.folds(
        table: table.replacing("4,21,14", with: "4,22,14"), path: "x")
    }
    #expect(throws: FaultDiagError.self) { _ = try CWRUBearingwise.folds(path: "no such file") }
  }

  @Test func aPerfectScorerScoresOneAndAConstantOneHalf() throws {
    let segments = CWRUBearingwise.signals.flatMap { signal in
      (0..<10).map { CWRUSegment(signal: signal, index: $0, samples: [Float(signal.file)]) }
    }
    let folds = try CWRUBearingwise.folds(table: table, path: "folds.csv")
    let perfect = try CWRUBearingwise.evaluate(
      folds: folds, segments: segments, threads: 2, features: { $0.signal.labels },
      scorer: { _, training, test in
        #expect(training.count == 720 && test.count == 360)
        return test.map { $0.map { $0 ? 1 : 0 } }
      })
    #expect(perfect.mean == 1 && perfect.standardDeviation == 0 && perfect.perLabel == [1, 1, 1])
    let constant = try CWRUBearingwise.evaluate(
      folds: folds, segments: segments, threads: 1, features: { $0.index },
      scorer: { _, _, test in test.map { _ in [0, 0, 0] } })
    #expect(constant.mean == 0.5)
    #expect(constant.worst?.macro == 0.5)
    #expect(throws: FaultDiagError.diverged(stage: "fit", step: 1)) {
      _ = try CWRUBearingwise.evaluate(
        folds: folds, segments: segments, threads: 2, features: { $0.index },
        scorer: { (_, _, _) throws(FaultDiagError) -> [[Double]] in throw .diverged(stage: "fit", step: 1) })
    }
  }

  @Test func shortSignalsAreRefusedAndTheMeanGoes() throws {
    #expect(throws: FaultDiagError.self) {
      _ = try CWRUBearingwise.segments { _ in [Float](repeating: 0, count: 119_999) }
    }
    let segments = try CWRUBearingwise.segments { _ in [Float](repeating: 3, count: 120_001) }
    #expect(segments.count == 1440)
    #expect(segments.allSatisfy { $0.samples.count == 12_000 && $0.samples[7] == 0 })
  }
}
