import Support

/// Protocol P5: the folds of P1 with one labelled training signal a label and location.
extension CWRUBearingwise {
  /// The training signals of a fold that keep their label, as indices into ``signals``, ascending.
  ///
  /// For each sensor end (DE, FE) and each label at it (inner race, outer race, ball, none) one of the fold's training
  /// signals is drawn, each as likely, from the stream that `draw` and the two name. A fold leaves the healthy signals
  /// of one end out of training, so there are seven.
  package static func labelledSignals(of fold: Fold, draw: UInt64) -> [Int] {
    var chosen: [Int] = []
    for (place, end) in End.allCases.enumerated() {
      for label in 0...Fault.allCases.count {
        let candidates = fold.training.filter {
          signals[$0].sensor == end
            && (signals[$0].labels.firstIndex(of: true) ?? Fault.allCases.count) == label
        }
        guard !candidates.isEmpty else { continue }
        var random = RandomSource(seed: draw, path: [fewLabelsStream, UInt64(place), UInt64(label)])
        chosen.append(candidates[random.integer(below: candidates.count)])
      }
    }
    return chosen.sorted()
  }

  /// A scorer that is shown the labelled signals of `draw` alone.
  package static func fewLabels<Features: Sendable>(
    draw: UInt64,
    _ scorer:
      @escaping @Sendable (Fold, [CWRUExample<Features>], [Features]) throws(FaultDiagError) -> [[Double]]
  ) -> @Sendable (Fold, [CWRUExample<Features>], [Features]) throws(FaultDiagError) -> [[Double]] {
    { (fold, training, test) throws(FaultDiagError) in
      let kept = Set(labelledSignals(of: fold, draw: draw).map { signals[$0] })
      return try scorer(fold, training.filter { kept.contains($0.signal) }, test)
    }
  }

  /// Keeps these draws apart from those of other users of the same seed.
  private static let fewLabelsStream: UInt64 = 0x4645_574C
}

extension CWRUBearingwiseResult {
  /// Each fold's figures averaged over several draws of the same folds.
  package static func mean(of draws: [CWRUBearingwiseResult]) -> CWRUBearingwiseResult {
    guard let first = draws.first else { return CWRUBearingwiseResult(folds: []) }
    let count = Double(draws.count)
    return CWRUBearingwiseResult(
      folds: first.folds.indices.map { index in
        let folds = draws.map { $0.folds[index] }
        return Fold(
          name: first.folds[index].name,
          perLabel: first.folds[index].perLabel.indices.map { label in
            let areas = folds.compactMap { $0.perLabel[label] }
            return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
          },
          macro: folds.reduce(0) { $0 + $1.macro } / count)
      })
  }
}
