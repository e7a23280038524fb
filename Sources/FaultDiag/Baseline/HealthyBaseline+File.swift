import CPC
import NeuralNet
import Support

// A skipped piece shifts the blocks of those behind it: which fold an item was left out of is stored with it, and the
// ranges stand for themselves, so nothing here depends on how blocks were cut.
extension HealthyBaseline {
  package static let version = 1
  private static let key = "fault-diag.baseline"

  /// What the tensors do not say.
  private struct Description: Codable {
    struct Machine: Codable {
      struct Range: Codable {
        var component: NoveltyComponent
        var size: Int
        var references: Int
        var mean: Double
        var deviation: Double
      }
      var name: String
      var recordings: Int
      var order: RecordingOrder
      /// One list a fold.
      var ranges: [[Range]]
      var calibration: [CalibrationItem]
      var drift: MannKendall?
    }
    var version: Int
    var name: String
    var unit: BaselineUnit
    var channel: String?
    var falseAlarmRate: Double
    var encoders: Int
    var machines: [Machine]
    var adjustments: [Adjustment]
    var used: [NoveltyComponent]
    var surprise: Double
  }

  private static func encoderSection(_ index: Int) -> String { "encoder\(index)" }
  private static func rangeSection(_ machine: Int, _ fold: Int, _ component: NoveltyComponent) -> String {
    "machine\(machine).fold\(fold).\(component.rawValue)"
  }

  /// The file's content. Equal baselines give equal bytes.
  package func checkpoint(programVersion: String) -> Checkpoint {
    var content = Checkpoint(programVersion: programVersion, plan: plan.json)
    for (index, encoder) in encoders.enumerated() { content.store(encoder, as: Self.encoderSection(index)) }
    for (index, machine) in machines.enumerated() {
      for (fold, ranges) in machine.ranges.enumerated() {
        for (component, range) in ranges {
          content.store(range, as: Self.rangeSection(index, fold, component))
        }
      }
    }
    content.store(
      value: Description(
        version: Self.version, name: name, unit: unit, channel: channel, falseAlarmRate: falseAlarmRate,
        encoders: encoders.count, machines: machines.map(Self.described), adjustments: adjustments,
        used: used, surprise: surprise), for: Self.key)
    return content
  }

  private static func described(_ machine: Machine) -> Description.Machine {
    Description.Machine(
      name: machine.name, recordings: machine.recordings, order: machine.order,
      ranges: machine.ranges.map { ranges in
        NoveltyComponent.allCases.compactMap { component in
          ranges[component].map {
            Description.Machine.Range(
              component: component, size: $0.center.count, references: $0.references.shape[0], mean: $0.mean,
              deviation: $0.deviation)
          }
        }
      }, calibration: machine.calibration, drift: machine.drift)
  }

  /// Writes the file, whole or not at all.
  package func write(to path: String, programVersion: String) throws(FaultDiagError) {
    do throws(NeuralNetError) {
      try checkpoint(programVersion: programVersion).write(to: path)
    } catch {
      throw .modelFile(error)
    }
  }

  /// Reads the file at `path`: every tensor by name and shape, nothing beside them.
  package init(path: String) throws(FaultDiagError) {
    let parsed: Result<HealthyBaseline, FaultDiagError>
    do throws(NeuralNetError) {
      parsed = try Self.parse(try Checkpoint.read(path), path: path)
    } catch {
      throw .modelFile(error)
    }
    self = try parsed.get()
  }

  private struct Version: Decodable { var version: Int }

  /// Errors of the container are thrown; errors of what it holds are the result's.
  private static func parse(
    _ content: Checkpoint, path: String
  ) throws(NeuralNetError) -> Result<HealthyBaseline, FaultDiagError> {
    guard content.hasValue(for: key) else {
      return .failure(
        .badBaseline(path: path, found: "another kind of model", expected: "a file that baseline wrote"))
    }
    let found = try content.value(Version.self, for: key).version
    guard found <= version else {
      return .failure(.newerModel(path: path, version: found, known: version))
    }
    let description = try content.value(Description.self, for: key)
    let plan: TrainingPlan
    var encoder: BaselineEncoder
    do throws(CPCError) {
      plan = try TrainingPlan(json: content.plan, path: path, room: content.numberCount)
      encoder = try BaselineEncoder(plan: plan)
    } catch {
      return .failure(.representation(error))
    }
    if let flaw = flaw(in: description) {
      return .failure(.badBaseline(path: path, found: flaw, expected: "what baseline writes"))
    }
    var sections: [String] = []
    var encoders: [BaselineEncoder] = []
    for index in 0..<description.encoders {
      sections.append(encoderSection(index))
      try content.load(into: &encoder, from: encoderSection(index))
      encoders.append(encoder)
    }
    var machines: [Machine] = []
    for (index, machine) in description.machines.enumerated() {
      machines.append(try load(machine, number: index, content, &sections))
    }
    try content.requireNothing(beside: sections)
    return .success(
      HealthyBaseline(
        name: description.name, plan: plan, unit: description.unit, channel: description.channel,
        falseAlarmRate: description.falseAlarmRate, encoders: encoders, machines: machines,
        adjustments: description.adjustments, used: description.used, surprise: description.surprise))
  }

  private static func load(
    _ machine: Description.Machine, number: Int, _ content: Checkpoint, _ sections: inout [String]
  ) throws(NeuralNetError) -> Machine {
    var folds: [[NoveltyComponent: HealthyRange]] = []
    for (fold, ranges) in machine.ranges.enumerated() {
      var loaded: [NoveltyComponent: HealthyRange] = [:]
      for stored in ranges {
        try content.requireRoom(
          for: [max(1, stored.references), stored.size], named: stored.component.rawValue)
        var range = HealthyRange(
          measure: stored.component.measure, size: stored.size, references: stored.references)
        let section = rangeSection(number, fold, stored.component)
        sections.append(section)
        try content.load(into: &range, from: section)
        range.mean = stored.mean
        range.deviation = stored.deviation
        loaded[stored.component] = range
      }
      folds.append(loaded)
    }
    return Machine(
      name: machine.name, recordings: machine.recordings, order: machine.order, ranges: folds,
      calibration: machine.calibration, drift: machine.drift)
  }

  /// What would lead to a wrong index or a wrong number later; nil where nothing would.
  private static func flaw(in description: Description) -> String? {
    let components = NoveltyComponent.allCases.count
    if !(description.falseAlarmRate > 0 && description.falseAlarmRate < 1) {
      return "a false-alarm rate of \(description.falseAlarmRate)"
    }
    if description.adjustments.count != components
      || !description.adjustments.allSatisfy({ $0.center.isFinite && $0.scale > 0 && $0.scale.isFinite })
    {
      return "adjustments that do not fit the components"
    }
    if description.machines.isEmpty { return "no machine" }
    for machine in description.machines {
      let folds = machine.ranges.count
      if folds == 0 || !(description.encoders == 1 || description.encoders == folds) {
        return "\(folds) folds with \(description.encoders) encoders"
      }
      if !machine.calibration.allSatisfy({
        (0..<folds).contains($0.fold) && $0.strangeness.count == components && $0.score.isFinite
      }) {
        return "calibration items that do not fit the folds"
      }
      if !machine.ranges.allSatisfy({ ranges in
        ranges.allSatisfy { $0.size > 0 && $0.references >= 0 && $0.deviation > 0 && $0.mean.isFinite }
          && Set(description.used).isSubset(of: Set(ranges.map { $0.component }))
      }) {
        return "ranges that do not fit the components"
      }
    }
    return nil
  }
}
