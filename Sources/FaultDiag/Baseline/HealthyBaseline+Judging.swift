import CPC
import Foundation

extension HealthyBaseline {
  /// Listens to recordings as the baseline did.
  package func listener(threads: Int) throws(FaultDiagError) -> BaselineListener {
    try BaselineListener(plan: plan, encoders: encoders, unit: unit, channel: channel, threads: threads)
  }

  /// The machine called `name`, or the only one.
  package func machine(named name: String?) throws(FaultDiagError) -> Machine {
    if let name, let match = machines.first(where: { $0.name == name }) { return match }
    guard machines.count == 1, name == nil || machines[0].name == Self.unnamed else {
      throw .noSuchMachine(wanted: name, known: machines.map { $0.name })
    }
    return machines[0]
  }

  /// What a machine is called that no metadata name.
  package static let unnamed = "unnamed"

  /// Compares the items of one recording with the healthy state of a machine.
  ///
  /// The p-value of a recording that was heard as several windows is the median's, times windows over its rank: that
  /// holds however the windows depend on each other (Rueger 1978; Vovk and Wang 2020, Biometrika 107).
  package func finding(_ items: [HeardItem], machine: Machine) -> NoveltyFinding {
    precondition(!items.isEmpty, "nothing was heard")
    let calibration = calibration(of: machine)
    let strangeness = items.map { item in
      machine.ranges.indices.map { self.strangeness(item, machine, fold: $0) }
    }
    func combined(_ value: ([Double]) -> Double, _ healthy: (CalibrationItem) -> Double) -> Ranked {
      Ranked(
        strangeness.map { folds in
          let scores = folds.map(value)
          let above = calibration.items.reduce(0) { $0 + (healthy($1) >= scores[$1.fold] ? 1 : 0) }
          return (
            Double(1 + above) / Double(calibration.items.count + 1),
            scores.reduce(0, +) / Double(scores.count)
          )
        })
    }
    let whole = combined(score) { $0.score }
    let components = NoveltyComponent.allCases.enumerated().map { index, component in
      let part = combined({ $0[index] }, { $0.strangeness[index] })
      return NoveltyFinding.Component(
        name: component, score: part.score, pValue: part.pValue, isUsed: used.contains(component))
    }
    let level = max(falseAlarmRate, Ranked.smallest(calibration.smallestPValue, of: items.count))
    return NoveltyFinding(
      machine: machine.name, pValue: whole.pValue, score: whole.score,
      isAlarm: whole.pValue <= level + 1e-12, falseAlarmRate: falseAlarmRate, alarmPValue: level,
      calibrationItems: calibration.items.count, isSharedCalibration: calibration.isShared, unit: unit,
      items: items.count, loudnessDecibels: loudness(items, machine),
      components: components.sorted { $0.score > $1.score },
      bands: deviatingBands(items, machine))
  }

  /// Middle item's level over the mean healthy one, in dB.
  private func loudness(_ items: [HeardItem], _ machine: Machine) -> Double {
    let levels = items.compactMap { $0.plain[.level].map { Double($0[0]) } }.sorted()
    let centers = machine.ranges.compactMap { $0[.level].map { Double($0.center.storage[0]) } }
    guard !levels.isEmpty, !centers.isEmpty else { return 0 }
    let center = centers.reduce(0, +) / Double(centers.count)
    return 20 / log(10) * (levels[(levels.count - 1) / 2] - center)
  }

  /// The p-value of the middle of several items, and its score.
  private struct Ranked {
    let pValue: Double
    let score: Double

    init(_ items: [(pValue: Double, score: Double)]) {
      let sorted = items.sorted { ($0.pValue, -$0.score) < ($1.pValue, -$1.score) }
      let rank = (sorted.count + 1) / 2
      score = sorted[rank - 1].score
      pValue = min(1, Self.smallest(sorted[rank - 1].pValue, of: sorted.count))
    }

    /// What `pValue` is worth as the middle one of `count`.
    static func smallest(_ pValue: Double, of count: Int) -> Double {
      pValue * Double(count) / Double((count + 1) / 2)
    }
  }

  /// The three bands that stand out most, at least 3 standard deviations.
  private func deviatingBands(_ items: [HeardItem], _ machine: Machine) -> [NoveltyFinding.Band] {
    guard case .spectral(let features) = plan.features, let corners = try? features.bandCorners() else {
      return []
    }
    var found: [NoveltyFinding.Band] = []
    for quantity in [NoveltyComponent.bands, .peaks] {
      let ranges = machine.ranges.compactMap { $0[quantity] }
      for band in 0..<features.bands {
        let values = items.compactMap { $0.plain[quantity].map { Double($0[band]) } }.sorted()
        guard !values.isEmpty, !ranges.isEmpty else { continue }
        let value = values[(values.count - 1) / 2]
        let count = Double(ranges.count)
        let center = ranges.reduce(0.0) { $0 + Double($1.center.storage[band]) } / count
        let variance = ranges.reduce(0.0) { $0 + Double($1.variance.storage[band]) } / count
        found.append(
          NoveltyFinding.Band(
            lowHz: corners[band], highHz: corners[band + 2], quantity: quantity,
            decibels: 10 / log(10) * (value - center), deviations: (value - center) / variance.squareRoot()))
      }
    }
    return Array(
      found.filter { abs($0.deviations) >= 3 }.sorted { abs($0.deviations) > abs($1.deviations) }.prefix(3))
  }
}

extension HealthyBaseline {
  /// What weakens the promise of a machine's false-alarm rate, each a sentence with what to do.
  package func warnings(for machine: Machine) -> [String] {
    let calibration = calibration(of: machine)
    let name = machine.name == Self.unnamed ? "the machine" : Format.harmless(machine.name)
    var result: [String] = []
    if calibration.smallestPValue > falseAlarmRate + 1e-12 {
      let needed = Int((1 / falseAlarmRate - 1 - 1e-9).rounded(.up))
      result.append(
        "\(name): \(NoveltyFinding.percent(falseAlarmRate)) false alarms need \(needed) left-out \(unit.rawValue)s and "
          + "there are \(calibration.items.count): alarms hold "
          + "\(NoveltyFinding.percent(calibration.smallestPValue)) at best. Record more, or ask for that rate."
      )
    }
    if calibration.isShared {
      result.append(
        "\(name): calibrated together with the other machines, so the rate holds on average over them. "
          + "Record more of it for a promise of its own.")
    }
    if unit == .window {
      result.append(
        "\(name): windows of few recordings are compared; a new recording's conditions may look strange in all of its "
          + "windows. Record \(BaselineSettings.fewRecordings) times or more, on different days.")
    }
    if let drift = machine.drift, drift.pValue < 0.01, drift.tau > 0 {
      result.append(
        "\(name): its healthy recordings drift, later ones are stranger (tau "
          + "\(Format.fixed(drift.tau, digits: 2)), p \(NoveltyFinding.spelled(drift.pValue))): false alarms will be more "
          + "than promised. Learn from a longer time, or renew the baseline now and then.")
    }
    return result
  }
}
