import NeuralNet
import Support
import Testing

@testable import CPC

/// A batch that ``RawEncoder`` takes in several portions gives what its windows give one by one.
struct RawEncoderTests {
  /// A window's widest layer has 104,000 x 5 numbers, so a portion is two windows and the batch three of them.
  private static let samples = 520_000

  private static func make() -> (encoder: RawEncoder<Float>, x: Tensor<Float>) {
    var random = RandomSource(seed: 5)
    let encoder = RawEncoder<Float>(inputSize: 1, channels: 5, random: &random)
    return (encoder, Tensor(uniformWithin: 1, shape: [5, samples, 1], random: &random))
  }

  @Test func portionsChangeNoLatents() {
    let (encoder, x) = Self.make()
    var context = ForwardContext.inference
    let (latents, cache) = encoder.forward(x, &context)
    #expect(cache.portions.map { $0.windows } == [0..<2, 2..<4, 4..<5])
    for window in 0..<5 {
      let alone = encoder(x.outer(window..<window + 1))
      #expect((alone - latents.outer(window..<window + 1)).largestMagnitude < 1e-5)
    }
  }

  @Test func portionsAddUpTheirGradients() {
    let (encoder, x) = Self.make()
    var context = ForwardContext.inference
    let (latents, cache) = encoder.forward(x, &context)
    var random = RandomSource(seed: 6)
    let d = Tensor<Float>(uniformWithin: 1, shape: latents.shape, random: &random)
    var (together, accumulated, apart) = (encoder.zeroed(), encoder.zeroed(), encoder.zeroed())
    let dx = encoder.backward(d, cache, into: &together)
    encoder.accumulate(d, cache, into: &accumulated)
    for window in 0..<5 {
      let range = window..<window + 1
      let alone = encoder.forward(x.outer(range), &context)
      let dxAlone = encoder.backward(d.outer(range), alone.cache, into: &apart)
      #expect((dxAlone - dx.outer(range)).largestMagnitude < 1e-4 * dx.largestMagnitude)
    }
    let expected = apart.parameters
    for (index, parameter) in together.parameters.enumerated() {
      let scale = expected[index].tensor.largestMagnitude
      #expect((parameter.tensor - expected[index].tensor).largestMagnitude < 1e-3 * scale)
      #expect(parameter.tensor == accumulated.parameters[index].tensor)
    }
  }
}
