import FaultDiag

/// A method's figures over its seeds.
struct MethodRow: Codable {
  struct Cell: Codable {
    /// One a seed that gave one.
    var values: [Double] = []
    /// Why there are fewer than seeds, in the cell's few words.
    var note: String?

    var mean: Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    /// Sample standard deviation over seeds; nil below two.
    var deviation: Double? {
      guard values.count > 1 else { return nil }
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(values.count - 1)).squareRoot()
    }

    var text: String {
      guard !values.isEmpty else { return note ?? "-" }
      let spread = deviation.map { " +-" + Format.fixed($0, digits: 3) } ?? ""
      return Format.fixed(mean, digits: 3) + spread + (note == nil ? "" : " *")
    }
  }

  var name: String
  /// By ``MethodTask/rawValue``.
  var cells: [String: Cell] = [:]
  var identityWithinFault = Cell()
  var pretrainingSeconds: [Double] = []

  init(name: String) { self.name = name }

  /// Takes up a seed; returns what failed, for the reader.
  mutating func add(_ outcome: MethodOutcome, seed: UInt64) -> [String] {
    var failures: [String] = []
    for (task, result) in outcome.results.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      switch result {
      case .success(let value): cells[task.rawValue, default: Cell()].values.append(value)
      case .failure(.notApplicable(let words)): cells[task.rawValue, default: Cell()].note = words
      case .failure(.failed(let reason)):
        cells[task.rawValue, default: Cell()].note = "failed"
        failures.append("\(name), \(task.rawValue), seed \(seed): \(reason)")
      }
    }
    identityWithinFault.values += outcome.identityWithinFault.map { [$0] } ?? []
    pretrainingSeconds += outcome.pretrainingSeconds.map { [$0] } ?? []
    return failures
  }

  // MARK: Text

  private static let width = 17

  static func heading(_ tasks: [MethodTask]) -> String {
    "method".rightPadded(width)
      + tasks.map { task in
        task.heading.rightPadded(width) + (task == .identity ? "same fault".rightPadded(width) : "")
      }.joined() + "pretraining"
  }

  func line(_ tasks: [MethodTask]) -> String {
    let cells = tasks.map { task in
      (self.cells[task.rawValue] ?? Cell()).text.rightPadded(Self.width)
        + (task == .identity ? identityWithinFault.text.rightPadded(Self.width) : "")
    }
    let seconds = pretrainingSeconds.max().map { "\(Format.fixed($0, digits: 1)) s" } ?? "-"
    return name.rightPadded(Self.width) + cells.joined() + seconds
  }

  /// - Parameter isFullLength: whether the training had all steps of its plan, for which its time has a goal.
  func figures(isFullLength: Bool) -> [Figure] {
    var figures: [Figure] = []
    for task in MethodTask.allCases {
      guard let cell = cells[task.rawValue], !cell.values.isEmpty else { continue }
      figures.append(Figure(name: "methods_\(name)_\(task.rawValue)", value: cell.mean, goal: .none))
      if let deviation = cell.deviation {
        figures.append(Figure(name: "methods_\(name)_\(task.rawValue)_sd", value: deviation, goal: .none))
      }
    }
    if let seconds = pretrainingSeconds.max() {
      figures.append(
        Figure(
          name: "methods_\(name)_pretraining_seconds", value: seconds,
          goal: isFullLength ? .atMost(300) : .none))
    }
    return figures
  }
}
