import CKernels
import NeuralNet

/// Which rows are positives of one another, for losses that compare every row with every other.
///
/// Rows carry the number of an *item*: what belongs together, for instance a window (its rows are the views) or a
/// class.
package struct RowRelation: Sendable, Equatable {
  /// Item of each row, `[rows]`, at least zero.
  package var items: [Int32]
  /// Rows that are anchors, ascending.
  package var anchors: [Int]
  /// `[item, item]`: how much the second is a positive of the first. Zero is a negative, below zero is neither, left
  /// out of the sum. nil: 1 for the same item, 0 for others.
  package var weights: [Double]?

  /// Every row an anchor, unless told otherwise.
  package init(items: [Int], anchors: [Int]? = nil, weights: [Double]? = nil) {
    precondition(items.allSatisfy { $0 >= 0 }, "items are numbered from zero")
    let count = weights.map { Int(Double($0.count).squareRoot()) }
    precondition(
      count == nil || (count! * count! == weights!.count && items.allSatisfy { $0 < count! }),
      "\(weights?.count ?? 0) weights do not cover items up to \(items.max() ?? -1)")
    self.items = items.map { Int32($0) }
    self.anchors = anchors ?? Array(items.indices)
    self.weights = weights
  }

  /// Rows view after view, as in ``Representations``: row `v * windows + b` is of item b. With `views` 2 these are
  /// SimCLR's pairs.
  package static func views(windows: Int, views: Int) -> RowRelation {
    RowRelation(items: (0..<windows * views).map { $0 % windows })
  }
}

/// Softmax over similarities of rows: the part that NT-Xent, SupCon and their kin share.
///
///     L = scale sum_i ( log sum_{a in A(i)} exp(s_ia / tau) - 1/M_i sum_{a in A(i)} m_ia s_ia / tau )
///     s = X Y^T,  M_i = sum_{a in A(i)} m_ia
///
/// X `[anchor, channel]`, Y `[candidate, channel]`, A(i) the candidates but i itself and those that its relation
/// leaves out. One product for the similarities, one pass over them, two products for the gradients. An anchor
/// without a positive adds nothing.
package enum RowContrast {
  package struct Outcome<Scalar: TensorScalar>: Sendable {
    package var loss: Double
    /// How high the most similar positive of each anchor that has one stands among the negatives.
    var ranks: RankCounts
    /// Shapes of anchors and candidates.
    package var dAnchors: Tensor<Scalar>
    package var dCandidates: Tensor<Scalar>

    /// Share of the anchors with a positive whose most similar candidate is one; nil without such anchors.
    package var accuracy: Double? { ranks.accuracy }
    /// Share of those with a positive among the five most similar; nil where there are no more.
    package var topFiveAccuracy: Double? { ranks.topFiveAccuracy(among: dCandidates.rows) }
  }

  /// - `own`: which candidate each anchor is itself, -1 for none.
  /// - `anchorItems`, `items`: of anchors and candidates.
  /// - `weights`: as in ``RowRelation``.
  package static func evaluate<Scalar: TensorScalar>(
    anchors: Tensor<Scalar>, candidates: Tensor<Scalar>, own: [Int32], anchorItems: [Int32], items: [Int32],
    weights: [Double]? = nil, temperature: Double, scale: Double
  ) -> Outcome<Scalar> {
    let (rows, columns) = (anchors.rows, candidates.rows)
    precondition(
      own.count == rows && anchorItems.count == rows && items.count == columns,
      "\(anchorItems.count) and \(items.count) items for anchors \(anchors.shape) and candidates \(candidates.shape)"
    )
    var scores = Tensor.product(anchors, candidates, transposeB: true)
    var outcome = Outcome(loss: 0, ranks: RankCounts(), dAnchors: anchors, dCandidates: candidates)
    var ranks = [Int32](repeating: -1, count: rows)
    let itemCount = Int32(weights.map { Int(Double($0.count).squareRoot()) } ?? 0)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(columns, 1)) { targets in
      let targets = targets.baseAddress!
      // Invariant: the raw pointers are read as the very type they were made of.
      scores.storage.withUnsafeMutableBufferPointer { buffer in
        guard let s = buffer.baseAddress else { return }
        if Scalar.self == Float.self {
          fd_softmax_contrast_f32(
            view(s), Int32(rows), Int32(columns), own, anchorItems, items, weights, itemCount, temperature,
            scale,
            view(targets), &outcome.loss, &ranks)
        } else if Scalar.self == Double.self {
          fd_softmax_contrast_f64(
            view(s), Int32(rows), Int32(columns), own, anchorItems, items, weights, itemCount, temperature,
            scale,
            view(targets), &outcome.loss, &ranks)
        } else {
          preconditionFailure("no contrast kernel for \(Scalar.self)")
        }
      }
    }
    outcome.ranks = RankCounts(ranks)
    // With g = dL/ds: dX = g Y, dY = g^T X.
    outcome.dAnchors.setProduct(scores, candidates)
    outcome.dCandidates.setProduct(scores, transposeA: true, anchors)
    return outcome
  }

  /// Every anchor of `relation` against all rows of z `[rows, channel]`; the mean over anchors with `scale` 1. The
  /// gradient is in `dCandidates`, `[rows, channel]`.
  package static func evaluate<Scalar: TensorScalar>(
    _ z: Tensor<Scalar>, _ relation: RowRelation, temperature: Double, scale: Double = 1
  ) -> Outcome<Scalar> {
    let anchors = relation.anchors
    let all = anchors.count == z.rows
    let x = all ? z : z.gathering(anchors)
    var outcome = evaluate(
      anchors: x, candidates: z, own: anchors.map { Int32($0) },
      anchorItems: anchors.map { relation.items[$0] },
      items: relation.items, weights: relation.weights, temperature: temperature,
      scale: scale / Double(max(anchors.count, 1)))
    // An anchor is a candidate of the others.
    if all {
      outcome.dCandidates.add(outcome.dAnchors)
    } else {
      outcome.dCandidates.addItems(outcome.dAnchors, at: anchors)
    }
    return outcome
  }

  private static func view<From, To>(_ pointer: UnsafeMutablePointer<From>) -> UnsafeMutablePointer<To> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: To.self)
  }
}
