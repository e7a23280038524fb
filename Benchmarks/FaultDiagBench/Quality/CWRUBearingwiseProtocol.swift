import FaultDiag

/// Protocol P1: 100 bearing-wise folds of the CWRU recordings, one second at a time.
struct CWRUBearingwiseProtocol: QualityProtocol {
  static let name = "p1"
  static let title = "CWRU, bearings never seen, macro AUROC per second"

  /// What the figures are called, by the row of the table.
  private enum Row: String {
    case rule = "line rule, no training"
    case untouched = "default model, untouched"
    case fitted = "default model, fitted"
  }

  func run(_ context: QualityContext) throws -> QualityOutcome {
    let folds = try context.data.bearingwiseFolds(tuning: context.tuning)
    let segments = try context.data.bearingwiseSegments()
    print("\(folds.count) \(context.tuning ? "tuning " : "")folds, \(segments.count) segments")
    var table = BearingwiseTable()
    table.header()
    table.add(
      Row.rule.rawValue,
      try CWRUBearingwise.evaluate(
        folds: folds, segments: segments, threads: context.threads, features: CWRUBearingwise.lineScores
      ) { (_, _, test) throws(FaultDiagError) in test })
    let model = context.model
    func aligned(_ scorer: @escaping AlignedScorer) throws -> CWRUBearingwiseResult {
      try CWRUBearingwise.evaluate(
        folds: folds, segments: segments, threads: context.threads,
        features: { CWRUBearingwise.alignedFeatures($0, settings: model.plan.envelope) }, scorer: scorer)
    }
    table.add(Row.untouched.rawValue, try aligned(CWRUBearingwise.alignedScorer(model)))
    table.add(Row.fitted.rawValue, try aligned(CWRUBearingwise.fittedAlignedScorer(model)))
    if context.representations {
      try RepresentationRows(folds: folds, segments: segments, threads: context.threads)
        .run { table.add($0, $1) }
    }
    return QualityOutcome(figures: Self.figures(table.results), details: table.results)
  }

  private typealias AlignedScorer =
    @Sendable (CWRUBearingwise.Fold, [CWRUExample<[Float]>], [[Float]]) throws(FaultDiagError) -> [[Double]]

  private static func figures(_ results: [String: CWRUBearingwiseResult]) -> [Figure] {
    var figures: [Figure] = []
    if let rule = results[Row.rule.rawValue] {
      figures.append(Figure(name: "p1_rule_macro_auroc", value: rule.mean, goal: .atLeast(0.935)))
    }
    let models: [(Row, name: String, goal: Double)] = [
      (.untouched, "p1_default", 0.965), (.fitted, "p1_fitted", 0.98),
    ]
    for (row, name, goal) in models {
      guard let result = results[row.rawValue] else { continue }
      figures += [
        Figure(name: "\(name)_macro_auroc", value: result.mean, goal: .atLeast(goal)),
        Figure(
          name: "\(name)_ball_auroc", value: result.perLabel[CWRUBearingwise.Fault.ball.rawValue],
          goal: .atLeast(0.94)),
        Figure(name: "\(name)_worst_fold", value: result.worst?.macro ?? 0, goal: .atLeast(0.90)),
      ]
    }
    return figures
  }
}

/// The table of P1's kind, a row a method.
struct BearingwiseTable {
  private(set) var results: [String: CWRUBearingwiseResult] = [:]

  private static let columns = 34

  /// The head, and the published figure that the rows stand beside (Vieira et al., arXiv 2509.22267).
  func header() {
    print("method".rightPadded(Self.columns) + "  mean    sd      worst   outer   inner   ball")
    print("random forest (published)".rightPadded(Self.columns) + "  0.8510  0.0890")
  }

  mutating func add(_ name: String, _ result: CWRUBearingwiseResult) {
    results[name] = result
    let labels = result.perLabel
    let cells = [
      result.mean, result.standardDeviation, result.worst?.macro ?? .nan, labels[1], labels[0], labels[2],
    ]
    print(name.rightPadded(Self.columns) + cells.map { "  " + Format.fixed($0, digits: 4) }.joined())
  }
}

extension String {
  /// Spaces behind the text until it is `width` characters wide.
  func rightPadded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
