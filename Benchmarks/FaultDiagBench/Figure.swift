import FaultDiag

/// One measured figure beside its goal.
struct Figure: Codable {
  enum Goal: Codable {
    case atLeast(Double)
    case atMost(Double)
    /// Reported without a goal.
    case none
  }

  var name: String
  var value: Double
  var goal: Goal

  var isMet: Bool {
    switch goal {
    case .atLeast(let bound): value >= bound
    case .atMost(let bound): value <= bound
    case .none: true
    }
  }

  /// `FIGURE name value goal ok|short`.
  var line: String {
    let bound =
      switch goal {
      case .atLeast(let bound): ">=\(bound)"
      case .atMost(let bound): "<=\(bound)"
      case .none: "-"
      }
    return "FIGURE \(name) \(Format.fixed(value, digits: 4)) \(bound) \(isMet ? "ok" : "short")"
  }
}
