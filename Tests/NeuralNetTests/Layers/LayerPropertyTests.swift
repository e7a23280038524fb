import NeuralNet
import Support
import TestSupport
import Testing

/// What is true of single layers whatever their numbers.
struct LayerPropertyTests {
  private static func normal(_ shape: [Int], seed: UInt64 = 1) -> Tensor<Double> {
    GradientCheck(seed: seed).randomTensor(shape)
  }

  @Test func initialDistributionsAreThoseOfTheDocumentation() {
    var random = RandomSource(seed: 8)
    let linear = Linear<Float>(inputs: 64, outputs: 500, random: &random)
    let conv = Conv1d<Float>(inputs: 16, outputs: 200, kernel: 4, random: &random)
    let gru = GRU<Float>(inputs: 100, hidden: 64, random: &random)
    for tensor in [linear.weight, linear.bias!, conv.weight, conv.bias] + gru.parameters.map({ $0.tensor }) {
      // Uniform on +-1/8: largest value just below the bound, variance bound^2 / 3.
      #expect(tensor.largestMagnitude <= 0.125 && tensor.largestMagnitude > 0.12)
      let variance = tensor.squaredNorm / Float(tensor.count)
      #expect(abs(variance / (0.125 * 0.125 / 3) - 1) < 0.15)
    }
    var again = RandomSource(seed: 8)
    #expect(Linear<Float>(inputs: 64, outputs: 500, random: &again).weight == linear.weight)
  }

  @Test func layerNormRowsHaveMeanZeroAndVarianceOne() {
    let y = LayerNorm<Double>(200)(5 * Self.normal([3, 200]) + Tensor(repeating: 100, shape: [3, 200]))
    for r in 0..<3 {
      #expect(abs(y.item(r).mean) < 1e-12)
      #expect(abs(y.item(r).squaredNorm / 200 - 1) < 1e-5)
    }
  }

  /// A mean of 10,000 standard deviations: the two-pass variance keeps its digits.
  @Test func normalisationsSurviveALargeOffset() {
    let x = Tensor<Float>(converting: Self.normal([64, 32]))
    let offset = Tensor<Float>(repeating: 4096, shape: [64, 32])
    // What is left of x once it has been added to the offset.
    let exact = Tensor<Double>(converting: (x + offset) - offset)
    let norm = Tensor<Double>(converting: LayerNorm<Float>(32)(x + offset))
    #expect((norm - LayerNorm<Double>(32)(exact)).largestMagnitude < 2e-3)
    var context = ForwardContext(mode: .training, random: RandomSource(seed: 0))
    let single = BatchStandardize<Float>(32).forward(x + offset, &context).output
    let double = BatchStandardize<Double>(32).forward(exact, &context).output
    #expect((Tensor<Double>(converting: single) - double).largestMagnitude < 2e-3)
  }

  @Test func gruStatesDoNotSeeTheFuture() {
    var random = RandomSource(seed: 2)
    let gru = GRU<Double>(inputs: 3, hidden: 4, random: &random)
    let x = Self.normal([2, 9, 3])
    let prefix = gru(x.slice(0..<5, axis: 1))
    #expect((gru(x).slice(0..<5, axis: 1) - prefix).largestMagnitude < 1e-14)
    #expect(gru(1e6 * x).largestMagnitude <= 1, "states are convex combinations of values of tanh")
  }

  @Test func dropoutKeepsTheExpectationAndObeysItsSeed() {
    let x = Tensor<Float>(repeating: 2, shape: [40_001])
    let layer = Dropout<Float>(0.25)
    func run(_ seed: UInt64) -> Tensor<Float> {
      var context = ForwardContext(mode: .training, random: RandomSource(seed: seed))
      return layer.forward(x, &context).output
    }
    let y = run(1)
    #expect(Set(y.storage) == [0, 2 / 0.75])
    // Standard deviation of the mean: 2 sqrt(1/3) / 200 = 0.0058.
    #expect(abs(y.mean - 2) < 0.025)
    #expect(y == run(1) && y != run(2))
    #expect(layer(x) == x)
  }

  @Test func unitLengthNeitherOverflowsNorVanishes() {
    let x = Tensor<Float>([3e30, 4e30, 3e-10, 4e-10, 0, 0, -6, 8], shape: [4, 2])
    let y = UnitLength<Float>()(x)
    let expected = Tensor<Float>([0.6, 0.8, 0.6, 0.8, 0, 0, -0.6, 0.8], shape: [4, 2])
    #expect((y - expected).largestMagnitude < 1e-6)
  }

  @Test func maxPoolGivesTheGradientToTheFirstOfEquals() {
    var context = ForwardContext.inference
    let x = Tensor<Float>([1, 5, 5, 2, .nan, 9], shape: [2, 3, 1])
    let (y, cache) = MaxPool<Float>().forward(x, &context)
    #expect(y.storage[0] == 5 && y.storage[1].isNaN)
    var none = MaxPool<Float>()
    let dx = MaxPool<Float>().backward(Tensor([7, 8], shape: [2, 1]), cache, into: &none)
    #expect(dx.storage == [0, 7, 0, 0, 8, 0])
  }

  @Test func compositionsPassStatisticsOn() {
    var random = RandomSource(seed: 3)
    let block = Chain(Linear<Double>(inputs: 3, outputs: 3, random: &random), BatchStandardize<Double>(3))
    var stack = Stack([block, block])
    var context = ForwardContext(mode: .training, random: RandomSource(seed: 0))
    let (_, cache) = stack.forward(Self.normal([8, 3]), &context)
    stack.absorb(cache)
    for layer in stack.layers { #expect(layer.second.runningMean.largestMagnitude > 0) }
    #expect(
      stack.parameters.map { $0.name }.prefix(6) == [
        "0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias", "0.1.running_mean", "0.1.running_var",
      ])
    #expect(stack.parameterCount == 2 * (9 + 3 + 6))
  }

  /// The same bytes whether parts of a batch run one after the other or at once.
  @Test func threadsDoNotChangeResults() {
    var random = RandomSource(seed: 4)
    let conv = Conv1d<Float>(inputs: 1, outputs: 40, kernel: 10, stride: 5, padding: 3, random: &random)
    let second = Conv1d<Float>(inputs: 40, outputs: 24, kernel: 4, stride: 2, padding: 1, random: &random)
    let gru = GRU<Float>(inputs: 24, hidden: 16, random: &random)
    let model = Chain(Chain(conv, Chain(LayerNorm<Float>(40, rectified: true), second)), gru)
    let x = Tensor<Float>(converting: Self.normal([8, 400, 1]))
    func run(threads: Int) -> [[Float]] {
      let parts = Parallel.map(4, threads: threads) { part -> [[Float]] in
        var context = ForwardContext.inference
        let (y, cache) = model.forward(x.outer((2 * part)..<(2 * part + 2)), &context)
        var gradient = model.zeroed()
        let dx = model.backward(y, cache, into: &gradient)
        return [y.storage, dx.storage] + gradient.parameters.map { $0.tensor.storage }
      }
      return parts.flatMap { $0 }
    }
    #expect(run(threads: 1) == run(threads: 4))
  }
}
