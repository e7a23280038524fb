import FaultDiag

/// Protocol P2: HIT-SM, trained on one rig and tested on the other, one verdict a recording.
struct RigTransferProtocol: QualityProtocol {
  static let name = "p2"
  static let title = "HIT-SM, from one rig to the other, per recording"

  /// What a method reached on each rig.
  private struct Row: Encodable {
    var method: String
    /// Of the figures' names.
    var short: String
    var figures: [RigTransfer.Figures]
  }

  func run(_ context: QualityContext) throws -> QualityOutcome {
    let transfer = try RigTransfer(
      folder: context.data.folder, model: context.model, threads: context.threads)
    let rigs = RigTransfer.Rig.allCases
    var adaptation = AlignedAdaptation(start: context.model, threads: context.threads)
    print("method".rightPadded(34) + "  test rig       AUROC   balanced accuracy  mistakes")
    var rows: [Row] = []
    func add(_ method: String, _ short: String, _ figures: [RigTransfer.Figures]) {
      for figure in figures {
        print(
          method.rightPadded(34) + "  " + figure.rig.rawValue.rightPadded(13) + "  "
            + Format.fixed(figure.macroAuroc, digits: 4)
            + (figure.balancedAccuracy.map { "  " + Format.fixed($0, digits: 4).rightPadded(17) }
              ?? "".rightPadded(19))
            + "  " + figure.mistakes.joined(separator: ", "))
      }
      rows.append(Row(method: method, short: short, figures: figures))
    }
    add("line rule, no training", "rule", try rigs.map { try transfer.lineRule(on: $0) })
    add("default model, untouched", "default", rigs.map { transfer.figures(of: context.model, on: $0) })
    add(
      "default model, fitted to the other", "fitted",
      try rigs.map { try transfer.figures(of: adaptation, on: $0) })
    (adaptation.origin, adaptation.calibrates) = (.scratch, false)
    add(
      "from scratch on the other rig", "scratch",
      try rigs.map { try transfer.figures(of: adaptation, on: $0) }
    )
    return QualityOutcome(figures: rows.flatMap(Self.figures), details: rows)
  }

  private static func figures(_ row: Row) -> [Figure] {
    row.figures.flatMap { figure -> [Figure] in
      let name = "p2_\(row.short)_\(figure.rig.rawValue)"
      // Trained from scratch on 14 recordings is reported for comparison, and so is accuracy.
      let goal: Figure.Goal = row.short == "scratch" ? .none : .atLeast(0.995)
      return [Figure(name: "\(name)_macro_auroc", value: figure.macroAuroc, goal: goal)]
        + (figure.balancedAccuracy.map {
          [Figure(name: "\(name)_balanced_accuracy", value: $0, goal: .none)]
        } ?? [])
    }
  }
}
