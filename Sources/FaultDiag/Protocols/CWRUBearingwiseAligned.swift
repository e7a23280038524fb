import SignalIO

extension CWRUBearingwise {
  /// The protocol's tuning folds: three rows of held-out sizes, both sides of each. Nothing may be chosen on any other.
  package static let tuningFolds: [Fold] = {
    let rows: [(name: String, sizes: [Int])] = [
      ("tuning 1", [14, 7, 14, 21, 14, 7]), ("tuning 2", [21, 21, 7, 14, 21, 21]), ("tuning 3", [7, 14, 21, 7, 7, 14]),
    ]
    let columns = ["DE_B", "DE_IR", "DE_OR", "FE_B", "FE_IR", "FE_OR"]
    return rows.flatMap { row in
      End.allCases.map {
        Fold(row: row.name, heldOut: Dictionary(uniqueKeysWithValues: zip(columns, row.sizes)), side: $0)
      }
    }
  }()

  /// An aligned model's logits of one segment with the nominal speed, in the order of ``Fault``.
  package static func alignedScores(_ segment: CWRUSegment, model: AlignedModel) -> [Double] {
    guard let envelope = try? AlignedEnvelope(model.plan.envelope) else { return [0, 0, 0] }
    let features = envelope.features(
      of: segment.samples, sampleRate: sampleRate, shaftHz: segment.signal.shaftHz, orders: segment.signal.orders)
    let logits = model.logits([features])[0]
    return [FaultFamily.inner, .outer, .ball].map { family in
      model.plan.envelope.families.firstIndex(of: family).map { logits[$0] } ?? 0
    }
  }
}
