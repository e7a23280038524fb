import CPC
import FaultDiag
import NeuralNet

/// Protocol P1 for representations learnt without labels, with a SupCon classifier fitted to each fold's training side.
///
/// The encoder is the one inside the program, pretrained on simulated bearings: no recording of the protocol has a part in
/// it, so nothing leaks between folds. The untrained encoder is the same network with its first random weights, the figure to beat.
struct RepresentationRows {
  let folds: [CWRUBearingwise.Fold]
  let segments: [CWRUSegment]
  let threads: Int

  /// Untrained, CPC frozen, CPC tuned by the fold's labels; in this order, each as soon as it is there.
  func run(_ report: (String, CWRUBearingwiseResult) -> Void) throws {
    let checkpoint = try DefaultRepresentation.embedded()
    let trained = try checkpoint.model()
    var fresh = try RepresentationModel<Float>(checkpoint.plan)
    fresh.scaling = trained.scaling
    let untrained = try CPCEmbedder(plan: checkpoint.plan, model: fresh)
    let pretrained = try CPCEmbedder(plan: checkpoint.plan, model: trained)
    try CWRUBearingwise.check(pretrained.windowPlan)
    report("untrained encoder + SupCon", try frozen(untrained))
    report("CPC + SupCon (frozen)", try frozen(pretrained))
    report("CPC + SupCon (fine-tuned)", try tuned(pretrained))
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
