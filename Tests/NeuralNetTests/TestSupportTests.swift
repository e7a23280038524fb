import Support
import TestSupport
import Testing

@testable import NeuralNet

/// y = w * x^2 + b for each element, with one switch for each way in which a layer may be wrong.
private struct DummyLayer: Layer {
  enum Defect: CaseIterable {
    case none, wrongInputGradient, wrongParameterGradient, setsGradient, draws, notFinite, repeatedName,
      dropsPath
  }
  /// Remembers across calls, which no layer may do.
  final class Counter: @unchecked Sendable { var calls = 0.0 }

  var weight = Tensor<Double>([1.5], shape: [1])
  var bias = Tensor<Double>([-0.5], shape: [1])
  var defect = Defect.none
  let counter = Counter()

  mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Double>) throws -> Void
  ) rethrows {
    let path = defect == .dropsPath ? "" : path
    try body(join(path, "weight"), .weight, &weight)
    try body(join(path, defect == .repeatedName ? "weight" : "bias"), .bias, &bias)
  }

  func forward(
    _ x: Tensor<Double>, _ context: inout ForwardContext
  ) -> (output: Tensor<Double>, cache: Tensor<Double>) {
    counter.calls += 1
    let (w, b) = (weight.storage[0], bias.storage[0])
    let noise = defect == .draws ? counter.calls * 1e-12 : 0
    let y = x.storage.map { x in
      w * x * x + b + noise + (defect == .notFinite && x == 0 ? .infinity : 0)
    }
    return (Tensor(y, shape: x.shape), x)
  }

  func backward(_ dOutput: Tensor<Double>, _ cache: Tensor<Double>, into gradient: inout DummyLayer)
    -> Tensor<Double>
  {
    let pairs = Array(zip(dOutput.storage, cache.storage))
    let dWeight =
      pairs.reduce(0) { $0 + $1.0 * $1.1 * $1.1 } * (defect == .wrongParameterGradient ? 1 + 1e-6 : 1)
    let dBias = dOutput.storage.reduce(0, +)
    if defect == .setsGradient {
      gradient.weight.storage[0] = dWeight
    } else {
      gradient.weight.storage[0] += dWeight
    }
    gradient.bias.storage[0] += dBias
    let slip = defect == .wrongInputGradient ? 1 + 1e-6 : 1
    return Tensor(pairs.map { $0 * 2 * weight.storage[0] * $1 * slip }, shape: cache.shape)
  }
}

@Suite struct TestSupportTests {
  private static let input = GradientCheck(seed: 5).randomTensor([3, 4])

  @Test func aRightLayerKeepsTheContract() {
    #expect(Contracts.violations(of: DummyLayer(), input: Self.input) == [])
  }

  @Test(arguments: [
    (DummyLayer.Defect.wrongInputGradient, "dinput"), (.wrongParameterGradient, "dweight"),
    (.setsGradient, "does not add to weight"), (.draws, "forward passes"),
    (.notFinite, "output is not finite"),
    (.repeatedName, "repeat"), (.dropsPath, "do not begin with the path"),
  ])
  fileprivate func everyDefectIsFound(defect: DummyLayer.Defect, text: String) {
    let violations = Contracts.violations(of: DummyLayer(defect: defect), input: Self.input)
    #expect(violations.contains { $0.contains(text) }, "\(violations)")
  }

  /// A kink within reach of the step is no failure, a wrong slope beside it is.
  @Test func kinksAreToldFromErrors() {
    let x = Tensor<Double>([2e-4, 1, -1], shape: [3])
    let loss = { (x: Tensor<Double>) in x.storage.reduce(0) { $0 + max($1, 0) } }
    let check = GradientCheck()
    #expect(check.failures(of: Tensor([1, 1, 0], shape: [3]), at: x, name: "x", loss: loss) == [])
    let failures = check.failures(of: Tensor([1.001, 1, 0], shape: [3]), at: x, name: "x", loss: loss)
    #expect(failures.map(\.index) == [[0]])
  }

  /// A gradient that is zero where it should be tiny is still found.
  @Test func smallGradientsAreMeasuredByTheirOwnSize() {
    let x = Tensor<Double>([0.3, 0.7], shape: [2])
    let loss = { (x: Tensor<Double>) in 1e-4 * x.storage[0] * x.storage[1] }
    let check = GradientCheck()
    #expect(check.failures(of: Tensor([0.7e-4, 0.3e-4], shape: [2]), at: x, name: "x", loss: loss) == [])
    #expect(check.failures(of: Tensor([0, 0], shape: [2]), at: x, name: "x", loss: loss).count == 2)
    let wrongShape = check.failures(of: Tensor([0], shape: [1]), at: x, name: "x", loss: loss)
    #expect(wrongShape.count == 1 && wrongShape[0].description.contains("[1], not [2]"))
  }

  @Test func goldenComparesWholeArrays() throws {
    let expected = Tensor<Double>([1, 2, 1e-9, .infinity], shape: [2, 2])
    #expect(Golden.mismatch(expected, expected, tolerance: 0) == nil)
    let close = Tensor<Double>([1, 2.000_000_1, 2e-9, .infinity], shape: [2, 2])
    #expect(Golden.mismatch(close, expected, tolerance: 1e-6) == nil)
    let message = try #require(Golden.mismatch(close, expected, tolerance: 1e-9, name: "y"))
    #expect(message.hasPrefix("y[0, 1]: observed 2.0000001, expected 2.0"))
    let nan = Tensor<Double>([1, .nan, 1e-9, .infinity], shape: [2, 2])
    #expect(Golden.mismatch(nan, expected, tolerance: 1e-6) != nil)
    #expect(Golden.mismatch(Tensor<Double>(zeros: [4]), expected, tolerance: 1) != nil)
    let finite = Tensor<Double>([1, 2, 1e-9, 1e300], shape: [2, 2])
    #expect(Golden.mismatch(finite, expected, tolerance: 1e-6) != nil)
    let rounding = Tensor<Double>([1e-18], shape: [1])
    #expect(Golden.mismatch(rounding, Tensor(zeros: [1]), tolerance: 1e-9) != nil)
    #expect(Golden.mismatch(rounding, Tensor(zeros: [1]), tolerance: 1e-9, floor: 1) == nil)
  }

  @Test func goldenFillsAndComparesModels() throws {
    var content = Safetensors()
    content.insert(Tensor<Double>([3], shape: [1]), named: "layer.weight")
    content.insert(Tensor<Float>([4], shape: [1]), named: "layer.bias")
    let golden = GoldenArrays(content: content)
    var layer = DummyLayer()
    #expect(try golden.mismatches(layer, prefix: "layer", tolerance: 1e-12).count == 2)
    try golden.fill(&layer, prefix: "layer")
    #expect(try golden.mismatches(layer, prefix: "layer", tolerance: 1e-12) == [])
    #expect(throws: NeuralNetError.self) { try golden.fill(&layer, prefix: "other") }
    layer.bias = Tensor(zeros: [2])
    #expect(throws: NeuralNetError.self) { try golden.fill(&layer, prefix: "layer") }
  }
}
