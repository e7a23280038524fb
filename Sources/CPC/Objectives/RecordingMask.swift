import NeuralNet

/// A mask of ``SupConLoss``: rows of one group are positives, and count less where they are of one recording.
///
/// Windows of one recording share machine, sensor and load beside their label. The less they count, the more an encoder
/// has to find what recordings of one label have in common.
struct RecordingMask: Sendable {
  /// Weight of a window of the anchor's group and recording, in 0 ... 1; 0 makes it neither positive nor negative. Those of
  /// other recordings, and the window's own views, weigh 1.
  var ownWeight: Double

  /// - Parameters:
  ///   - rows: that take part, with the group of each.
  ///   - anchors: as in ``RowRelation``.
  func relation<Scalar: TensorScalar>(
    _ rows: [Int], groups: [Int], anchors: [Int]?, of batch: Representations<Scalar>
  ) -> RowRelation {
    let count = batch.windowCount
    let windows = rows.map { $0 % count }
    var groupOf = [Int?](repeating: nil, count: count)
    for (window, group) in zip(windows, groups) { groupOf[window] = group }
    var weights = [Double](repeating: 0, count: count * count)
    for a in 0..<count {
      for b in 0..<count where groupOf[a] != nil && groupOf[a] == groupOf[b] {
        let isOther = batch.recordings[a] != batch.recordings[b]
        weights[a * count + b] = a == b || isOther ? 1 : ownWeight > 0 ? ownWeight : -1
      }
    }
    return RowRelation(items: windows, anchors: anchors, weights: weights)
  }
}
