import NeuralNet
import Support
import TestSupport
import Testing

/// Outputs and all gradients against PyTorch, in both precisions; the arrays are from `Tools/Reference/Layers.py`.
struct LayerGoldenTests {
  @Test func doublePrecision() throws { try compareAll(Double.self, tolerance: 1e-12) }

  @Test func singlePrecision() throws { try compareAll(Float.self, tolerance: 2e-5) }

  private func compareAll<S: TensorScalar>(_ type: S.Type, tolerance: Double) throws {
    let golden = try Golden.load("Layers")
    var random = RandomSource(seed: 0)
    func compare<L: Layer>(_ name: String, _ layer: L, mode: ForwardContext.Mode = .inference) throws
    where L.Scalar == S {
      try compareCase(golden, name, layer, mode, tolerance)
    }
    try compare("linear", Linear<S>(inputs: 5, outputs: 4, random: &random))
    try compare("linear_without_bias", Linear<S>(inputs: 5, outputs: 4, bias: false, random: &random))
    try compare("linear_rectified", Linear<S>(inputs: 5, outputs: 4, rectified: true, random: &random))
    try compare(
      "conv_thin", Conv1d<S>(inputs: 1, outputs: 33, kernel: 10, stride: 5, padding: 3, random: &random))
    try compare("conv", Conv1d<S>(inputs: 4, outputs: 5, kernel: 8, stride: 4, padding: 2, random: &random))
    try compare(
      "conv_broken_row", Conv1d<S>(inputs: 6, outputs: 3, kernel: 5, stride: 2, padding: 1, random: &random))
    try compare("conv_dense", Conv1d<S>(inputs: 6, outputs: 3, kernel: 3, padding: 1, random: &random))
    try compare("gru", GRU<S>(inputs: 4, hidden: 5, random: &random))
    try compare("gru_one_step", GRU<S>(inputs: 4, hidden: 5, random: &random))
    try compare("layer_norm", LayerNorm<S>(7))
    try compare("layer_norm_rectified", LayerNorm<S>(7, rectified: true))
    try compare("standardize", BatchStandardize<S>(6), mode: .training)
    try compare("standardize_plain", BatchStandardize<S>(6, affine: false), mode: .training)
    try compare("relu", ReLU<S>())
    try compare("gelu", GELU<S>())
    try compare("tanh", Tanh<S>())
    try compare("mean_pool", MeanPool<S>())
    try compare("max_pool", MaxPool<S>())
    try compare("max_pool_middle", MaxPool<S>(axis: 2))
    try compare("unit_length", UnitLength<S>())
    try compare("unit_length_short", UnitLength<S>())
    try compare("mlp", MLP<S>([5, 6, 4, 3], normalized: true, random: &random))
    for affine in [true, false] { try compareStatistics(S.self, golden, affine: affine, tolerance) }
  }

  private func compareCase<L: Layer>(
    _ golden: GoldenArrays, _ name: String, _ layer: L, _ mode: ForwardContext.Mode, _ tolerance: Double
  ) throws {
    var layer = layer
    try layer.visit("\(name).parameters") { name, role, tensor in
      if role != .buffer { tensor = try golden.tensor(name, as: L.Scalar.self) }
    }
    var context = ForwardContext(mode: mode, random: RandomSource(seed: 0))
    let (y, cache) = layer.forward(try golden.tensor("\(name).input", as: L.Scalar.self), &context)
    var gradient = layer.zeroed()
    let dx = layer.backward(try golden.tensor("\(name).doutput", as: L.Scalar.self), cache, into: &gradient)
    for (label, observed) in [("output", y), ("dinput", dx)] {
      let expected = try golden["\(name).\(label)"]
      #expect(
        Golden.mismatch(observed, expected, tolerance: tolerance, name: "\(name).\(label)") == nil)
    }
    let wrong = try golden.mismatches(
      gradient, prefix: "\(name).gradients", tolerance: tolerance, skip: [.buffer])
    #expect(wrong == [])
  }

  /// The running statistics after one training batch, then an inference pass with them.
  private func compareStatistics<S: TensorScalar>(
    _ type: S.Type, _ golden: GoldenArrays, affine: Bool, _ tolerance: Double
  ) throws {
    let name = affine ? "standardize" : "standardize_plain"
    var layer = BatchStandardize<S>(6, affine: affine)
    var context = ForwardContext(mode: .training, random: RandomSource(seed: 0))
    let (_, cache) = layer.forward(try golden.tensor("\(name).input", as: S.self), &context)
    #expect(layer.runningMean == Tensor(zeros: [6]), "a forward pass changes nothing")
    layer.absorb(cache)
    for (label, observed) in [
      ("running_mean", layer.runningMean), ("running_var", layer.runningVariance),
    ] {
      let expected = try golden["\(name).after.\(label)"]
      #expect(Golden.mismatch(observed, expected, tolerance: tolerance, name: label) == nil)
    }
    try compareCase(golden, "\(name)_inference", layer, .inference, tolerance)
  }
}
