import Foundation
import NeuralNet
import SignalIO

/// Networks that judge aligned envelopes, and the calibration that makes their logits probabilities.
///
/// The members' logits are averaged over networks and then over a recording's windows: `l[family]`. The states are
/// normal and one a family, with probabilities softmax([b, a l_1, ..., a l_F]); the slope a and the level b of the
/// normal state are fitted by maximum likelihood on simulated bearings that no network has seen.
package struct AlignedModel: Sendable {
  package var plan: AlignedPlan
  package var networks: [AlignedNetwork<Float>]
  /// a of the formula.
  package var slope = 1.0
  /// b of the formula.
  package var normalLevel = 0.0
  /// Where it was fitted to labelled recordings.
  package var fitted: AlignedFitRecord?

  package init(plan: AlignedPlan, networks: [AlignedNetwork<Float>]) {
    precondition(!networks.isEmpty, "a model needs at least one network")
    self.plan = plan
    self.networks = networks
  }

  /// The states in the order of ``probabilities(logits:)``.
  package var states: [String] { Self.states(of: plan.envelope) }

  static func states(of envelope: AlignedEnvelopeSettings) -> [String] {
    ["normal"] + envelope.families.map { $0.rawValue }
  }

  /// Mean logits of each window: `[window][family]`, from features `[window][family, band, position]`.
  package func logits(_ features: [[Float]]) -> [[Double]] {
    guard !features.isEmpty else { return [] }
    let shape = AlignedShape(plan.envelope)
    let x = Tensor(
      features.flatMap { $0 }, shape: [features.count, shape.families, shape.bands, shape.positions])
    var sums = [Double](repeating: 0, count: features.count * shape.families)
    for network in networks {
      for (i, value) in network(x).storage.enumerated() { sums[i] += Double(value) }
    }
    let count = Double(networks.count)
    return (0..<features.count).map { (window: Int) -> [Double] in
      sums[window * shape.families..<(window + 1) * shape.families].map { $0 / count }
    }
  }

  /// Probabilities of ``states`` from one recording's logits `[family]`.
  package func probabilities(logits: [Double]) -> [Double] {
    Softmax.probabilities([normalLevel] + logits.map { slope * $0 })
  }

  /// Fits a and b by maximum likelihood on labelled windows: Newton's method on a convex problem of two unknowns.
  package mutating func calibrate(on examples: AlignedExamples) {
    let rows = stride(from: 0, to: examples.count, by: 512).flatMap { begin in
      logits(Array(examples.features[begin..<min(begin + 512, examples.count)]))
    }
    let truth = (0..<examples.count).map { examples.state($0) }
    (slope, normalLevel) = AlignedCalibration.fit(logits: rows, states: truth)
  }
}

// MARK: - File

extension AlignedModel {
  /// Says what kind of model a file holds; part of the file's format.
  static let kind = "aligned"
  private static let kindKey = "fault-diag.model"
  private static let calibrationKey = "fault-diag.calibration"
  private static let fittedKey = "fault-diag.fitted"

  private struct Calibration: Codable {
    var slope: Double
    var normalLevel: Double
  }

  /// The model as a checkpoint: plan, calibration and one section a network.
  package func checkpoint(programVersion: String) -> Checkpoint {
    var result = Checkpoint(programVersion: programVersion, plan: ReportJSON.text(plan, pretty: false))
    result.store(value: Self.kind, for: Self.kindKey)
    result.store(value: Calibration(slope: slope, normalLevel: normalLevel), for: Self.calibrationKey)
    if let fitted { result.store(value: fitted, for: Self.fittedKey) }
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
    do throws(SignalIOError) { try plan.envelope.validate() } catch { throw .recording(error) }
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
      if checkpoint.hasValue(for: Self.fittedKey) {
        fitted = try checkpoint.value(AlignedFitRecord.self, for: Self.fittedKey)
      }
    } catch {
      throw .modelFile(error)
    }
  }
}
