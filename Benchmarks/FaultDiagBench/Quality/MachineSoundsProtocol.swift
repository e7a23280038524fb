import FaultDiag

/// Protocol P4: novelty of machine sounds, learnt from normal clips only.
///
/// The settings are the program's defaults. What is compared (the components and that the largest counts) was chosen on
/// the machines `id_00` and `id_02` of both types; the figures are over all, and over the others alone beside them.
struct MachineSoundsProtocol: QualityProtocol {
  static let name = "p4"
  static let title = "machine sounds (MIMII, -6 dB), learnt from normal clips only"

  private static let seeds: [UInt64] = [1, 2, 3]
  private static let tuned = ["id_00", "id_02"]

  private struct Details: Encodable {
    var results: [MachineSounds.Result]
    var unseen: [MachineSounds.Result]
    /// What every clip got, seed after seed.
    var scores: [[MachineSounds.Score]]
    var clipAlarms: [MachineSounds.FalseAlarms]
    var windowAlarms: [MachineSounds.FalseAlarms]
  }

  func run(_ context: QualityContext) throws -> QualityOutcome {
    let clips = try context.data.machineSounds()
    var details = Details(results: [], unseen: [], scores: [], clipAlarms: [], windowAlarms: [])
    print("seed  " + "novelty AUC/pAUC".rightPadded(18) + "Mahalanobis AUC/pAUC  gain")
    for seed in Self.seeds {
      var settings = BaselineSettings()
      settings.falseAlarmRate = 0.05
      let scores = try MachineSounds.scores(clips, settings: settings, seed: seed, threads: context.threads)
      guard let result = MachineSounds.Result(scores) else { continue }
      let unseen = MachineSounds.Result(
        scores.filter { score in !Self.tuned.contains { score.machine.hasSuffix($0) } })
      details.results.append(result)
      details.scores.append(scores)
      details.unseen += unseen.map { [$0] } ?? []
      details.clipAlarms.append(MachineSounds.FalseAlarms(scores, rate: 0.05))
      row(seed, result)
      // One per cent needs 99 left-out items: windows of 1.3 s, each judged for itself.
      settings.falseAlarmRate = 0.01
      settings.unit = .window
      settings.windowSeconds = 1.28
      let windows = try MachineSounds.scores(clips, settings: settings, seed: seed, threads: context.threads)
      details.windowAlarms += [0.01, 0.05].map { MachineSounds.FalseAlarms(windows, rate: $0) }
    }
    rows(details)
    return QualityOutcome(figures: figures(details), details: details)
  }

  private func row(_ seed: UInt64, _ result: MachineSounds.Result) {
    func cell(_ areas: MachineSounds.Areas) -> String {
      "\(Format.fixed(areas.area, digits: 3)) / \(Format.fixed(areas.partialArea, digits: 3))"
    }
    print(
      "\(seed)     " + cell(result.novelty).rightPadded(18) + cell(result.reference).rightPadded(22)
        + Format.fixed(result.novelty.area - result.reference.area, digits: 3))
    let parts = zip(NoveltyComponent.allCases, result.components).map {
      "\($0.rawValue) \(Format.fixed($1.area, digits: 3))"
    }
    print("      alone: " + parts.joined(separator: ", "))
    print(
      "      "
        + result.machines.sorted { $0.key < $1.key }.map { "\($0.key) \(Format.fixed($0.value, digits: 2))" }
        .joined(separator: ", "))
  }

  private func rows(_ details: Details) {
    for (name, list) in [("clips", details.clipAlarms), ("windows", details.windowAlarms)] {
      for alarms in list {
        print(
          "false alarms of \(name) at \(Format.number(alarms.rate * 100, digits: 0)) %: \(alarms.alarms) of "
            + "\(alarms.normal), by chance \(alarms.lowest) to \(alarms.highest)"
            + (alarms.isReachable ? "" : " (beyond reach of the calibration)"))
      }
    }
  }

  private func figures(_ details: Details) -> [Figure] {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    let all = details.results
    let gain = mean(all.map { $0.novelty.area - $0.reference.area })
    func within(_ list: [MachineSounds.FalseAlarms]) -> Double {
      mean(list.map { $0.isWithin && $0.isReachable ? 1 : 0 })
    }
    return [
      Figure(name: "p4_auc", value: mean(all.map { $0.novelty.area }), goal: .none),
      Figure(name: "p4_mahalanobis_auc", value: mean(all.map { $0.reference.area }), goal: .none),
      Figure(name: "p4_auc_gain", value: gain, goal: .atLeast(0.08)),
      Figure(
        name: "p4_auc_gain_untuned_machines",
        value: mean(details.unseen.map { $0.novelty.area - $0.reference.area }), goal: .atLeast(0.08)),
      Figure(
        name: "p4_pauc_gain", value: mean(all.map { $0.novelty.partialArea - $0.reference.partialArea }),
        goal: .atLeast(0.08)),
      Figure(
        name: "p4_false_alarms_clips_5_percent", value: mean(details.clipAlarms.map { $0.measured }),
        goal: .none),
      Figure(
        name: "p4_false_alarms_clips_5_percent_within", value: within(details.clipAlarms), goal: .atLeast(1)),
      Figure(
        name: "p4_false_alarms_windows_1_percent",
        value: mean(details.windowAlarms.filter { $0.rate < 0.02 }.map { $0.measured }), goal: .none),
      Figure(
        name: "p4_false_alarms_windows_within", value: within(details.windowAlarms), goal: .atLeast(1)),
    ]
  }
}
