import NeuralNet
import Support

/// A residual network along time: a stem, then four stages of residual blocks, each twice as wide as the one before.
///
///     x -> Conv1d -> normalise channels at each step -> max(0, .) -> blocks of stage 1 ... 4 -> z
///
/// He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016 (arXiv 1512.03385), table 1, columns of 18
/// and 34 layers: stages of [2, 2, 2, 2] and [3, 4, 6, 3] basic blocks (`ResidualBlock`), the first block of a stage
/// strided. Departures: convolutions are along time; no pooling, neither behind the stem, whose stride does its work,
/// nor at the end, since CPC wants a sequence; strides are settings, since theirs would leave two steps of forty.
/// Input `[batch, length, channel]`, samples or bands alike, output `[batch, step, 8 width]`.
///
/// Blocks end in rectifiers, which bring all latents close to one direction; `standardized` is as in ``RawEncoder``.
package struct ResNetEncoder<Scalar: TensorScalar>: Encoder {
  package var stem: Conv1d<Scalar>
  package var stemNorm: LayerNorm<Scalar>
  package var blocks: [ResidualBlock<Scalar>] = []
  /// Of the latents; nil leaves them as the last rectifier gives them.
  package var standardization: BatchStandardize<Scalar>?

  /// - `blockCounts`: of the four stages.
  /// - `strides`: of the stem and the four stages.
  @specialized(where Scalar == Float)
  package init(
    inputSize: Int, blockCounts: [Int], width: Int, strides: [Int], standardized: Bool,
    random: inout RandomSource
  ) {
    precondition(
      strides.count == blockCounts.count + 1 && blockCounts.allSatisfy { $0 > 0 },
      "stages of \(blockCounts) blocks with strides \(strides) of stem and stages")
    // Windows overlap by half; a stem that does not stride looks at its neighbours.
    let kernel = max(3, 2 * strides[0])
    stem = Conv1d(
      inputs: inputSize, outputs: width, kernel: kernel, stride: strides[0],
      padding: (kernel - strides[0]) / 2, random: &random)
    stemNorm = LayerNorm(width, rectified: true)
    for (stage, count) in blockCounts.enumerated() {
      for block in 0..<count {
        blocks.append(
          ResidualBlock(
            inputs: blocks.last?.outputs ?? width, outputs: width << stage,
            stride: block == 0 ? strides[stage + 1] : 1, random: &random))
      }
    }
    standardization = standardized ? BatchStandardize(width << (blockCounts.count - 1), affine: false) : nil
  }

  package var inputSize: Int { stem.inputs }
  package var latentSize: Int { blocks[blocks.count - 1].outputs }

  package func stepCount(of length: Int) -> Int {
    blocks.reduce(stem.outputSteps(length)) { $0 > 0 ? $1.outputSteps($0) : 0 }
  }

  /// What the layers kept.
  package struct Cache: Sendable {
    let stem: Conv1d<Scalar>.Cache
    let stemNorm: LayerNorm<Scalar>.Cache
    var blocks: [ResidualBlock<Scalar>.Cache] = []
    var standardization: BatchStandardize<Scalar>.Cache?
  }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    let convolved = stem.forward(x, &context)
    let normalised = stemNorm.forward(convolved.output, &context)
    var cache = Cache(stem: convolved.cache, stemNorm: normalised.cache)
    var h = normalised.output
    for block in blocks {
      let (y, kept) = block.forward(h, &context)
      cache.blocks.append(kept)
      h = y
    }
    if let standardized = standardization?.forward(h, &context) {
      cache.standardization = standardized.cache
      h = standardized.output
    }
    return (h, cache)
  }

  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout ResNetEncoder
  ) -> Tensor<Scalar> {
    stem.backward(backwardToStem(dOutput, cache, into: &gradient), cache.stem, into: &gradient.stem)
  }

  package func accumulate(_ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout ResNetEncoder) {
    stem.accumulate(backwardToStem(dOutput, cache, into: &gradient), cache.stem, into: &gradient.stem)
  }

  /// The gradient of the stem's convolution; everything behind it is done.
  @specialized(where Scalar == Float)
  private func backwardToStem(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout ResNetEncoder
  ) -> Tensor<Scalar> {
    var d = dOutput
    if let standardization, let kept = cache.standardization {
      d = standardization.backward(d, kept, into: &gradient.standardization!)
    }
    for index in blocks.indices.reversed() {
      d = blocks[index].backward(d, cache.blocks[index], into: &gradient.blocks[index])
    }
    return stemNorm.backward(d, cache.stemNorm, into: &gradient.stemNorm)
  }

  package mutating func absorb(_ cache: Cache) {
    if let kept = cache.standardization { standardization?.absorb(kept) }
  }

  @specialized(where Scalar == Float)
  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try stem.visit(join(path, "stem"), body)
    try stemNorm.visit(join(path, "stemNorm"), body)
    for index in blocks.indices { try blocks[index].visit(join(path, "block\(index)"), body) }
    try standardization?.visit(join(path, "standardization"), body)
  }
}

/// How ``ResNetEncoder`` is called and set.
package struct ResNetFamily: EncoderFamily {
  package let name: String
  private let blockCounts: [Int]

  package static let resnet18 = ResNetFamily(name: "resnet18", blockCounts: [2, 2, 2, 2])
  package static let resnet34 = ResNetFamily(name: "resnet34", blockCounts: [3, 4, 6, 3])

  package static let width = Setting<Int>.integer(
    "width", "channels of the first stage; a latent has 8 times as many", default: 16, in: 4...256)
  package static let strides = Setting<[Int]>.integers(
    "strides",
    "of the stem and the four stages; 0 means 10,2,2,2,2 (one step for 160) on samples, 1,1,1,1,1 on spectra",
    default: [0], count: 1...5, in: 0...64)
  package static let standardized = Setting<Bool>.flag(
    "standardized", "bring each channel of the latents to mean 0 and variance 1 over the batch", default: true
  )

  package var summary: String {
    "residual network of \(2 * blockCounts.reduce(0, +) + 2) layers, on samples or band spectrograms"
  }

  package var settings: [SettingDescription] {
    [Self.width.description, Self.strides.description, Self.standardized.description]
  }

  package func largestLayer(_ settings: Settings, inputSize: Int) -> Int {
    let width = settings[Self.width]
    // A kernel of three steps in the last stage, and a stem of seven on the input.
    return max(3 * 8 * width * 8 * width, 7 * inputSize * width)
  }

  package func make<Scalar: TensorScalar>(
    _ settings: Settings, inputSize: Int, random: inout RandomSource, as: Scalar.Type
  ) throws(CPCError) -> any Encoder<Scalar> {
    ResNetEncoder<Scalar>(
      inputSize: inputSize, blockCounts: blockCounts, width: settings[Self.width],
      strides: try strides(settings[Self.strides], inputSize: inputSize),
      standardized: settings[Self.standardized], random: &random)
  }

  private func strides(_ given: [Int], inputSize: Int) throws(CPCError) -> [Int] {
    // One channel is a sample, many are a step of a spectrogram.
    if given == [0] { return inputSize == 1 ? [10, 2, 2, 2, 2] : [1, 1, 1, 1, 1] }
    guard given.count == blockCounts.count + 1, given.allSatisfy({ $0 > 0 }) else {
      throw .badSetting(
        name: "encoder \(name): strides", found: given.map(String.init).joined(separator: ","),
        expected: "0, or \(blockCounts.count + 1) numbers from 1 up")
    }
    return given
  }
}
