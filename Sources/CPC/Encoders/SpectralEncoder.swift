import NeuralNet
import Support

/// The same small network on every step of a spectrogram.
///
///     x_t -> [Linear -> max(0, .) -> LayerNorm] for each size -> z_t
///
/// A step is one frame of band energies, or several stacked (see ``SpectralFeatures``); steps do not see each other
/// here, only in the context. Input `[batch, step, bands]`, output `[batch, step, last size]`.
package struct SpectralEncoder<Scalar: TensorScalar>: Encoder {
  package var linears: [Linear<Scalar>] = []
  package var norms: [LayerNorm<Scalar>] = []

  @specialized(where Scalar == Float)
  package init(inputSize: Int, sizes: [Int], random: inout RandomSource) {
    precondition(!sizes.isEmpty, "a spectral encoder needs at least one layer")
    for (index, size) in sizes.enumerated() {
      linears.append(
        Linear(
          inputs: index == 0 ? inputSize : sizes[index - 1], outputs: size, rectified: true, random: &random))
      norms.append(LayerNorm(size))
    }
  }

  package var inputSize: Int { linears[0].inputs }
  package var latentSize: Int { linears[linears.count - 1].outputs }
  package func stepCount(of length: Int) -> Int { length }

  /// What the two layers of each block kept.
  package struct Cache: Sendable {
    var blocks: [(linear: Linear<Scalar>.Cache, norm: LayerNorm<Scalar>.Cache)] = []
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    var cache = Cache()
    var h = x
    for (linear, norm) in zip(linears, norms) {
      let mapped = linear.forward(h, &context)
      let normalised = norm.forward(mapped.output, &context)
      cache.blocks.append((mapped.cache, normalised.cache))
      h = normalised.output
    }
    return (h, cache)
  }

  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout SpectralEncoder
  ) -> Tensor<Scalar> {
    let d = backwardToFirst(dOutput, cache, into: &gradient)
    return linears[0].backward(d, cache.blocks[0].linear, into: &gradient.linears[0])
  }

  package func accumulate(_ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout SpectralEncoder) {
    let d = backwardToFirst(dOutput, cache, into: &gradient)
    linears[0].accumulate(d, cache.blocks[0].linear, into: &gradient.linears[0])
  }

  /// The gradient of the first map's output; everything behind it is done.
  @specialized(where Scalar == Float)
  private func backwardToFirst(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout SpectralEncoder
  ) -> Tensor<Scalar> {
    var d = dOutput
    for index in linears.indices.reversed() {
      let block = cache.blocks[index]
      d = norms[index].backward(d, block.norm, into: &gradient.norms[index])
      if index > 0 { d = linears[index].backward(d, block.linear, into: &gradient.linears[index]) }
    }
    return d
  }

  @specialized(where Scalar == Float)
  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    for index in linears.indices {
      try linears[index].visit(join(path, "block\(index).linear"), body)
      try norms[index].visit(join(path, "block\(index).norm"), body)
    }
  }
}

/// How ``SpectralEncoder`` is called and set.
package struct SpectralEncoderFamily: EncoderFamily {
  package let name = "spectral"
  package let summary = "a small network on every step of a band spectrogram"
  package static let sizes = Setting<[Int]>.integers(
    "sizes", "outputs of each layer, the last the size of a latent", default: [256, 128, 64], count: 1...8,
    in: 1...4096)

  package init() {}

  package var settings: [SettingDescription] { [Self.sizes.description] }

  package func largestLayer(_ settings: Settings, inputSize: Int) -> Int {
    let sizes = [inputSize] + settings[Self.sizes]
    return zip(sizes, sizes.dropFirst()).map { $0 * $1 }.max() ?? 0
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, inputSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Encoder<Scalar> {
    SpectralEncoder<Scalar>(inputSize: inputSize, sizes: settings[Self.sizes], random: &random)
  }
}
