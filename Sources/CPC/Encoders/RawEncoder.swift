import NeuralNet
import Support

/// Strided convolutions on the samples themselves: one latent for every 160 samples.
///
///     x -> [Conv1d -> normalise channels at each step -> max(0, .)] five times -> z
///
/// Kernels 10, 8, 4, 4, 4, strides 5, 4, 2, 2, 2, padding 3, 2, 1, 1, 1 (Oord et al. 2018, section 3.1). The paper does
/// not name the normalisation; over channels at each step (`LayerNorm`) no statistic of the batch enters, so a window's
/// latents do not depend on its company. The paper has 512 channels; the default here is sized for two cores.
/// Input `[batch, samples, 1]`, output `[batch, step, channels]`.
///
/// Rectifiers behind one another bring all outputs close to one direction: fresh, latents of different steps have a cosine
/// near 0.98, and on vibration InfoNCE does not leave its plateau within 600 steps. With `standardized`, a departure from
/// the paper, each channel of z is brought to mean 0 and variance 1 over the batch (`BatchStandardize` without scale and
/// shift), which leaves only what differs.
package struct RawEncoder<Scalar: TensorScalar>: Encoder {
  package static var kernels: [Int] { [10, 8, 4, 4, 4] }
  package static var strides: [Int] { [5, 4, 2, 2, 2] }
  package static var paddings: [Int] { [3, 2, 1, 1, 1] }

  package var convolutions: [Conv1d<Scalar>] = []
  package var norms: [LayerNorm<Scalar>] = []
  /// Of the latents; nil leaves them as the last rectifier gives them.
  package var standardization: BatchStandardize<Scalar>?

  @specialized(where Scalar == Float)
  package init(inputSize: Int, channels: Int, standardized: Bool = false, random: inout RandomSource) {
    standardization = standardized ? BatchStandardize(channels, affine: false) : nil
    for (index, kernel) in Self.kernels.enumerated() {
      convolutions.append(
        Conv1d(
          inputs: index == 0 ? inputSize : channels, outputs: channels, kernel: kernel,
          stride: Self.strides[index],
          padding: Self.paddings[index], random: &random))
      norms.append(LayerNorm(channels, rectified: true))
    }
  }

  package var inputSize: Int { convolutions[0].inputs }
  package var latentSize: Int { convolutions[convolutions.count - 1].outputs }

  package func stepCount(of length: Int) -> Int {
    convolutions.reduce(length) { $0 > 0 ? $1.outputSteps($0) : 0 }
  }

  /// What the two layers of a block kept.
  struct Block: Sendable {
    var convolution: Conv1d<Scalar>.Cache
    var norm: LayerNorm<Scalar>.Cache
  }

  package struct Cache: Sendable {
    /// Of each portion of the batch, its blocks.
    var portions: [(windows: Range<Int>, blocks: [Block])] = []
    var standardization: BatchStandardize<Scalar>.Cache?
  }

  /// Numbers of the widest layer's output above which a portion leaves the processor's caches; many fewer make the last
  /// layers' products thin.
  private static var portionSize: Int { 1 << 20 }

  /// Windows that go through all blocks together. No window's latents depend on another's before standardization, and what
  /// one layer made of a few windows is still at hand when the next one reads it.
  private func portions(_ x: Tensor<Scalar>) -> [Range<Int>] {
    let (windows, widest) = (x.shape[0], convolutions[0].outputSteps(x.shape[1]) * latentSize)
    let portion = max(1, Self.portionSize / max(1, widest))
    return stride(from: 0, to: windows, by: portion).map { $0..<min(windows, $0 + portion) }
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    var cache = Cache()
    var latents: [Tensor<Scalar>] = []
    for windows in portions(x) {
      var h = x.outer(windows)
      var blocks: [Block] = []
      for (convolution, norm) in zip(convolutions, norms) {
        let convolved = convolution.forward(h, &context)
        let normalised = norm.forward(convolved.output, &context)
        blocks.append(Block(convolution: convolved.cache, norm: normalised.cache))
        h = normalised.output
      }
      cache.portions.append((windows, blocks))
      latents.append(h)
    }
    var h = Tensor.concatenated(latents, axis: 0)
    if let standardized = standardization?.forward(h, &context) {
      cache.standardization = standardized.cache
      h = standardized.output
    }
    return (h, cache)
  }

  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout RawEncoder
  ) -> Tensor<Scalar> {
    let d = backwardToBlocks(dOutput, cache, into: &gradient)
    return Tensor.concatenated(
      cache.portions.map { windows, blocks in
        let d = backwardToFirst(d.outer(windows), blocks, into: &gradient)
        return convolutions[0].backward(d, blocks[0].convolution, into: &gradient.convolutions[0])
      }, axis: 0)
  }

  package func accumulate(_ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout RawEncoder) {
    let d = backwardToBlocks(dOutput, cache, into: &gradient)
    for (windows, blocks) in cache.portions {
      let d = backwardToFirst(d.outer(windows), blocks, into: &gradient)
      convolutions[0].accumulate(d, blocks[0].convolution, into: &gradient.convolutions[0])
    }
  }

  /// The gradient of what the last block made.
  @specialized(where Scalar == Float)
  private func backwardToBlocks(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout RawEncoder
  ) -> Tensor<Scalar> {
    guard let standardization, let kept = cache.standardization else { return dOutput }
    return standardization.backward(dOutput, kept, into: &gradient.standardization!)
  }

  /// The gradient of the first convolution's output; everything behind it is done.
  @specialized(where Scalar == Float)
  private func backwardToFirst(
    _ dOutput: Tensor<Scalar>, _ blocks: [Block], into gradient: inout RawEncoder
  ) -> Tensor<Scalar> {
    var d = dOutput
    for index in convolutions.indices.reversed() {
      d = norms[index].backward(d, blocks[index].norm, into: &gradient.norms[index])
      if index > 0 {
        d = convolutions[index].backward(d, blocks[index].convolution, into: &gradient.convolutions[index])
      }
    }
    return d
  }

  package mutating func absorb(_ cache: Cache) {
    if let kept = cache.standardization { standardization?.absorb(kept) }
  }

  @specialized(where Scalar == Float)
  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    for index in convolutions.indices {
      try convolutions[index].visit(join(path, "block\(index).convolution"), body)
      try norms[index].visit(join(path, "block\(index).norm"), body)
    }
    try standardization?.visit(join(path, "standardization"), body)
  }
}

/// How ``RawEncoder`` is called and set.
package struct RawEncoderFamily: EncoderFamily {
  package let name = "raw"
  package let summary = "five strided convolutions on the samples, one step for 160 samples"
  package static let channels = Setting<Int>.integer(
    "channels", "channels of every layer, the size of a latent", default: 128, in: 4...1024)

  package static let standardized = Setting<Bool>.flag(
    "standardized", "bring each channel of the latents to mean 0 and variance 1 over the batch", default: true
  )

  package init() {}

  package var settings: [SettingDescription] { [Self.channels.description, Self.standardized.description] }

  package func largestLayer(_ settings: Settings, inputSize: Int) -> Int {
    let channels = settings[Self.channels]
    // The first kernel is the longest, and reads the input.
    return 10 * max(inputSize, channels) * channels
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, inputSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Encoder<Scalar> {
    RawEncoder<Scalar>(
      inputSize: inputSize, channels: settings[Self.channels], standardized: settings[Self.standardized],
      random: &random)
  }
}
