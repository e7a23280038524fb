import NeuralNet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Supervised contrastive loss over several views of labelled items.
///
/// With `z` the unit-length features of all B V views, `A(i)` every view but i itself and m_ia the weight with
/// which a is a positive of i:
///
///     L_i = -(tau / tau_base) / M_i  sum_{a in A(i)} m_ia log( exp(z_i.z_a / tau) / sum_{b in A(i)} exp(z_i.z_b / tau) )
///     M_i = sum_{a in A(i)} m_ia,    L = mean of L_i over the anchors i
///
/// Khosla et al. 2020 (arXiv 2004.11362), equation 2 (`L_out`), with tau/tau_base as in the authors' released
/// program; without labels it is SimCLR's NT-Xent. An anchor without positives counts in the mean and contributes
/// zero. The row maximum is subtracted inside the logarithm, so no logit overflows.
package struct SupConLoss: Sendable, Equatable, Codable {
  /// Which views are anchors.
  package enum Anchors: String, Sendable, Codable { case all, one }

  package var temperature: Double
  package var baseTemperature: Double
  package var anchors: Anchors

  package init(temperature: Double = 0.07, baseTemperature: Double = 0.07, anchors: Anchors = .all) {
    precondition(
      temperature > 0 && baseTemperature > 0,
      "temperatures must be positive: \(temperature), \(baseTemperature)")
    self.temperature = temperature
    self.baseTemperature = baseTemperature
    self.anchors = anchors
  }

  /// Which items are positives of one another.
  package enum Targets<Scalar: TensorScalar>: Sendable {
    /// Other views of the same item only (SimCLR).
    case views
    /// Items of the same label, and other views of the item itself; one label an item.
    case labels([Int])
    /// Weights `[anchor item, item]`, at least zero, not necessarily symmetric.
    case mask(Tensor<Scalar>)
  }

  /// Loss and its gradient by the features.
  ///
  /// - Parameter features: `[B, V, D]`; unit length along D is the caller's part.
  /// - Returns: the loss and `dL / dfeatures`, `[B, V, D]`.
  package func callAsFunction<Scalar: TensorScalar>(
    _ features: Tensor<Scalar>, _ targets: Targets<Scalar>
  ) -> (loss: Scalar, dFeatures: Tensor<Scalar>) {
    precondition(features.rank == 3, "features must be [batch, view, channel], found \(features.shape)")
    let (items, views, channels) = (features.shape[0], features.shape[1], features.shape[2])
    let weights = itemWeights(targets, items: items)
    let count = items * views
    // Row r of the features is item r / V, view r % V: anchors are every row, or those of view 0.
    let anchorRows = anchors == .all ? Array(0..<count) : Array(stride(from: 0, to: count, by: views))
    guard !anchorRows.isEmpty else { return (0, Tensor(zeros: features.shape)) }

    let z = features.reshaped([count, channels])
    let anchorFeatures = z.gathering(anchorRows)
    var logits = Tensor.product(anchorFeatures, z, transposeB: true)
    var loss = 0.0
    let scale = temperature / baseTemperature / Double(anchorRows.count)
    for (row, anchor) in anchorRows.enumerated() {
      let item = anchor / views
      loss +=
        scale
        * logits.storage.withUnsafeMutableBufferPointer { buffer in
          let slice = UnsafeMutableBufferPointer(rebasing: buffer[row * count..<(row + 1) * count])
          return anchorLoss(slice, anchor: anchor, views: views, scale: scale) { weights[item * items + $0] }
        }
    }
    // `logits` now holds g = dL/d(z_i.z_a): dz_a += sum_i g_ia z_i, and dz_i += sum_a g_ia z_a.
    var dFeatures = Tensor.product(logits, transposeA: true, anchorFeatures)
    dFeatures.addItems(Tensor.product(logits, z), at: anchorRows)
    return (Scalar(loss), dFeatures.reshaped(features.shape))
  }

  /// Unscaled loss of one anchor; its similarities are replaced by the gradient `scale / tau (p_a - m_a / M)`.
  private func anchorLoss<Scalar: TensorScalar>(
    _ row: UnsafeMutableBufferPointer<Scalar>, anchor: Int, views: Int, scale: Double, weight: (Int) -> Scalar
  ) -> Double {
    var (top, positiveWeight) = (-Double.infinity, 0.0)
    for a in row.indices where a != anchor {
      top = max(top, Double(row[a]) / temperature)
      positiveWeight += Double(weight(a / views))
    }
    guard positiveWeight > 0 else {
      row.update(repeating: 0)
      return 0
    }
    var (partition, positive) = (0.0, 0.0)
    for a in row.indices where a != anchor {
      let logit = Double(row[a]) / temperature - top
      partition += exp(logit)
      positive += Double(weight(a / views)) * logit
    }
    for a in row.indices {
      let share = a == anchor ? 0 : exp(Double(row[a]) / temperature - top) / partition
      let target = a == anchor ? 0 : Double(weight(a / views)) / positiveWeight
      row[a] = Scalar(scale / temperature * (share - target))
    }
    return log(partition) - positive / positiveWeight
  }

  private func itemWeights<Scalar: TensorScalar>(_ targets: Targets<Scalar>, items: Int) -> [Scalar] {
    switch targets {
    case .views:
      return (0..<items * items).map { $0 / items == $0 % items ? 1 : 0 }
    case .labels(let labels):
      precondition(labels.count == items, "\(items) items but \(labels.count) labels")
      return (0..<items * items).map { labels[$0 / items] == labels[$0 % items] ? 1 : 0 }
    case .mask(let mask):
      precondition(mask.shape == [items, items], "the mask of \(items) items has shape \(mask.shape)")
      precondition(mask.storage.allSatisfy { $0 >= 0 }, "a mask's weights are at least zero")
      return mask.storage
    }
  }
}
