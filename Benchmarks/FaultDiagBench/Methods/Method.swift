import CPC
import FaultDiag

/// What methods are compared on; raw values are what `--tasks` calls them.
enum MethodTask: String, CaseIterable, Codable {
  /// Protocol P1: all labels of a fold's training side, bearings never heard.
  case p1
  /// Protocol P5: one labelled recording a state and end; the seed draws which.
  case p5
  /// Protocol P4: machine sounds, learnt from normal clips only.
  case p4
  /// How well the physical bearing can be read from the representation; see ``CWRUBearingwise/BearingIdentity``.
  case identity

  /// The heading of its column.
  var heading: String {
    switch self {
    case .p1: "P1 AUROC"
    case .p5: "P5 AUROC"
    case .p4: "P4 AUC"
    case .identity: "identity"
    }
  }
}

/// Why a method has no figure for a task.
enum MethodGap: Error {
  /// It cannot be: a few words for the cell.
  case notApplicable(String)
  case failed(String)

  init(_ error: any Error) { self = error as? MethodGap ?? .failed("\(error)") }
}

/// What one seed of a method gave.
struct MethodOutcome {
  var results: [MethodTask: Result<Double, MethodGap>] = [:]
  /// Identity among the three bearings of the same fault and end; see ``CWRUBearingwise/BearingIdentity``.
  var identityWithinFault: Double?
  /// Of the training on simulated recordings, reading them included.
  var pretrainingSeconds: Double?
}

/// Something that turns recordings into scores. Objectives come from their registry; a reference is a type of this protocol
/// and a line in ``Methods/all``.
protocol Method: Sendable {
  /// What `--only` calls it.
  var name: String { get }
  /// Whether seeds change anything.
  var isSeeded: Bool { get }

  func measure(_ tasks: [MethodTask], seed: UInt64, _ context: MethodsContext) -> MethodOutcome
}

extension Method {
  var isSeeded: Bool { true }
}

enum Methods {
  /// References first, then every objective there is.
  static let all: [any Method] =
    [DefaultModelMethod(), AdaptedModelMethod(), FrozenEncoderMethod(objective: nil)]
    + Objectives.all.map { FrozenEncoderMethod(objective: $0.name) } + [FromScratchMethod()]

  static var names: [String] { all.map { $0.name } }
}
