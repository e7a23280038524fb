import Foundation
import Support
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct BinomialRangeTests {
  @Test func centralRangeOfCounts() {
    // R: qbinom(c(0.025, 0.975), 80, 0.05) is 1 and 8; for 560 at 1 % it is 2 and 11.
    #expect(BinomialRange.counts(rate: 0.05, of: 80) == 1...8)
    #expect(BinomialRange.counts(rate: 0.01, of: 560) == 2...11)
    #expect(BinomialRange.counts(rate: 0.5, of: 1) == 0...1)
  }
}

@Suite struct MachineSoundsTests {
  @Test func foldsDealEveryClipOnce() {
    let folds = MachineSounds.folds(of: 10, machine: 3, seed: 1)
    for fold in 0..<MachineSounds.foldCount { #expect(folds.count { $0 == fold } == 2) }
    #expect(folds == MachineSounds.folds(of: 10, machine: 3, seed: 1))
    #expect(folds != MachineSounds.folds(of: 10, machine: 4, seed: 1))
  }

  private func score(_ novelty: Double, p: Double, abnormal: Bool, reference: Double) -> MachineSounds.Score {
    MachineSounds.Score(
      machine: "fan/a", isAbnormal: abnormal, novelty: novelty, pValue: p, smallestPValue: 0.02,
      reference: reference, components: NoveltyComponent.allCases.map { _ in novelty })
  }

  @Test func areasAndFalseAlarms() throws {
    var scores: [MachineSounds.Score] = []
    for index in 0..<40 {
      let value = Double(index)
      scores.append(score(value, p: index < 2 ? 0.05 : 0.5, abnormal: false, reference: -value))
    }
    for index in 0..<10 {
      scores.append(score(50 + Double(index), p: 0.02, abnormal: true, reference: -Double(index)))
    }
    let result = try #require(MachineSounds.Result(scores))
    #expect(result.novelty.area == 1 && result.novelty.partialArea == 1)
    #expect(result.machines == ["fan/a": 1])
    #expect(result.reference.area > 0.8 && result.reference.area < 1)
    let alarms = MachineSounds.FalseAlarms(scores, rate: 0.05)
    #expect(alarms.alarms == 2 && alarms.normal == 40 && alarms.isWithin && alarms.isReachable)
    #expect(!MachineSounds.FalseAlarms(scores, rate: 0.01).isReachable)
    #expect(MachineSounds.Result(scores.filter { !$0.isAbnormal }) == nil)
  }

  @Test(.enabled(if: RealData.has("mimii"), "\(RealData.explanation)"))
  func clipsOfTheRealSet() throws {
    let folder = try #require(RealData.folder("mimii"))
    let clips = try MachineSounds.clips(folder: folder.path)
    #expect(Set(clips.map { $0.machine }).count == 8)
    #expect(clips.count { !$0.isAbnormal } == 80 && clips.count { $0.isAbnormal } == 40)
  }
}

@Suite struct RunToFailureTests {
  private func finding(_ decibels: Double, alarm: Bool) -> NoveltyFinding {
    NoveltyFinding(
      machine: HealthyBaseline.unnamed, pValue: alarm ? 0.1 : 0.5, score: 0, isAlarm: alarm,
      falseAlarmRate: 0.1, alarmPValue: 0.1, calibrationItems: 9, isSharedCalibration: false,
      unit: .recording,
      items: 1, loudnessDecibels: decibels, components: [], bands: [])
  }

  @Test func firstAlarmAndIndicator() {
    let run = RunToFailure.Run(
      name: "r", snapshots: (1...20).map { .init(path: "\($0)", life: Double($0) / 20) })
    // Grows by 1 dB a snapshot on both channels; strange from the fourth on, 8 dB from the ninth on.
    let findings = (1...20).map { index in
      (0..<2).map { _ in finding(Double(index - 1), alarm: index > 3) }
    }
    let result = RunToFailure.result(run, findings)
    #expect(result.firstStrange == 0.2)
    #expect(result.firstAlarm == 11 / 20.0)
    #expect(abs(result.monotonicity - 1) < 1e-12 && abs(result.trendability - 1) < 1e-12)
    let quiet = RunToFailure.result(run, findings.map { $0.map { _ in finding(0, alarm: true) } })
    #expect(quiet.firstAlarm == nil && quiet.trendability == 0)
  }

  @Test(.enabled(if: RealData.has("femto"), "\(RealData.explanation)"))
  func runsOfTheRealSet() throws {
    let folder = try #require(RealData.folder("femto"))
    let runs = try RunToFailure.runs(folder: folder.path)
    #expect(runs.map { $0.name } == ["Bearing1_2", "Bearing2_1", "Bearing2_2", "Bearing3_1"])
    #expect(runs.allSatisfy { $0.snapshots.last?.life == 1 && $0.snapshots.count >= 70 })
  }
}
