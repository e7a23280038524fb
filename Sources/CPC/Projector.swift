import NeuralNet
import Support

/// A small network from embeddings to the space in which a contrastive loss measures: none, linear, or one hidden
/// rectified layer, then unit length where asked.
///
///     none: y = x        linear: y = A x + a        mlp: y = A max(0, B x + b) + a        unit length: y / ||y||
///
/// Chen et al. 2020 (arXiv 2002.05709, section 4.2) measure behind an MLP and keep what lies before it; Khosla et al.
/// 2020 use 2048 hidden units and 128 outputs of unit length. Here the hidden size is the setting's, as embeddings
/// are smaller.
package struct Projector<Scalar: TensorScalar>: Layer {
  package typealias Kind = ProjectorKind

  package var hidden: Linear<Scalar>?
  package var output: Linear<Scalar>?
  package let inputs: Int
  package let unitLength: UnitLength<Scalar>?

  /// - `hiddenSize`: of an MLP.
  /// - `outputs`: of an MLP or a linear one.
  package init(
    _ kind: Kind, inputs: Int, hiddenSize: Int, outputs: Int, unitLength: Bool, random: inout RandomSource
  ) {
    if kind == .mlp {
      hidden = Linear(inputs: inputs, outputs: hiddenSize, rectified: true, random: &random)
    }
    if kind != .none {
      output = Linear(inputs: hidden?.outputs ?? inputs, outputs: outputs, random: &random)
    }
    self.inputs = inputs
    self.unitLength = unitLength ? UnitLength() : nil
  }

  /// Weights and biases of one that these arguments make.
  static func numberCount(_ kind: Kind, inputs: Int, hiddenSize: Int, outputs: Int) -> Int {
    switch kind {
    case .none: 0
    case .linear: (inputs + 1) * outputs
    case .mlp: (inputs + 1) * hiddenSize + (hiddenSize + 1) * outputs
    }
  }

  package var outputs: Int { output?.outputs ?? inputs }

  package struct Cache: Sendable {
    let hidden: Linear<Scalar>.Cache?
    let output: Linear<Scalar>.Cache?
    let unitLength: UnitLength<Scalar>.Cache?
  }

  @specialized(where Scalar == Float)
  package func forward(
    _ x: Tensor<Scalar>, _ context: inout ForwardContext
  ) -> (output: Tensor<Scalar>, cache: Cache) {
    let inner = hidden?.forward(x, &context)
    let outer = output?.forward(inner?.output ?? x, &context)
    let unit = unitLength?.forward(outer?.output ?? x, &context)
    return (
      unit?.output ?? outer?.output ?? x,
      Cache(hidden: inner?.cache, output: outer?.cache, unitLength: unit?.cache)
    )
  }

  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Projector
  ) -> Tensor<Scalar> {
    var d = dOutput
    if let unitLength, let kept = cache.unitLength {
      var none = unitLength
      d = unitLength.backward(d, kept, into: &none)
    }
    if let output, let kept = cache.output { d = output.backward(d, kept, into: &gradient.output!) }
    if let hidden, let kept = cache.hidden { d = hidden.backward(d, kept, into: &gradient.hidden!) }
    return d
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try hidden?.visit(join(path, "hidden"), body)
    try output?.visit(join(path, "output"), body)
  }
}

/// What a ``Projector`` is made of.
package enum ProjectorKind: String, Sendable, Codable, CaseIterable { case none, linear, mlp }

// MARK: Over representations

extension Projector {
  /// What ``backwardRows(_:_:into:)`` needs.
  package struct RowCache: Sendable {
    let pooling: RepresentationPooling.Cache<Scalar>
    let projector: Cache
  }

  /// One vector a row: its pooled embedding (2 D + H numbers, see ``RepresentationPooling``) through the projector,
  /// `[row, outputs]`.
  package func rows(_ representations: Representations<Scalar>) -> (features: Tensor<Scalar>, cache: RowCache)
  {
    let pooled = RepresentationPooling.forward(
      latents: representations.latents, contexts: representations.contexts)
    var context = ForwardContext.inference
    let (features, cache) = forward(pooled.embedding, &context)
    return (features, RowCache(pooling: pooled.cache, projector: cache))
  }

  /// Adds to `gradient` and returns the gradients of latents and contexts.
  package func backwardRows(
    _ dFeatures: Tensor<Scalar>, _ cache: RowCache, into gradient: inout Projector
  ) -> (dLatents: Tensor<Scalar>, dContexts: Tensor<Scalar>) {
    RepresentationPooling.backward(backward(dFeatures, cache.projector, into: &gradient), cache.pooling)
  }
}

// MARK: Settings

/// The settings by which objectives let their projector be chosen.
package enum ProjectorSettings {
  package static let kind = Setting<ProjectorKind>.choice(
    "projector", "between embedding and loss; dropped after training", default: .mlp)
  package static let hiddenSize = Setting<Int>.integer(
    "projectorHidden", "hidden units of the projector mlp", default: 256, in: 1...8192
  )
  .size(smallest: .integer(1))
  package static let outputSize = Setting<Int>.integer(
    "projectorSize", "outputs of the projector", default: 128, in: 1...8192
  )
  .size(smallest: .integer(1))

  package static var descriptions: [SettingDescription] {
    [kind.description, hiddenSize.description, outputSize.description]
  }

  /// Weights and biases of the projector that is chosen.
  static func numberCount(_ settings: Settings, inputs: Int) -> Int {
    Projector<Float>.numberCount(
      settings[kind], inputs: inputs, hiddenSize: settings[hiddenSize], outputs: settings[outputSize])
  }

  /// Of the projector that is chosen.
  static func outputs(_ settings: Settings, inputs: Int) -> Int {
    settings[kind] == .none ? inputs : settings[outputSize]
  }

  /// A fresh projector for embeddings of latents of size D and contexts of size H.
  package static func make<Scalar: TensorScalar>(
    _ settings: Settings, latentSize: Int, contextSize: Int, unitLength: Bool, random: inout RandomSource
  ) -> Projector<Scalar> {
    Projector(
      settings[kind], inputs: 2 * latentSize + contextSize, hiddenSize: settings[hiddenSize],
      outputs: settings[outputSize], unitLength: unitLength, random: &random)
  }
}
