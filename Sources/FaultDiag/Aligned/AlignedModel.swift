import Foundation
import NeuralNet
import SignalIO

/// Networks that judge aligned envelopes, and the calibration that makes their logits probabilities.
///
/// The members' logits are averaged over networks, the scores of the training-free `LineRule` are added with a weight, and
/// the sum is averaged over a recording's windows: `l[family]`. Networks and rule err in different places: the networks on
/// structures that no simulation had, the rule where lines are weak or shared. The states are normal and one a family, with
/// probabilities softmax([b, a l_1, ..., a l_F]); the slope a and the level b of the
/// normal state are fitted by maximum likelihood on simulated bearings that no network has seen.
package struct AlignedModel: Sendable {
  package var plan: AlignedPlan
  package var networks: [AlignedNetwork<Float>] { didSet { setReaders() } }
  /// Scales of the positions whose mean the networks read when they judge; 1 alone reads rows as they are.
  package var tolerance: [Double] = [1] { didSet { setReaders() } }
  /// The networks with the tolerance taken up.
  private var readers: [AlignedNetwork<Float>]
  /// a of the formula.
  package var slope = 1.0
  /// b of the formula.
  package var normalLevel = 0.0
  /// Weight of the rule's scores beside the members' mean logits.
  package var ruleWeight = 0.0
  /// Where it was fitted to labelled recordings.
  package var fitted: AlignedFitRecord?
  /// How networks and lines together become a verdict; nil before ``calibrateVerdicts(threads:)``.
  package var verdicts: VerdictCalibration?

  package init(plan: AlignedPlan, networks: [AlignedNetwork<Float>]) {
    precondition(!networks.isEmpty, "a model needs at least one network")
    self.plan = plan
    self.networks = networks
    readers = networks
  }

  private mutating func setReaders() {
    let shape = AlignedShape(plan.envelope)
    readers = networks.map { $0.tolerant(of: tolerance, shape: shape) }
  }

  /// The states in the order of ``probabilities(logits:)``.
  package var states: [String] { Self.states(of: plan.envelope) }

  /// Place of the healthy state among ``states``.
  package static let healthy = 0

  static func states(of envelope: AlignedEnvelopeSettings) -> [String] {
    ["normal"] + envelope.families.map { $0.rawValue }
  }

  /// Logits of each window: `[window][family]`, from features as `AlignedEnvelope` gives them.
  package func logits(_ features: [[Float]]) -> [[Double]] {
    parts(features).map { logits(networks: $0.networks, rule: $0.rule) }
  }

  /// The networks' and the rule's share in ``logits(_:)``, each `[family]`, of each window.
  func parts(_ features: [[Float]]) -> [(networks: [Double], rule: [Double])] {
    zip(networkLogits(features), features).map { logits, window in
      (logits, window.suffix(logits.count).map { Double($0) })
    }
  }

  /// Their sum.
  func logits(networks: [Double], rule: [Double]) -> [Double] {
    zip(networks, rule).map { $0 + ruleWeight * $1 }
  }

  /// The members' mean logits alone.
  private func networkLogits(_ features: [[Float]]) -> [[Double]] {
    guard !features.isEmpty else { return [] }
    let families = plan.envelope.families.count
    let x = input(features)
    var sums = [Double](repeating: 0, count: features.count * families)
    for network in readers {
      for (i, value) in network.logits(x).storage.enumerated() { sums[i] += Double(value) }
    }
    let count = Double(networks.count)
    return (0..<features.count).map { (window: Int) -> [Double] in
      sums[window * families..<(window + 1) * families].map { $0 / count }
    }
  }

  /// What the networks read of features: `[window, row, band, position]`, the rule's scores left out.
  func input(_ features: [[Float]]) -> Tensor<Float> {
    let shape = AlignedShape(plan.envelope)
    precondition(
      features.allSatisfy { $0.count == shape.featureCount }, "features that are not of \(shape)")
    var values: [Float] = []
    values.reserveCapacity(features.count * shape.count)
    for row in features { values += row.prefix(shape.count) }
    return Tensor(values, shape: [features.count, shape.rows, shape.bands, shape.positions])
  }

  /// Probabilities of ``states`` from one recording's logits `[family]`.
  package func probabilities(logits: [Double]) -> [Double] {
    Softmax.probabilities([normalLevel] + logits.map { slope * $0 })
  }

  /// Fits a and b by maximum likelihood on labelled windows: Newton's method on a convex problem of two unknowns.
  package mutating func calibrate(on examples: AlignedExamples) {
    let rows = Self.inParts(examples, logits)
    let truth = (0..<examples.count).map { examples.state($0) }
    (slope, normalLevel) = AlignedCalibration.fit(logits: rows, states: truth)
  }

  /// Sets ``ruleWeight`` so that the rule's scores vary ``AlignedPlan/ruleShare`` times as much as the networks' logits.
  package mutating func weighRule(on examples: AlignedExamples) {
    let families = plan.envelope.families.count
    let logits = Self.inParts(examples, networkLogits).flatMap { $0 }
    let scores = examples.features.flatMap { $0.suffix(families).map { Double($0) } }
    let spread = Self.deviation(scores)
    ruleWeight = spread > 0 ? plan.ruleShare * Self.deviation(logits) / spread : 0
  }

  /// `judge` of all examples, 512 at a time: a tensor of all would be as large as the features themselves.
  private static func inParts(
    _ examples: AlignedExamples, _ judge: ([[Float]]) -> [[Double]]
  ) -> [[Double]] {
    stride(from: 0, to: examples.count, by: 512).flatMap { begin in
      judge(Array(examples.features[begin..<min(begin + 512, examples.count)]))
    }
  }

  private static func deviation(_ values: [Double]) -> Double {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
  }
}

// MARK: - File

extension AlignedModel {
  /// Says what kind of model a file holds; part of the file's format.
  static let kind = "aligned"
  private static let kindKey = "fault-diag.model"
  private static let calibrationKey = "fault-diag.calibration"
  private static let fittedKey = "fault-diag.fitted"
  private static let verdictsKey = "fault-diag.verdicts"

  private struct Calibration: Codable {
    var slope: Double
    var normalLevel: Double
    var ruleWeight: Double
    /// Absent where networks read rows as they are, and in models of before.
    var tolerance: [Double]?
  }

  /// The model as a checkpoint: plan, calibration and one section a network.
  package func checkpoint(programVersion: String) -> Checkpoint {
    var result = Checkpoint(programVersion: programVersion, plan: ReportJSON.text(plan, pretty: false))
    result.store(value: Self.kind, for: Self.kindKey)
    result.store(
      value: Calibration(
        slope: slope, normalLevel: normalLevel, ruleWeight: ruleWeight,
        tolerance: tolerance == [1] ? nil : tolerance),
      for: Self.calibrationKey)
    if let fitted { result.store(value: fitted, for: Self.fittedKey) }
    if let verdicts { result.store(value: verdicts, for: Self.verdictsKey) }
    for (i, network) in networks.enumerated() { result.store(network, as: "network\(i)") }
    return result
  }

  /// Whether a checkpoint holds a model of this kind.
  package static func isHeld(by checkpoint: Checkpoint) -> Bool {
    (try? checkpoint.value(String.self, for: kindKey)) == kind
  }

  /// Loads strictly: every tensor of every network, of the right shape, and nothing else.
  package init(_ checkpoint: Checkpoint) throws(FaultDiagError) {
    let path = checkpoint.source
    guard Self.isHeld(by: checkpoint) else {
      throw .badModel(path: path, found: "another kind of model", expected: "an aligned-envelope model")
    }
    let plan: AlignedPlan
    do { plan = try ReportJSON.value(AlignedPlan.self, from: checkpoint.plan) } catch {
      throw .badModel(path: path, found: "a plan that cannot be read", expected: "an aligned-envelope plan")
    }
    _ = try plan.validated()
    let tolerances: [Double]
    do throws(NeuralNetError) {
      var networks: [AlignedNetwork<Float>] = []
      let shape = AlignedShape(plan.envelope)
      for i in 0..<plan.members {
        var network = AlignedNetwork<Float>(zeros: shape, dropout: plan.dropout)
        try checkpoint.load(into: &network, from: "network\(i)")
        networks.append(network)
      }
      try checkpoint.requireNothing(beside: (0..<plan.members).map { "network\($0)" })
      let calibration = try checkpoint.value(Calibration.self, for: Self.calibrationKey)
      self.init(plan: plan, networks: networks)
      slope = calibration.slope
      normalLevel = calibration.normalLevel
      ruleWeight = calibration.ruleWeight
      tolerances = calibration.tolerance ?? [1]
      if checkpoint.hasValue(for: Self.fittedKey) {
        fitted = try checkpoint.value(AlignedFitRecord.self, for: Self.fittedKey)
      }
      if checkpoint.hasValue(for: Self.verdictsKey) {
        verdicts = try checkpoint.value(VerdictCalibration.self, for: Self.verdictsKey)
      }
    } catch {
      throw .modelFile(error)
    }
    guard (1...100).contains(tolerances.count), tolerances.allSatisfy({ (0.5...2).contains($0) }) else {
      throw .badModel(
        path: path, found: "scales of positions \(tolerances.prefix(3))",
        expected: "1 to 100 scales between 0.5 and 2")
    }
    tolerance = tolerances
    // Initialisers call no observers.
    setReaders()
    guard verdicts?.serves(families: plan.envelope.families.count) != false else {
      throw .badModel(
        path: path, found: "tables of verdicts for other states",
        expected: "one for normal and for each of \(plan.envelope.families.count) families")
    }
  }
}
