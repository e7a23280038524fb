import CPC
import FaultDiag
import NeuralNet
import SignalIO
import Support

/// Protocol P1 for representations learnt without labels, with a SupCon classifier fitted to each fold's training side.
///
/// The encoder is pretrained once, on simulated bearings: no recording of the protocol has a part in it, so nothing leaks
/// between folds. The untrained encoder is the same network with its first random weights, the figure to beat.
struct RepresentationRows {
  let folds: [CWRUBearingwise.Fold]
  let segments: [CWRUSegment]
  let threads: Int

  /// Ten seconds each, 25 of each kind of fault and 25 without.
  private static let simulations = 100

  /// Untrained, CPC frozen, CPC tuned by the fold's labels; in this order, each as soon as it is there.
  func run(_ report: (String, CWRUBearingwiseResult) -> Void) throws {
    let source = try WindowSource(Self.simulated(threads: threads), plan: TrainingPlan())
    var fresh = try RepresentationModel<Float>(source.plan)
    let trained = try Trainer(source, checkpointPath: nil, programVersion: ProgramVersion.text).run().model
    fresh.scaling = trained.scaling
    let untrained = try CPCEmbedder(plan: source.plan, model: fresh)
    let pretrained = try CPCEmbedder(plan: source.plan, model: trained)
    try CWRUBearingwise.check(pretrained.windowPlan)
    report("untrained encoder + SupCon", try frozen(untrained))
    report("CPC + SupCon (frozen)", try frozen(pretrained))
    report("CPC + SupCon (fine-tuned)", try tuned(pretrained))
  }

  private static func simulated(threads: Int) throws -> [TrainingRecording] {
    var draw = SimulationDraw()
    draw.seconds = 10
    let settings = draw
    let results = Parallel.map(simulations, threads: threads) { index -> Result<[Float], SignalIOError> in
      var random = RandomSource(seed: 1, path: [UInt64(index)])
      let kind = SimulationDraw.classes[index % SimulationDraw.classes.count]
      do throws(SignalIOError) {
        return .success(
          try BearingSimulator(settings.settings(fault: kind, random: &random)).recording(random: &random)
            .samples)
      } catch { return .failure(error) }
    }
    return try results.enumerated().map { index, result in
      TrainingRecording(
        name: "simulation \(index)", samples: [try result.get()], sampleRate: settings.sampleRate)
    }
  }

  private func frozen(_ embedder: CPCEmbedder) throws -> CWRUBearingwiseResult {
    try CWRUBearingwise.evaluate(
      folds: folds, segments: segments, threads: threads,
      features: { CWRUBearingwise.embedding($0, embedder: embedder) },
      scorer: CWRUBearingwise.supConScorer(settings: SupConSettings(), seed: 1))
  }

  /// Fewer and smaller batches than by default, so that a hundred folds take minutes; not chosen by any result.
  private func tuned(_ embedder: CPCEmbedder) throws -> CWRUBearingwiseResult {
    var settings = FitSettings.tuning(steps: 60)
    settings.fineTune?.batch = 16
    return try CWRUBearingwise.evaluate(
      folds: folds, segments: segments, threads: threads,
      features: { CWRUBearingwise.encoderInputs($0, embedder: embedder) },
      scorer: CWRUBearingwise.tunedScorer(embedder: embedder, settings: settings))
  }
}
