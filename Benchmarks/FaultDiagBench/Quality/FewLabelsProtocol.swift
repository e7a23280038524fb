import FaultDiag
import SignalIO

/// Protocol P5: the folds of P1 with one labelled training signal a label and location, averaged over draws of them.
struct FewLabelsProtocol: QualityProtocol {
  static let name = "p5"
  static let title = "CWRU, one labelled recording a state and location, macro AUROC per second"

  /// Which signals keep their label is drawn so often.
  private static let draws: ClosedRange<UInt64> = 1...3

  private enum Row: String {
    case untouched = "default model, untouched"
    case adapted = "default model, adapted"
    case scratch = "same networks from scratch"
    case representation = "CPC frozen + SupCon"
  }

  func run(_ context: QualityContext) throws -> QualityOutcome {
    let folds = try context.data.bearingwiseFolds(tuning: context.tuning)
    let segments = try context.data.bearingwiseSegments()
    print("\(folds.count) folds, \(Self.draws.count) draws of 7 labelled signals of 10 segments each")
    var table = BearingwiseTable()
    table.header()
    let model = context.model
    func evaluated(_ scorer: @escaping Scorer) throws -> CWRUBearingwiseResult {
      try CWRUBearingwise.evaluate(
        folds: folds, segments: segments, threads: context.threads,
        features: { CWRUBearingwise.alignedFeatures($0, settings: model.plan.envelope) }, scorer: scorer)
    }
    func drawn(_ scorer: @escaping Scorer) throws -> CWRUBearingwiseResult {
      .mean(of: try Self.draws.map { try evaluated(CWRUBearingwise.fewLabels(draw: $0, scorer)) })
    }
    let adaptation = AlignedAdaptation(start: model, threads: 1)
    table.add(Row.untouched.rawValue, try evaluated(CWRUBearingwise.alignedScorer(model)))
    table.add(Row.adapted.rawValue, try drawn(CWRUBearingwise.adaptedAlignedScorer(adaptation)))
    if context.representations {
      // Ranking needs no calibration, which would train five times as often.
      var scratch = adaptation
      (scratch.origin, scratch.calibrates) = (.scratch, false)
      table.add(Row.scratch.rawValue, try drawn(CWRUBearingwise.adaptedAlignedScorer(scratch)))
      table.add(Row.representation.rawValue, try representation(folds, segments, context))
    }
    return QualityOutcome(figures: Self.figures(table.results), details: table.results)
  }

  private typealias Scorer =
    @Sendable (CWRUBearingwise.Fold, [CWRUExample<[Float]>], [[Float]]) throws(FaultDiagError) -> [[Double]]

  /// The representation inside the program, frozen, with a classifier on the few labels.
  private func representation(
    _ folds: [CWRUBearingwise.Fold], _ segments: [CWRUSegment], _ context: QualityContext
  ) throws -> CWRUBearingwiseResult {
    let checkpoint = try DefaultRepresentation.embedded()
    let embedder = try CPCEmbedder(plan: checkpoint.plan, model: checkpoint.model())
    return .mean(
      of: try Self.draws.map { draw in
        try CWRUBearingwise.evaluate(
          folds: folds, segments: segments, threads: context.threads,
          features: { CWRUBearingwise.embedding($0, embedder: embedder) },
          scorer: CWRUBearingwise.fewLabels(
            draw: draw, CWRUBearingwise.supConScorer(settings: SupConSettings(), seed: 1)))
      })
  }

  private static func figures(_ results: [String: CWRUBearingwiseResult]) -> [Figure] {
    var figures: [Figure] = []
    if let adapted = results[Row.adapted.rawValue] {
      figures.append(Figure(name: "p5_adapted_macro_auroc", value: adapted.mean, goal: .atLeast(0.96)))
    }
    if let untouched = results[Row.untouched.rawValue], let adapted = results[Row.adapted.rawValue] {
      // Few labels must not make the model worse.
      figures.append(
        Figure(name: "p5_adapted_gain", value: adapted.mean - untouched.mean, goal: .atLeast(0)))
    }
    if let scratch = results[Row.scratch.rawValue] {
      figures.append(Figure(name: "p5_scratch_macro_auroc", value: scratch.mean, goal: .none))
    }
    if let frozen = results[Row.representation.rawValue] {
      figures.append(Figure(name: "p5_cpc_macro_auroc", value: frozen.mean, goal: .none))
    }
    return figures
  }
}
