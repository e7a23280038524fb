import CPC
import NeuralNet
import Support

/// Everything that stage one trains when the encoder is not frozen: from encoder inputs to the unit sphere.
///
///     x -> representation model -> pooled embedding e -> (e - mean) / sd -> projection head -> z, ||z|| = 1
///
/// The statistics in the middle are those of the embeddings before tuning and stay as they are; they only bring
/// the head's inputs to a scale at which its first weights make sense.
package struct ContrastiveEncoder<Scalar: TensorScalar>: Parameterized, Sendable {
  package var model: RepresentationModel<Scalar>
  package var standardizer: Standardizer<Scalar>
  package var head: Projector<Scalar>

  package init(
    model: RepresentationModel<Scalar>, standardizer: Standardizer<Scalar>, head: Projector<Scalar>
  ) {
    self.model = model
    self.standardizer = standardizer
    self.head = head
  }

  /// Rows that pass the network together. Fixed, as the shapes of products and the order of sums decide rounding: the
  /// same bytes for every thread count.
  package static var chunk: Int { 8 }

  /// What one chunk of rows kept.
  private struct Part: Sendable {
    var z: Tensor<Scalar>
    var embedding: RepresentationModel<Scalar>.EmbeddingCache
    var head: Projector<Scalar>.Cache
  }

  /// Supervised contrastive loss of a batch, and its gradient by everything that is trained.
  ///
  /// - `inputs`: `[items * views, length, channel]`, the views of an item one after the other.
  /// - `labels`: class of each item.
  /// - `seed`: of what the encoder draws (dropout), chunk by chunk.
  @specialized(where Scalar == Float)
  package func evaluate(
    _ inputs: Tensor<Scalar>, labels: [Int], views: Int, loss: SupConLoss, seed: UInt64 = 0, threads: Int
  ) -> (loss: Double, gradient: ContrastiveEncoder) {
    let rows = inputs.shape[0]
    precondition(
      rows == labels.count * views,
      "\(labels.count) labels in \(views) views do not fit inputs \(inputs.shape)")
    let ranges = stride(from: 0, to: rows, by: Self.chunk).map { $0..<min($0 + Self.chunk, rows) }
    let parts = Parallel.map(ranges.count, threads: threads) { index in
      forward(inputs.outer(ranges[index]), seed: seed, chunk: index)
    }
    let z = Tensor.concatenated(parts.map { $0.z }, axis: 0)
    let (value, dFeatures) = loss(z.reshaped([labels.count, views, z.shape[1]]), .labels(labels))
    let dz = dFeatures.reshaped(z.shape)
    let gradients = Parallel.map(ranges.count, threads: threads) { index in
      backward(dz.outer(ranges[index]), parts[index])
    }
    return (Double(value), Self.sum(gradients))
  }

  @specialized(where Scalar == Float)
  private func forward(_ x: Tensor<Scalar>, seed: UInt64, chunk: Int) -> Part {
    var context = ForwardContext(
      mode: .training, random: RandomSource(seed: seed, path: [UInt64(chunk)]))
    let (embedding, embeddingCache) = model.embed(x, &context)
    let (z, headCache) = head.forward(standardizer.forward(embedding, &context).output, &context)
    return Part(z: z, embedding: embeddingCache, head: headCache)
  }

  @specialized(where Scalar == Float)
  private func backward(_ dz: Tensor<Scalar>, _ part: Part) -> ContrastiveEncoder {
    var gradient = zeroed()
    let dStandard = head.backward(dz, part.head, into: &gradient.head)
    let dEmbedding = standardizer.backward(dStandard, (), into: &gradient.standardizer)
    model.accumulateEmbedding(dEmbedding, part.embedding, into: &gradient.model)
    return gradient
  }

  /// The parts' gradients added in their order.
  @specialized(where Scalar == Float)
  private static func sum(_ parts: [ContrastiveEncoder]) -> ContrastiveEncoder {
    var total = parts[0]
    for part in parts.dropFirst() {
      let added = part.parameters
      var position = 0
      total.visit("") { _, _, tensor in
        tensor.add(added[position].tensor)
        position += 1
      }
    }
    return total
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try model.visit(join(path, "model"), body)
    try standardizer.visit(join(path, "standardizer"), body)
    try head.visit(join(path, "head"), body)
  }
}
