import FaultDiag

/// A protocol of honest evaluation. A new one is a file beside this and a line in ``all``.
protocol QualityProtocol: Sendable {
  /// What `--only` calls it, for instance `p1`.
  static var name: String { get }
  /// One line for the heading of its table.
  static var title: String { get }

  init()
  /// Evaluates, prints a table for people as rows become known, and returns the figures.
  func run(_ context: QualityContext) throws -> QualityOutcome
}

enum QualityProtocols {
  static let all: [any QualityProtocol.Type] = [
    CWRUBearingwiseProtocol.self, RigTransferProtocol.self, CWRURecordingsProtocol.self,
    MachineSoundsProtocol.self, FewLabelsProtocol.self, RunToFailureProtocol.self,
    VerdictHonestyProtocol.self,
  ]

  static var names: [String] { all.map { $0.name } }
}

/// What every protocol is given.
struct QualityContext {
  var data: BenchData
  /// The embedded model, or the one that `--model` names.
  var model: AlignedModel
  var threads: Int
  /// Only the folds on which methods may be chosen.
  var tuning: Bool
  /// Rows that take minutes more.
  var representations: Bool
}

/// What a protocol found: figures with goals, and everything behind them for the JSON file.
struct QualityOutcome {
  var figures: [Figure]
  var details: any Encodable
}
