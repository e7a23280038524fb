import SignalIO
import Support

/// How honest an aligned model's verdicts are on bearings that it has never heard: stated probabilities against observed
/// frequencies, prediction sets against their coverage, and whether a fault that was never taught is called unknown.
///
/// Items are the 1,440 segments of protocol P1 (``CWRUBearingwise``) and simulated bearings behind those of training and
/// calibration. For the last question one family's table is taken away, so that no fault of it has a part in what is
/// measured: an item is unknown the more, the less plausible the most plausible of the remaining states is. Only lines
/// decide that (``VerdictCalibration``), so the networks need not be trained again without the family.
package struct VerdictHonesty: Sendable, Equatable, Codable {
  package struct Figures: Sendable, Equatable, Codable {
    package var items: Int
    package var accuracy: Double
    /// ``CalibrationError/expected(probabilities:classes:bins:)`` of the model's probabilities.
    package var calibrationError: Double
    /// Share of items whose truth is in the prediction set, and its mean size, at a coverage of 90 %.
    package var covered: Double
    package var setSize: Double
    /// Of the healthy items, the share that is stated to be faulty; of the faulty ones, the share whose own fault is
    /// stated (``AlarmRule``).
    package var falseAlarms: Double
    package var statedFaults: Double
    /// Share of items, all of taught states, that are called unknown.
    package var unknownShare: Double
    /// For each family, the area under the curve of strangeness when it is left out.
    package var unknownAreas: [String: Double]
    package var meanUnknownArea: Double {
      unknownAreas.values.reduce(0, +) / Double(max(1, unknownAreas.count))
    }
  }

  /// P1's segments one by one, and its signals as means over their ten segments.
  package var segments: Figures
  package var signals: Figures
  package var simulated: Figures

  package static let coverage = 0.9

  /// - `segments`: from ``CWRUBearingwise/segments(load:)``.
  package init(_ model: AlignedModel, segments: [CWRUSegment], simulations: Int, threads: Int)
    throws(FaultDiagError)
  {
    guard let verdicts = model.verdicts else {
      throw .badModel(
        path: "the model", found: "no tables of verdicts",
        expected: "a model that fault-diag default-model calibrated")
    }
    let size = CWRUBearingwise.segmentsPerSignal
    let scores = Parallel.map(segments.count / size, threads: threads) { signal in
      Self.scores(model, Array(segments[signal * size..<(signal + 1) * size]))
    }
    let families = model.plan.envelope.families
    let truth = stride(from: 0, to: segments.count, by: size).map {
      Self.state(segments[$0].signal, families)
    }
    self.segments = Self.figures(
      verdicts, families, scores.flatMap { $0 }, truth.flatMap { [Int](repeating: $0, count: size) })
    // As a diagnosis takes the windows of a recording.
    signals = Self.figures(verdicts, families, scores.map(Self.mean), truth)
    let first = model.plan.simulations + model.plan.calibrationSimulations
    let fresh = model.simulatedScores(first..<first + simulations, threads: threads)
    simulated = Self.figures(verdicts, families, fresh.items, fresh.truth)
  }

  private static func scores(_ model: AlignedModel, _ segments: [CWRUSegment]) -> [VerdictScores] {
    let signal = segments[0].signal
    return model.withEnvelope { envelope in
      model.scores(
        of: segments.map(\.samples), machine: KnownMachine(shaftHz: signal.shaftHz, orders: signal.orders),
        envelope: envelope)
    }
  }

  private static func mean(_ items: [VerdictScores]) -> VerdictScores {
    var sum = VerdictScores(families: items[0].networks.count, watched: items[0].lines.count)
    for item in items { sum += item }
    return sum / Double(items.count)
  }

  /// 0 for nothing wrong at the sensor's end, else 1 + family.
  private static func state(_ signal: CWRUBearingwise.Signal, _ families: [FaultFamily]) -> Int {
    guard signal.sensor == signal.faultEnd else { return 0 }
    return families.firstIndex(of: signal.fault.family).map { $0 + 1 } ?? 0
  }

  /// - Parameter truth: state of each item.
  static func figures(
    _ verdicts: VerdictCalibration, _ families: [FaultFamily], _ items: [VerdictScores], _ truth: [Int]
  ) -> Figures {
    let probabilities = items.map { verdicts.probabilities($0) }
    let plausibilities = items.map { verdicts.plausibilities($0) }
    let sets = probabilities.map { row -> [Int] in
      let top = RecordingJudgement.largest(row)
      let confidences = verdicts.confidences(probabilities: row)
      return row.indices.filter { $0 == top || confidences[$0] > 1 - coverage }
    }
    let count = Double(max(1, items.count))
    func share(_ holds: (Int) -> Bool) -> Double { Double(items.indices.filter(holds).count) / count }
    var areas: [String: Double] = [:]
    for (index, family) in families.enumerated() {
      let kept = (0...families.count).filter { $0 != index + 1 }
      let strangeness = plausibilities.map { row in 1 - (kept.map { row[$0] }.max() ?? 0) }
      areas[family.rawValue] = ReceiverOperatingCharacteristic.area(
        scores: strangeness, positive: truth.map { $0 == index + 1 })
    }
    let stated = probabilities.map { AlarmRule().stated($0, healthy: AlignedModel.healthy) }
    let healthy = truth.count { $0 == AlignedModel.healthy }
    return Figures(
      items: items.count, accuracy: share { RecordingJudgement.largest(probabilities[$0]) == truth[$0] },
      calibrationError: CalibrationError.expected(probabilities: probabilities, classes: truth) ?? 1,
      covered: share { sets[$0].contains(truth[$0]) },
      setSize: sets.reduce(0) { $0 + Double($1.count) } / count,
      falseAlarms: Double(
        items.indices.count { truth[$0] == AlignedModel.healthy && stated[$0] != truth[$0] })
        / Double(max(1, healthy)),
      statedFaults: Double(
        items.indices.count { truth[$0] != AlignedModel.healthy && stated[$0] == truth[$0] })
        / Double(max(1, items.count - healthy)),
      unknownShare: share { (plausibilities[$0].max() ?? 1) < VerdictCalibration.leastPlausibility },
      unknownAreas: areas)
  }
}
