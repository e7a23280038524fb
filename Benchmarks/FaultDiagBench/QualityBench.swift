import ArgumentParser
import FaultDiag
import Foundation
import NeuralNet
import SignalIO
import Support

/// Protocol P1: 100 bearing-wise folds of the CWRU recordings, one second at a time.
struct QualityBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quality", abstract: "Diagnosis of bearings never seen (protocol P1).",
    discussion: """
      Every fold keeps a physical bearing wholly on one side. Figures are macro AUROC over inner race, outer race and \
      ball per one-second segment, as mean over folds. The random forest's 0.851 is the published figure of Vieira \
      et al. (arXiv 2509.22267), not measured here.
      """)

  @Flag(help: "The protocol's tuning folds instead of the 100 evaluation folds.")
  var tuning = false

  @Flag(help: "Also representations learnt without labels, some minutes: untrained, CPC, CPC fine-tuned.")
  var representations = false

  @Option(help: "An aligned model to measure instead of the embedded one.")
  var model: String?

  @Option(help: "Threads.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Where to write every fold as JSON.")
  var json = ".build/bench-quality.json"

  func run() throws {
    guard let data = BenchData() else { return print(BenchData.explanation) }
    let folds =
      tuning ? CWRUBearingwise.tuningFolds : try CWRUBearingwise.folds(path: data.bearingwiseFolds)
    let segments = try CWRUBearingwise.segments { signal throws(FaultDiagError) in
      try CWRUBearingwise.load(signal, folder: data.folder)
    }
    var results: [String: CWRUBearingwiseResult] = [:]
    print(
      "P1, \(folds.count) \(tuning ? "tuning " : "")folds, \(segments.count) segments, BLAS core \(BLAS.coreName)"
    )
    print("method".rightPadded(28) + "  mean    sd      worst   outer   inner   ball")
    func report(_ name: String, _ result: CWRUBearingwiseResult) {
      results[name] = result
      let labels = result.perLabel
      let cells = [
        result.mean, result.standardDeviation, result.worst?.macro ?? .nan, labels[1], labels[0], labels[2],
      ]
      print(name.rightPadded(28) + cells.map { "  " + Format.fixed($0, digits: 4) }.joined())
    }
    print("random forest (published)".rightPadded(28) + "  0.8510  0.0890")

    report("line rule, no training", try lineRule(folds, segments))
    let model = try self.model.map { try AlignedModel(Checkpoint.read($0)) } ?? AlignedModel.embedded()
    func aligned(_ scorer: @escaping AlignedScorer) throws -> CWRUBearingwiseResult {
      try CWRUBearingwise.evaluate(
        folds: folds, segments: segments, threads: threads,
        features: { CWRUBearingwise.alignedFeatures($0, settings: model.plan.envelope) }, scorer: scorer)
    }
    report("default model, untouched", try aligned(CWRUBearingwise.alignedScorer(model)))
    report("default model, fitted", try aligned(CWRUBearingwise.fittedAlignedScorer(model)))
    if representations {
      try RepresentationRows(folds: folds, segments: segments, threads: threads).run(report)
    }
    let figures = Self.figures(results)
    print("")
    for figure in figures { print(figure.line) }
    let report = Report(protocol: tuning ? "P1-tuning" : "P1", figures: figures, methods: results)
    try AtomicFile.write(ReportJSON.text(report), to: json)
  }

  private struct Report: Encodable {
    var `protocol`: String
    var figures: [Figure]
    var methods: [String: CWRUBearingwiseResult]
  }

  private func lineRule(
    _ folds: [CWRUBearingwise.Fold], _ segments: [CWRUSegment]
  ) throws -> CWRUBearingwiseResult {
    try CWRUBearingwise.evaluate(
      folds: folds, segments: segments, threads: threads, features: CWRUBearingwise.lineScores
    ) { (_, _, test) throws(FaultDiagError) in test }
  }

  private typealias AlignedScorer =
    @Sendable (CWRUBearingwise.Fold, [CWRUExample<[Float]>], [[Float]]) throws(FaultDiagError) -> [[Double]]

  private static func figures(_ results: [String: CWRUBearingwiseResult]) -> [Figure] {
    var figures: [Figure] = []
    if let rule = results["line rule, no training"] {
      figures.append(Figure(name: "p1_rule_macro_auroc", value: rule.mean, goal: .atLeast(0.935)))
    }
    if let model = results["default model, untouched"] {
      figures.append(Figure(name: "p1_default_macro_auroc", value: model.mean, goal: .atLeast(0.965)))
      figures.append(Figure(name: "p1_default_ball_auroc", value: model.perLabel[2], goal: .atLeast(0.94)))
      figures.append(
        Figure(name: "p1_default_worst_fold", value: model.worst?.macro ?? 0, goal: .atLeast(0.90)))
    }
    if let fitted = results["default model, fitted"] {
      figures.append(Figure(name: "p1_fitted_macro_auroc", value: fitted.mean, goal: .atLeast(0.98)))
      figures.append(Figure(name: "p1_fitted_ball_auroc", value: fitted.perLabel[2], goal: .atLeast(0.94)))
      figures.append(
        Figure(name: "p1_fitted_worst_fold", value: fitted.worst?.macro ?? 0, goal: .atLeast(0.90)))
    }
    return figures
  }
}

extension String {
  func rightPadded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
