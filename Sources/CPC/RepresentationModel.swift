import NeuralNet
import Support

/// What is learnt without labels: input scaling, encoder and autoregressor.
///
///     z_t = g_enc(x_t)        c_t = g_ar(z_1 ... z_t), a GRU
///
/// (Oord et al. 2018, section 2.2.) Input `[batch, length, channel]` as the plan's features make it, latents
/// `[batch, L, D]`, contexts `[batch, L, H]`.
package struct RepresentationModel<Scalar: TensorScalar>: Parameterized, Sendable {
  package var scaling: InputScaling<Scalar>
  package var encoder: any Encoder<Scalar>
  package var autoregressor: GRU<Scalar>

  package init(encoder: any Encoder<Scalar>, autoregressor: GRU<Scalar>) {
    precondition(
      autoregressor.inputs == encoder.latentSize,
      "a context over \(autoregressor.inputs) inputs does not fit latents of \(encoder.latentSize)")
    scaling = InputScaling(size: encoder.inputSize)
    self.encoder = encoder
    self.autoregressor = autoregressor
  }

  /// A fresh model as a plan describes it; its parameters depend on the plan's seed alone.
  package init(_ plan: TrainingPlan) throws(CPCError) {
    var random = RandomSource(seed: plan.seed, path: [RandomPurpose.model.rawValue])
    let encoder = try Encoders.make(
      plan.encoder, inputSize: plan.features.inputSize, random: &random, as: Scalar.self)
    self.init(
      encoder: encoder,
      autoregressor: GRU(inputs: encoder.latentSize, hidden: plan.contextSize, random: &random))
  }

  /// D.
  package var latentSize: Int { encoder.latentSize }
  /// H.
  package var contextSize: Int { autoregressor.hidden }
  /// Size of an embedding, 2 D + H.
  package var embeddingSize: Int { 2 * latentSize + contextSize }

  /// What the parts kept for backward.
  package struct Cache: Sendable {
    let scaling: InputScaling<Scalar>.Cache
    let encoder: any Sendable
    let autoregressor: GRU<Scalar>.Cache
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    latents: Tensor<Scalar>, contexts: Tensor<Scalar>, cache: Cache
  ) {
    let scaled = scaling.forward(x, &context)
    let (latents, encoderCache) = encoder.forwardErased(scaled.output, &context)
    let contexts = autoregressor.forward(latents, &context)
    return (
      latents, contexts.output,
      Cache(scaling: scaled.cache, encoder: encoderCache, autoregressor: contexts.cache)
    )
  }

  /// Adds to `gradient` and returns the gradient of the input.
  @specialized(where Scalar == Float)
  package func backward(
    _ dLatents: Tensor<Scalar>, _ dContexts: Tensor<Scalar>, _ cache: Cache,
    into gradient: inout RepresentationModel
  ) -> Tensor<Scalar> {
    let dz = backwardToLatents(dLatents, dContexts, cache, into: &gradient)
    let dScaled = gradient.encoder.add(backwardOf: encoder, dz, cache.encoder)
    return scaling.backward(dScaled, cache.scaling, into: &gradient.scaling)
  }

  /// The part of ``backward(_:_:_:into:)`` that concerns the parameters.
  package func accumulate(
    _ dLatents: Tensor<Scalar>, _ dContexts: Tensor<Scalar>, _ cache: Cache,
    into gradient: inout RepresentationModel
  ) {
    let dz = backwardToLatents(dLatents, dContexts, cache, into: &gradient)
    gradient.encoder.add(accumulationOf: encoder, dz, cache.encoder)
  }

  /// The whole gradient of the latents: their own and what reaches them through the contexts.
  private func backwardToLatents(
    _ dLatents: Tensor<Scalar>, _ dContexts: Tensor<Scalar>, _ cache: Cache,
    into gradient: inout RepresentationModel
  ) -> Tensor<Scalar> {
    var dz = autoregressor.backward(dContexts, cache.autoregressor, into: &gradient.autoregressor)
    dz.add(dLatents)
    return dz
  }

  /// Takes up what a training forward pass observed; see `Layer/absorb(_:)`.
  package mutating func absorb(_ cache: Cache) {
    encoder.absorbErased(cache.encoder)
    autoregressor.absorb(cache.autoregressor)
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try scaling.visit(join(path, "scaling"), body)
    try encoder.visit(join(path, "encoder"), body)
    try autoregressor.visit(join(path, "autoregressor"), body)
  }
}

// MARK: Embeddings

extension RepresentationModel {
  /// What ``backwardEmbedding(_:_:into:)`` needs.
  package struct EmbeddingCache: Sendable {
    let model: Cache
    let pooling: RepresentationPooling.Cache<Scalar>
  }

  /// One vector a window, see ``RepresentationPooling``: `[batch, 2 D + H]`.
  package func embed(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    embedding: Tensor<Scalar>, cache: EmbeddingCache
  ) {
    let (latents, contexts, cache) = forward(x, &context)
    let pooled = RepresentationPooling.forward(latents: latents, contexts: contexts)
    return (pooled.embedding, EmbeddingCache(model: cache, pooling: pooled.cache))
  }

  /// The embedding in inference mode.
  package func embed(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    var context = ForwardContext.inference
    return embed(x, &context).embedding
  }

  /// Adds to `gradient`; the parameters' part only, for fine-tuning.
  package func accumulateEmbedding(
    _ dEmbedding: Tensor<Scalar>, _ cache: EmbeddingCache, into gradient: inout RepresentationModel
  ) {
    let d = RepresentationPooling.backward(dEmbedding, cache.pooling)
    accumulate(d.dLatents, d.dContexts, cache.model, into: &gradient)
  }

  /// Adds to `gradient` and returns the gradient of the input.
  package func backwardEmbedding(
    _ dEmbedding: Tensor<Scalar>, _ cache: EmbeddingCache, into gradient: inout RepresentationModel
  ) -> Tensor<Scalar> {
    let d = RepresentationPooling.backward(dEmbedding, cache.pooling)
    return backward(d.dLatents, d.dContexts, cache.model, into: &gradient)
  }
}
