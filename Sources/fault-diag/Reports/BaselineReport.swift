import FaultDiag

/// What a healthy state rests on, and which false alarms it can promise.
struct BaselineReport: Encodable {
  struct Machine: Encodable {
    var name: String
    var recordings: Int
    var order: RecordingOrder
    /// Left-out recordings or windows, of this machine alone or with the others' where they are shared.
    var calibrationItems: Int
    var isSharedCalibration: Bool
    /// The smallest rate of false alarms that an alarm can hold.
    var smallestRate: Double
    /// Trend of the left-out recordings' strangeness in their order.
    var drift: MannKendall?
  }

  var schemaVersion = 1
  var path: String
  var unit: BaselineUnit
  var falseAlarmRate: Double
  var folds: Int
  var windowSeconds: Double
  var components: [NoveltyComponent]
  /// Nats above chance with which left-out recordings surprise the model.
  var surprise: Double
  var machines: [Machine]
  /// Each a sentence with what to do.
  var warnings: [String]

  init(path: String, _ baseline: HealthyBaseline) {
    self.path = path
    unit = baseline.unit
    falseAlarmRate = baseline.falseAlarmRate
    folds = baseline.machines.first?.ranges.count ?? 0
    windowSeconds = baseline.plan.features.windowSeconds
    components = baseline.used
    surprise = baseline.surprise
    machines = baseline.machines.map { machine in
      let calibration = baseline.calibration(of: machine)
      return Machine(
        name: machine.name, recordings: machine.recordings, order: machine.order,
        calibrationItems: calibration.items.count, isSharedCalibration: calibration.isShared,
        smallestRate: calibration.smallestPValue, drift: machine.drift)
    }
    warnings = baseline.machines.flatMap { baseline.warnings(for: $0) }
  }

  /// For people.
  func text(_ style: TextStyle) -> String {
    var lines = [style.paint(Format.harmless(path), .bold)]
    for machine in machines {
      let name = machine.name == HealthyBaseline.unnamed ? "" : Format.harmless(machine.name) + ": "
      lines.append("  " + name + Discovery.number(machine.recordings, "recording"))
      lines.append(
        "    alarms rest on \(Discovery.number(machine.calibrationItems, "left-out \(unit.rawValue)"))"
          + (machine.isSharedCalibration ? " of all machines" : "") + ": at best "
          + "\(NoveltyFinding.percent(machine.smallestRate)) false alarms, "
          + "\(NoveltyFinding.percent(falseAlarmRate)) asked for")
    }
    lines.append("  compared: " + components.map { $0.rawValue }.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }
}
