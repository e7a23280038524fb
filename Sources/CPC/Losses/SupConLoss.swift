import NeuralNet

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
  package enum Anchors: String, Sendable, Codable, CaseIterable { case all, one }

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
  /// - `features`: `[B, V, D]`; unit length along D is the caller's part.
  /// - Returns: the loss and `dL / dfeatures`, `[B, V, D]`.
  package func callAsFunction<Scalar: TensorScalar>(
    _ features: Tensor<Scalar>, _ targets: Targets<Scalar>
  ) -> (loss: Scalar, dFeatures: Tensor<Scalar>) {
    precondition(features.rank == 3, "features must be [batch, view, channel], found \(features.shape)")
    let (items, views) = (features.shape[0], features.shape[1])
    // Row r of the features is item r / V, view r % V.
    let rows = (0..<items * views).map { $0 / views }
    let anchorRows = anchors == .all ? nil : Array(stride(from: 0, to: rows.count, by: views))
    let z = features.reshaped([rows.count, features.shape[2]])
    let outcome = self(z, relation(targets, items: items, rows: rows, anchors: anchorRows))
    return (Scalar(outcome.loss), outcome.dCandidates.reshaped(features.shape))
  }

  /// The loss of rows `[rows, D]` in any order; which of them are anchors is the relation's to say.
  package func callAsFunction<Scalar: TensorScalar>(
    _ z: Tensor<Scalar>, _ relation: RowRelation
  ) -> RowContrast.Outcome<Scalar> {
    RowContrast.evaluate(z, relation, temperature: temperature, scale: temperature / baseTemperature)
  }

  private func relation<Scalar: TensorScalar>(
    _ targets: Targets<Scalar>, items: Int, rows: [Int], anchors: [Int]?
  ) -> RowRelation {
    switch targets {
    case .views:
      return RowRelation(items: rows, anchors: anchors)
    case .labels(let labels):
      precondition(labels.count == items, "\(items) items but \(labels.count) labels")
      let lowest = labels.min() ?? 0
      return RowRelation(items: rows.map { labels[$0] - lowest }, anchors: anchors)
    case .mask(let mask):
      precondition(mask.shape == [items, items], "the mask of \(items) items has shape \(mask.shape)")
      precondition(mask.storage.allSatisfy { $0 >= 0 }, "a mask's weights are at least zero")
      return RowRelation(items: rows, anchors: anchors, weights: mask.storage.map { Double($0) })
    }
  }
}
