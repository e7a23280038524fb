import CPC
import NeuralNet
import Support
import Testing

@testable import FaultDiag

@Suite struct HealthyBaselineTests {
  /// Twenty machines with 40 recordings each: 5 % means 5 %, whether blocks or later recordings calibrate.
  @Test(arguments: [BaselineFolds.blocks(4), .chronological])
  func statedFalseAlarmsHold(folds: BaselineFolds) throws {
    var random = RandomSource(seed: 7)
    var alarms = 0
    for _ in 0..<20 {
      let baseline = try BaselineMaterial.baseline(&random, count: 40, folds: folds)
      for _ in 0..<20 {
        let finding = baseline.finding([BaselineMaterial.item(&random)], machine: baseline.machines[0])
        alarms += finding.isAlarm ? 1 : 0
      }
    }
    // 400 draws at 5 %: 20, and 95 % of the time 12 to 29; machines share their calibration, so a little wider.
    #expect((8...34).contains(alarms), "\(alarms) alarms")
  }

  @Test func findsWhatChangedAndWhere() throws {
    var random = RandomSource(seed: 8)
    let baseline = try BaselineMaterial.baseline(&random, count: 24)
    var changed = BaselineMaterial.item(&random)
    changed.plain[.peaks]?[10] += 12
    let finding = baseline.finding([changed], machine: baseline.machines[0])
    #expect(finding.isAlarm && finding.pValue == 1.0 / 25)
    #expect(finding.components.first?.name == .peaks)
    #expect(finding.bands.first?.quantity == .peaks)
    #expect(finding.bands.first.map { $0.decibels > 30 && $0.lowHz < $0.highHz } == true)
    #expect(Set(finding.components.filter { $0.isUsed }.map { $0.name }) == [.level, .bands, .peaks])
  }

  @Test func rateThatCannotBeReachedIsSaid() throws {
    var random = RandomSource(seed: 9)
    let baseline = try BaselineMaterial.baseline(&random, count: 10, rate: 0.01)
    let finding = baseline.finding([BaselineMaterial.item(&random, shift: 30)], machine: baseline.machines[0])
    #expect(finding.isAlarm && finding.alarmPValue == 1.0 / 11)
    let warning = try #require(baseline.warnings(for: baseline.machines[0]).first)
    #expect(warning.contains("1 % false alarms need 99 left-out recordings and there are 10"))
  }

  @Test func machinesShareCalibrationOnlyWhereTheirOwnIsTooSmall() throws {
    var random = RandomSource(seed: 10)
    let few = try BaselineMaterial.baseline(&random, count: 10, means: [0, 3, -2])
    #expect(few.calibration(of: few.machines[1]).isShared)
    #expect(few.calibration(of: few.machines[1]).items.count == 30)
    let many = try BaselineMaterial.baseline(&random, count: 20, means: [0, 3])
    #expect(!many.calibration(of: many.machines[0]).isShared)
  }

  @Test func anotherMachineIsStrange() throws {
    var random = RandomSource(seed: 11)
    let baseline = try BaselineMaterial.baseline(&random, count: 12, means: [0, 3])
    let own = BaselineMaterial.item(&random, mean: 3)
    #expect(!baseline.finding([own], machine: baseline.machines[1]).isAlarm)
    #expect(baseline.finding([own], machine: baseline.machines[0]).isAlarm)
    #expect(throws: FaultDiagError.noSuchMachine(wanted: "m7", known: ["m0", "m1"])) {
      _ = try baseline.machine(named: "m7")
    }
    #expect(throws: FaultDiagError.noSuchMachine(wanted: nil, known: ["m0", "m1"])) {
      _ = try baseline.machine(named: nil)
    }
  }

  @Test func driftIsSaid() throws {
    var random = RandomSource(seed: 12)
    let drifting = try BaselineMaterial.baseline(&random, count: 40, folds: .chronological, drift: 0.2)
    #expect(drifting.warnings(for: drifting.machines[0]).contains { $0.contains("drift") })
    let steady = try BaselineMaterial.baseline(&random, count: 40, folds: .chronological)
    #expect(!steady.warnings(for: steady.machines[0]).contains { $0.contains("drift") })
  }

  /// Twice the median p-value, also of windows that all say the same.
  @Test func windowsAreJudgedByTheirMedian() throws {
    var random = RandomSource(seed: 13)
    let baseline = try BaselineMaterial.baseline(&random, count: 39)
    let (usual, strange) = (BaselineMaterial.item(&random), BaselineMaterial.item(&random, shift: 9))
    let machine = baseline.machines[0]
    #expect(baseline.finding([strange, strange, usual, strange], machine: machine).pValue == 2 / 40.0)
    #expect(baseline.finding([strange, strange, strange, usual], machine: machine).isAlarm)
    #expect(!baseline.finding([usual, strange, usual, usual], machine: machine).isAlarm)
  }

  @Test func tooFewRecordingsAreRefused() {
    var random = RandomSource(seed: 14)
    #expect(throws: FaultDiagError.tooFewHealthy(machine: "m0", found: 3, expected: 4)) {
      _ = try BaselineMaterial.baseline(&random, count: 3)
    }
  }
}

@Suite struct AlarmPersistenceTests {
  private func finding(_ decibels: Double, alarm: Bool) -> NoveltyFinding {
    NoveltyFinding(
      machine: HealthyBaseline.unnamed, pValue: alarm ? 0.1 : 0.5, score: 0, isAlarm: alarm,
      falseAlarmRate: 0.1, alarmPValue: 0.1, calibrationItems: 9, isSharedCalibration: false,
      unit: .recording, items: 1, loudnessDecibels: decibels, components: [], bands: [])
  }

  @Test func wantsStrangeAndLouderThreeTimesInARow() {
    var rule = AlarmPersistence()
    let (loud, quiet, usual) = (finding(9, alarm: true), finding(7, alarm: true), finding(9, alarm: false))
    let alarms = [loud, loud, usual, loud, quiet, loud, loud, loud, quiet].map { rule.take([$0]) }
    #expect(alarms == [false, false, false, false, false, false, false, true, false])
    // One channel suffices.
    #expect([0, 1, 2].map { _ in rule.take([usual, loud]) } == [false, false, true])
  }
}
