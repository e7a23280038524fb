import SignalIO

/// Everything that decides an aligned model's training; stored in its file.
package struct AlignedPlan: Sendable, Equatable, Codable {
  package var envelope = AlignedEnvelopeSettings()
  /// What bearings are simulated.
  package var draw = SimulationDraw()
  /// Names every random stream of the training.
  package var seed: UInt64 = 1
  /// Simulated windows to train on.
  package var simulations = 16_000
  /// Simulated windows, of other bearings, on which probabilities are calibrated and the result is measured.
  package var calibrationSimulations = 2_000
  /// Networks trained alike from different starts; their logits are averaged.
  package var members = 2
  package var epochs = 5
  package var batch = 64
  package var learningRate = 2e-3
  package var weightDecay = 0.01
  package var dropout = 0.4
  package var augmentation = AlignedAugmentation()
  /// Weight of the rule's scores beside the networks' logits, both in their standard deviations on simulated bearings.
  package var ruleShare = 2.5

  package init() {}

  /// Reads a plan from the JSON file at `path`.
  package init(path: String) throws(FaultDiagError) {
    let text: String
    do throws(SignalIOError) { text = try ConfigurationFile.text(path: path) } catch {
      throw .recording(error)
    }
    do { self = try ReportJSON.value(AlignedPlan.self, from: text) } catch {
      throw .badSetting(
        name: "the plan in \(path)", found: "\(error)", expected: "a plan as --print-plan writes it")
    }
    self = try validated()
  }

  /// Throws ``FaultDiagError/badSetting(name:found:expected:)`` for values that no training can have.
  package func validated() throws(FaultDiagError) -> AlignedPlan {
    func require(_ holds: Bool, _ name: String, _ found: String, _ expected: String) throws(FaultDiagError) {
      guard holds else { throw .badSetting(name: name, found: found, expected: expected) }
    }
    try require((16...1_000_000).contains(simulations), "simulations", "\(simulations)", "16 to 1000000")
    try require(
      (16...1_000_000).contains(calibrationSimulations), "calibration simulations",
      "\(calibrationSimulations)",
      "16 to 1000000")
    try require((1...32).contains(members), "members", "\(members)", "1 to 32")
    try require((1...1000).contains(epochs), "epochs", "\(epochs)", "1 to 1000")
    try require((2...4096).contains(batch), "batch", "\(batch)", "2 to 4096")
    try require(learningRate > 0 && learningRate < 1, "learning rate", "\(learningRate)", "above 0, below 1")
    try require((0..<1).contains(dropout), "dropout", "\(dropout)", "0 to below 1")
    try require((0...100).contains(ruleShare), "rule share", "\(ruleShare)", "0 to 100")
    do throws(SignalIOError) {
      try envelope.validate()
      try draw.validate()
    } catch {
      throw .recording(error)
    }
    // A network compares families with each other and narrow bands with the two wide ones.
    let families = envelope.families
    try require(
      families.count >= 2 && Set(families).count == families.count, "families",
      families.map { $0.rawValue }.joined(separator: ", "), "two or more, each once")
    try require(envelope.bands.count >= 3, "number of bands", "\(envelope.bands.count)", "3 to 16")
    return self
  }
}
