import NeuralNet
import Support
import TestSupport
import Testing

/// Definition and adjoint properties of ``Conv1d`` over a grid that meets every branch of its plan: one and several items
/// a part, with and without padding, kernels of whole and broken rows, kernels shorter than the stride, thin kernels,
/// padding beyond the input, input steps that no tap reaches; outputs in fours, one, two and several parts
/// of them.
struct Conv1dTests {
  struct Case: CustomTestStringConvertible {
    let batch: Int, steps: Int, inputs: Int, outputs: Int, kernel: Int, stride: Int, padding: Int
    var testDescription: String {
      "batch \(batch) steps \(steps) \(inputs)->\(outputs) kernel \(kernel) stride \(stride) padding \(padding)"
    }
  }

  static let cases = [
    Case(batch: 2, steps: 61, inputs: 1, outputs: 37, kernel: 10, stride: 5, padding: 3),
    Case(batch: 3, steps: 40, inputs: 1, outputs: 32, kernel: 7, stride: 2, padding: 0),
    Case(batch: 3, steps: 41, inputs: 5, outputs: 6, kernel: 8, stride: 4, padding: 2),
    Case(batch: 5, steps: 17, inputs: 9, outputs: 4, kernel: 4, stride: 2, padding: 1),
    Case(batch: 2, steps: 1100, inputs: 6, outputs: 3, kernel: 4, stride: 2, padding: 0),
    Case(batch: 2, steps: 600, inputs: 6, outputs: 3, kernel: 3, stride: 1, padding: 1),
    Case(batch: 4, steps: 23, inputs: 6, outputs: 3, kernel: 7, stride: 3, padding: 2),
    Case(batch: 2, steps: 20, inputs: 20, outputs: 3, kernel: 2, stride: 5, padding: 0),
    Case(batch: 2, steps: 3, inputs: 17, outputs: 2, kernel: 5, stride: 2, padding: 4),
    Case(batch: 2, steps: 1, inputs: 4, outputs: 2, kernel: 9, stride: 4, padding: 9),
    Case(batch: 3, steps: 40, inputs: 5, outputs: 6, kernel: 8, stride: 4, padding: 2),
    Case(batch: 3, steps: 48, inputs: 5, outputs: 6, kernel: 8, stride: 4, padding: 2),
    Case(batch: 2, steps: 48, inputs: 5, outputs: 6, kernel: 8, stride: 4, padding: 3),
    Case(batch: 5, steps: 16, inputs: 9, outputs: 4, kernel: 4, stride: 2, padding: 1),
    Case(batch: 2, steps: 16, inputs: 5, outputs: 3, kernel: 8, stride: 4, padding: 2),
    Case(batch: 3, steps: 1200, inputs: 6, outputs: 3, kernel: 4, stride: 2, padding: 1),
    Case(batch: 2, steps: 2056, inputs: 6, outputs: 3, kernel: 4, stride: 2, padding: 1),
    Case(batch: 1, steps: 9, inputs: 18, outputs: 1, kernel: 1, stride: 1, padding: 0),
  ]

  private static func make(_ c: Case) -> (Conv1d<Double>, Tensor<Double>) {
    var random = RandomSource(seed: 11)
    let layer = Conv1d<Double>(
      inputs: c.inputs, outputs: c.outputs, kernel: c.kernel, stride: c.stride, padding: c.padding,
      random: &random)
    return (layer, Tensor(uniformWithin: 1, shape: [c.batch, c.steps, c.inputs], random: &random))
  }

  @Test(arguments: cases) func agreesWithItsDefinition(_ c: Case) {
    let (layer, x) = Self.make(c)
    let outputSteps = (c.steps + 2 * c.padding - c.kernel) / c.stride + 1
    var expected = Tensor<Double>(zeros: [c.batch, outputSteps, c.outputs])
    for b in 0..<c.batch {
      for t in 0..<outputSteps {
        for o in 0..<c.outputs {
          var sum = layer.bias.storage[o]
          for k in 0..<c.kernel {
            let step = t * c.stride + k - c.padding
            guard step >= 0 && step < c.steps else { continue }
            for i in 0..<c.inputs {
              sum +=
                x.storage[(b * c.steps + step) * c.inputs + i]
                * layer.weight.storage[(k * c.inputs + i) * c.outputs + o]
            }
          }
          expected.storage[(b * outputSteps + t) * c.outputs + o] = sum
        }
      }
    }
    let y = layer(x)
    #expect(y.shape == expected.shape)
    #expect((y - expected).largestMagnitude < 1e-12)
  }

  /// Convolution is linear in x and in W, so `<d, conv(x, W)>` must equal `<dx, x>` and `<dW, W>`, for any d.
  @Test(arguments: cases) func backwardIsTheAdjoint(_ c: Case) {
    var (layer, x) = Self.make(c)
    layer.bias.fill(0)
    var context = ForwardContext.inference
    let (y, cache) = layer.forward(x, &context)
    var random = RandomSource(seed: 12)
    let d = Tensor<Double>(uniformWithin: 1, shape: y.shape, random: &random)
    var gradient = layer.zeroed()
    let dx = layer.backward(d, cache, into: &gradient)
    #expect(dx.shape == x.shape)
    #expect(abs(d.dot(y) - dx.dot(x)) < 1e-10)
    #expect(abs(d.dot(y) - gradient.weight.dot(layer.weight)) < 1e-10)
    #expect((gradient.bias - d.columnSums).largestMagnitude < 1e-12)

    var parametersOnly = layer.zeroed()
    layer.accumulate(d, cache, into: &parametersOnly)
    #expect(parametersOnly.weight == gradient.weight && parametersOnly.bias == gradient.bias)
  }

  @Test(arguments: cases) func singleAndDoublePrecisionAgree(_ c: Case) {
    let (layer, x) = Self.make(c)
    var random = RandomSource(seed: 0)
    var single = Conv1d<Float>(
      inputs: c.inputs, outputs: c.outputs, kernel: c.kernel, stride: c.stride, padding: c.padding,
      random: &random)
    single.weight = Tensor(converting: layer.weight)
    single.bias = Tensor(converting: layer.bias)
    #expect((Tensor<Double>(converting: single(Tensor(converting: x))) - layer(x)).largestMagnitude < 1e-5)
  }

  /// The minimal filter adds and subtracts before it multiplies, with coefficients up to 8, and so rounds more than products
  /// alone. Sizes of a CPC encoder's second layer; the largest error, in units of the root mean square of what is right.
  @Test func minimalFilterRoundsLittle() {
    var random = RandomSource(seed: 21)
    let exact = Conv1d<Double>(
      inputs: 128, outputs: 128, kernel: 8, stride: 4, padding: 2, random: &random)
    var single = Conv1d<Float>(
      inputs: 128, outputs: 128, kernel: 8, stride: 4, padding: 2, random: &random)
    single.weight = Tensor(converting: exact.weight)
    single.bias = Tensor(converting: exact.bias)
    let x = Tensor<Float>(uniformWithin: 1, shape: [2, 512, 128], random: &random)
    let d = Tensor<Float>(uniformWithin: 1, shape: [2, 128, 128], random: &random)
    func run<S: TensorScalar>(_ layer: Conv1d<S>) -> [Tensor<Double>] {
      var context = ForwardContext.inference
      let (y, cache) = layer.forward(Tensor(converting: x), &context)
      var gradient = layer.zeroed()
      let dx = layer.backward(Tensor(converting: d), cache, into: &gradient)
      return [y, dx, gradient.weight, gradient.bias].map { Tensor<Double>(converting: $0) }
    }
    for (found, right) in zip(run(single), run(exact)) {
      let scale = (right.dot(right) / Double(right.count)).squareRoot()
      #expect((found - right).largestMagnitude < 2e-5 * scale)
    }
  }
}
