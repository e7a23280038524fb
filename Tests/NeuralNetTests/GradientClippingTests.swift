import TestSupport
import Testing

@testable import NeuralNet

@Suite struct GradientClippingTests {
  @Test func agreesWithPyTorch() throws {
    let golden = try Golden.load("Optimizers")
    var gradient = try TwoTensors<Double>(golden, "gradients", step: 0)
    let norm = clipGradientNorm(&gradient, maximum: 1.5)
    #expect(Golden.mismatch(Tensor([norm], shape: [1]), try golden["clip.norm"], tolerance: 1e-12) == nil)
    let expected = try TwoTensors<Double>(golden, "clip")
    #expect(Golden.mismatch(gradient.weight, expected.weight, tolerance: 1e-12) == nil)
    #expect(Golden.mismatch(gradient.bias, expected.bias, tolerance: 1e-12) == nil)
    #expect(gradient.buffer.storage == [3])
  }

  @Test func smallGradientsStay() {
    var gradient = TwoTensors<Float>(weight: [3, 0], bias: [4])
    let before = gradient
    #expect(clipGradientNorm(&gradient, maximum: 5.001) == 5)
    #expect(gradient == before)
    _ = clipGradientNorm(&gradient, maximum: 1)
    #expect(abs(gradient.norm - 1) < 1e-6)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func nonFiniteNormsAreReportedAndNothingIsChanged(value: Float) {
    var gradient = TwoTensors<Float>(weight: [3, value], bias: [4])
    #expect(!clipGradientNorm(&gradient, maximum: 1).isFinite)
    #expect(gradient.weight.storage[0] == 3 && gradient.bias.storage == [4])
  }

  /// Squares that overflow or vanish in single precision, and sums that do in double.
  @Test func normsOfExtremeSize() {
    #expect(abs(TwoTensors<Float>(weight: [3e30, 0], bias: [4e30]).norm / 5e30 - 1) < 1e-6)
    #expect(abs(TwoTensors<Float>(weight: [3e-30, 0], bias: [4e-30]).norm / 5e-30 - 1) < 1e-6)
    #expect(abs(TwoTensors<Double>(weight: [3e200, 0], bias: [4e200]).norm / 5e200 - 1) < 1e-12)
    #expect(TwoTensors<Float>(weight: [0, 0], bias: [0]).norm == 0)
  }
}
