import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct RepresentationModelTests {
  /// Every encoder of the registry at a small size, with an input it can take. A new encoder joins here by its name.
  static let cases: [(name: String, settings: [String: SettingValue], input: [Int])] = [
    ("spectral", ["sizes": .integers([7, 5])], [2, 6, 9]),
    ("raw", ["channels": .integer(5)], [2, 800, 1]),
    ("resnet18", ["width": .integer(4)], [2, 6, 5]),
    ("resnet18", ["width": .integer(4), "strides": .integers([4, 1, 2, 2, 1])], [2, 60, 1]),
    ("resnet34", ["width": .integer(4), "strides": .integers([1, 1, 2, 1, 1])], [2, 7, 3]),
  ]

  /// Differences cost a pass for each entry: of deep networks, which repeat one block, few entries of each tensor. They
  /// have rectifiers by the thousand, so steps must be short to cross few kinks, which leaves fewer digits;
  /// `ResNetGoldenTests` compares the same gradients at 1e-9.
  static func check(_ index: Int) -> GradientCheck {
    cases[index].name.hasPrefix("resnet")
      ? GradientCheck(tolerance: 1e-6, step: 1e-6, samples: 2) : GradientCheck()
  }

  static func model(_ index: Int) throws -> RepresentationModel<Double> {
    var random = RandomSource(seed: 3)
    let (name, settings, input) = cases[index]
    let encoder = try Encoders.make(
      Choice(name, settings), inputSize: input[2], random: &random, as: Double.self)
    var model = RepresentationModel(
      encoder: encoder, autoregressor: GRU(inputs: encoder.latentSize, hidden: 4, random: &random))
    // Away from the identity, so that its place in the chain is tested too.
    model.scaling.mean = randomTensor([input[2]], seed: 4)
    model.scaling.factor = Tensor(repeating: 0.7, shape: [input[2]])
    return model
  }

  @Test func everyEncoderIsTested() {
    #expect(Set(Encoders.all.map { $0.name }) == Set(Self.cases.map { $0.name }))
  }

  @Test(arguments: cases.indices) func encoderKeepsTheLayerContract(index: Int) throws {
    let model = try Self.model(index)
    func violations(_ encoder: some Encoder<Double>, _ mode: ForwardContext.Mode) -> [String] {
      Contracts.violations(
        of: encoder, input: randomTensor(Self.cases[index].input, seed: 9),
        context: ForwardContext(mode: mode, random: RandomSource(seed: 1)), check: Self.check(index))
    }
    #expect(violations(model.encoder, .inference) == [])
    #expect(violations(model.encoder, .training) == [])
    let x: Tensor<Double> = randomTensor(Self.cases[index].input, seed: 9)
    #expect(
      model.encoder.stepCount(of: x.shape[1]) == model.encoder.forwardErased(x, &Self.context).0.shape[1])
  }

  private static var context: ForwardContext {
    get { .inference }
    set {}
  }

  @Test(arguments: cases.indices) func modelGradientsAgreeWithDifferences(index: Int) throws {
    let model = try Self.model(index)
    let x: Tensor<Double> = randomTensor(Self.cases[index].input, seed: 9)
    let (z, c, cache) = model.forward(x, &Self.context)
    let (dz, dc): (Tensor<Double>, Tensor<Double>) = (
      randomTensor(z.shape, seed: 1), randomTensor(c.shape, seed: 2)
    )
    func loss(_ model: RepresentationModel<Double>, _ x: Tensor<Double>) -> Double {
      let (z, c, _) = model.forward(x, &Self.context)
      return z.dot(dz) + c.dot(dc)
    }
    var gradient = model.zeroed()
    let dx = model.backward(dz, dc, cache, into: &gradient)
    let check = Self.check(index)
    #expect(check.failures(of: gradient, at: model) { loss($0, x) } == [])
    #expect(check.failures(of: dx, at: x, name: "input") { loss(model, $0) } == [])
    var added = gradient
    model.accumulate(dz, dc, cache, into: &added)
    for (once, twice) in zip(gradient.parameters, added.parameters) where once.role != .buffer {
      #expect(Golden.mismatch(twice.tensor, 2 * once.tensor, tolerance: 1e-12, name: once.name) == nil)
    }
  }

  @Test(arguments: cases.indices) func embeddingGradientsAgreeWithDifferences(index: Int) throws {
    let model = try Self.model(index)
    let x: Tensor<Double> = randomTensor(Self.cases[index].input, seed: 9)
    let (embedding, cache) = model.embed(x, &Self.context)
    #expect(embedding.shape == [2, model.embeddingSize])
    let direction: Tensor<Double> = randomTensor(embedding.shape, seed: 1)
    var gradient = model.zeroed()
    let dx = model.backwardEmbedding(direction, cache, into: &gradient)
    var check = Self.check(index)
    check.samples = min(check.samples, 12)
    #expect(check.failures(of: gradient, at: model) { $0.embed(x).dot(direction) } == [])
    #expect(check.failures(of: dx, at: x, name: "input") { model.embed($0).dot(direction) } == [])
  }

  /// An embedding is the mean and deviation of z and the mean of c, by their definitions.
  @Test func embeddingIsWhatItSays() {
    let z: Tensor<Double> = randomTensor([2, 5, 3], seed: 5)
    let c: Tensor<Double> = randomTensor([2, 5, 4], seed: 6)
    let e = RepresentationPooling.forward(latents: z, contexts: c).embedding
    for row in 0..<2 {
      for d in 0..<3 {
        let values = (0..<5).map { z.storage[(row * 5 + $0) * 3 + d] }
        let mean = values.reduce(0, +) / 5
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 5
        #expect(abs(e.storage[row * 10 + d] - mean) < 1e-14)
        #expect(abs(e.storage[row * 10 + 3 + d] - (variance + 1e-6).squareRoot()) < 1e-14)
      }
      for h in 0..<4 {
        let mean = (0..<5).map { c.storage[(row * 5 + $0) * 4 + h] }.reduce(0, +) / 5
        #expect(abs(e.storage[row * 10 + 6 + h] - mean) < 1e-14)
      }
    }
  }

  /// A window's embedding does not depend on its company in the batch.
  @Test(arguments: cases.indices) func windowsDoNotSeeEachOther(index: Int) throws {
    let model = try Self.model(index)
    let x: Tensor<Double> = randomTensor(Self.cases[index].input, seed: 9)
    let both = model.embed(x)
    for row in 0..<2 {
      #expect(
        Golden.mismatch(model.embed(x.outer(row..<row + 1)), both.outer(row..<row + 1), tolerance: 1e-12)
          == nil)
    }
  }
}
