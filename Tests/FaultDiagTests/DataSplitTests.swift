import Support
import Testing

@testable import FaultDiag

@Suite struct DataSplitTests {
  /// `bearings` bearings of each label with `runs` recordings each.
  private func items(_ labels: [String], bearings: Int, runs: Int) -> [SplitItem] {
    labels.flatMap { label in
      (0..<bearings).flatMap { bearing in
        (0..<runs).map {
          SplitItem(
            path: "\(label)\(bearing)_\($0).wav", label: label, bearingID: "\(label)\(bearing)",
            machine: "rig")
        }
      }
    }
  }

  @Test func everyGroupIsTestedOnceAndNeverOnBothSides() throws {
    let items = items(["ball", "inner", "outer"], bearings: 4, runs: 3)
    for seed in UInt64(0)..<10 {
      let folds = try GroupFolds(items, count: 4, seed: seed)
      #expect(folds.folds.flatMap(\.test).sorted() == Array(items.indices))
      #expect(folds.impossible.isEmpty)
      for fold in folds.folds {
        let trained = Set(fold.training.map { items[$0].bearingID })
        #expect(fold.test.allSatisfy { !trained.contains(items[$0].bearingID) })
        #expect(Set(fold.test.map { items[$0].label }).count == 3, "stratified, seed \(seed)")
      }
      #expect(try GroupFolds(items, count: 4, seed: seed) == folds)
    }
  }

  @Test func leaveOneGroupOutTakesEachInTurn() throws {
    let folds = try GroupFolds(leavingOneGroupOutOf: items(["inner", "outer"], bearings: 3, runs: 2))
    #expect(folds.folds.map(\.test) == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [10, 11]])
  }

  @Test func aClassWithOneGroupAlwaysTrains() throws {
    let items =
      items(["inner", "outer"], bearings: 2, runs: 2) + [
        SplitItem(path: "n1.wav", label: "normal", bearingID: "n"),
        SplitItem(path: "n2.wav", label: "normal", bearingID: "n"),
      ]
    let folds = try GroupFolds(items, count: 2, seed: 1)
    #expect(folds.impossible == ["normal"])
    #expect(folds.heldOutGroups == 4)
    #expect(folds.folds.allSatisfy { $0.training.contains(8) && $0.training.contains(9) })
  }

  @Test func aMachineWithoutBearingIdsIsOneGroup() {
    let groups = DataSplit.naturalGroups([
      SplitItem(path: "a", label: "x", bearingID: "b1", machine: "m"),
      SplitItem(path: "b", label: "x", machine: "m"),
      SplitItem(path: "c", label: "x", bearingID: "b2", machine: "k"), SplitItem(path: "d", label: "x"),
    ])
    #expect(groups == ["machine m", "machine m", "bearing b2", "file d"])
  }

  @Test func leaksAreRefused() throws {
    let items = items(["inner", "outer"], bearings: 2, runs: 2)
    #expect(
      throws: FaultDiagError.leakingSplit(
        group: "bearing inner0", training: ["inner0_0.wav"], test: ["inner0_1.wav"])
    ) {
      _ = try DataSplit(training: [0, 4], test: [1, 6], of: items)
    }
    #expect(throws: FaultDiagError.self) { _ = try GroupFolds(items, count: 4, unit: .file, seed: 0) }
    #expect(throws: FaultDiagError.windowSplit) { _ = try SplitUnit(named: "Window") }
    #expect(try SplitUnit(named: "bearing") == .bearing)
    #expect(throws: FaultDiagError.self) { _ = try SplitUnit(named: "hour") }
  }

  @Test func whatCannotBeSplitIsSaid() throws {
    #expect(throws: FaultDiagError.tooFewClasses(found: ["inner"])) {
      _ = try GroupFolds(items(["inner"], bearings: 3, runs: 1), count: 2, seed: 0)
    }
    #expect(throws: FaultDiagError.nothingToHoldOut(classes: ["inner", "outer"], groups: 2)) {
      _ = try GroupFolds(items(["inner", "outer"], bearings: 1, runs: 4), count: 2, seed: 0)
    }
    #expect(throws: FaultDiagError.tooManyFolds(folds: 9, groups: 4)) {
      _ = try GroupFolds(items(["inner", "outer"], bearings: 2, runs: 4), count: 9, seed: 0)
    }
    let anonymous = [SplitItem(path: "a", label: "x"), SplitItem(path: "b", label: "y")]
    #expect(throws: FaultDiagError.self) { _ = try GroupFolds(anonymous, count: 2, unit: .bearing, seed: 0) }
  }
}
