import NeuralNet
import Support
import TestSupport
import Testing

/// Runs the layer contract over every layer. To add a layer, add a line to `LayerCase.all`.
struct LayerCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let violations: @Sendable () -> [String]
  /// Largest difference between a batch's outputs and those of its items one at a time.
  let batchDependence: @Sendable () -> Double

  /// `make` draws a layer; its parameters are then moved off their initial values, which may hide an error (a scale of 1).
  init<L: Layer>(
    _ name: String, _ shape: [Int], mode: ForwardContext.Mode = .inference,
    _ make: @escaping @Sendable (inout RandomSource) -> L
  ) where L.Scalar == Double {
    testDescription = name
    let build: @Sendable () -> L = {
      var random = RandomSource(seed: 3)
      var layer = make(&random)
      layer.visit("") { _, role, tensor in
        let noise = Tensor<Double>(uniformWithin: 0.5, shape: tensor.shape, random: &random)
        tensor = role == .buffer ? noise.mapped(.exp) : tensor + noise
      }
      return layer
    }
    violations = {
      let x = GradientCheck(seed: 4).randomTensor(shape)
      let context = ForwardContext(mode: mode, random: RandomSource(seed: 5))
      return Contracts.violations(of: build(), input: x, context: context)
    }
    batchDependence = {
      let layer = build()
      let x = GradientCheck(seed: 6).randomTensor(shape)
      let single = (0..<shape[0]).map { layer(x.outer($0..<($0 + 1))) }
      return (layer(x) - .concatenated(single, axis: 0)).largestMagnitude
    }
  }

  static let all: [LayerCase] = [
    LayerCase("Linear", [3, 4, 5]) { Linear(inputs: 5, outputs: 6, random: &$0) },
    LayerCase("Linear without bias", [7, 5]) { Linear(inputs: 5, outputs: 2, bias: false, random: &$0) },
    LayerCase("Linear rectified", [7, 5]) { Linear(inputs: 5, outputs: 6, rectified: true, random: &$0) },
    LayerCase("Linear, batch of one", [1, 5]) { Linear(inputs: 5, outputs: 3, random: &$0) },
    LayerCase("Conv1d", [3, 21, 5]) {
      Conv1d(inputs: 5, outputs: 4, kernel: 8, stride: 4, padding: 2, random: &$0)
    },
    LayerCase("Conv1d, outputs in fours", [3, 24, 5]) {
      Conv1d(inputs: 5, outputs: 4, kernel: 8, stride: 4, padding: 2, random: &$0)
    },
    LayerCase("Conv1d, broken row", [2, 15, 7]) {
      Conv1d(inputs: 7, outputs: 3, kernel: 5, stride: 2, padding: 1, random: &$0)
    },
    LayerCase("Conv1d, thin", [2, 43, 1]) {
      Conv1d(inputs: 1, outputs: 19, kernel: 10, stride: 5, padding: 3, random: &$0)
    },
    LayerCase("ResidualBlock", [2, 7, 4]) { ResidualBlock(inputs: 4, outputs: 4, random: &$0) },
    LayerCase("ResidualBlock, projected", [2, 7, 3]) {
      ResidualBlock(inputs: 3, outputs: 5, stride: 2, random: &$0)
    },
    LayerCase("GRU", [3, 6, 4]) { GRU(inputs: 4, hidden: 5, random: &$0) },
    LayerCase("GRU, one step", [2, 1, 4]) { GRU(inputs: 4, hidden: 3, random: &$0) },
    LayerCase("GRU, batch of one", [1, 4, 2]) { GRU(inputs: 2, hidden: 3, random: &$0) },
    LayerCase("LayerNorm", [3, 2, 7]) { _ in LayerNorm(7) },
    LayerCase("LayerNorm rectified", [6, 7]) { _ in LayerNorm(7, rectified: true) },
    LayerCase("BatchStandardize, inference", [6, 5]) { _ in BatchStandardize(5) },
    LayerCase("ReLU", [3, 4]) { _ in ReLU() },
    LayerCase("GELU", [3, 4]) { _ in GELU() },
    LayerCase("Tanh", [3, 4]) { _ in Tanh() },
    LayerCase("Dropout, inference", [3, 4]) { _ in Dropout(0.3) },
    LayerCase("MeanPool", [3, 4, 5]) { _ in MeanPool() },
    LayerCase("MeanPool, axis 2", [3, 4, 5]) { _ in MeanPool(axis: 2) },
    LayerCase("MaxPool", [3, 4, 5]) { _ in MaxPool() },
    LayerCase("MaxPool, axis 2", [2, 3, 4, 2]) { _ in MaxPool(axis: 2) },
    LayerCase("UnitLength", [3, 5]) { _ in UnitLength() },
    LayerCase("Chain", [3, 5]) { Chain(Linear(inputs: 5, outputs: 4, random: &$0), Tanh()) },
    LayerCase("Stack", [3, 4]) { random in
      Stack((0..<3).map { _ in Linear(inputs: 4, outputs: 4, random: &random) })
    },
    LayerCase("Stack of none", [3, 4]) { _ in Stack<Tanh<Double>>([]) },
    LayerCase("MLP", [6, 5]) { MLP([5, 7, 4, 3], normalized: true, random: &$0) },
    LayerCase("MLP without hidden layers", [6, 5]) { MLP([5, 3], random: &$0) },
  ]

  /// Layers that see the whole batch, or draw, while they train.
  static let training: [LayerCase] = [
    LayerCase("BatchStandardize", [6, 5], mode: .training) { _ in BatchStandardize(5) },
    LayerCase("BatchStandardize of steps", [3, 4, 5], mode: .training) { _ in BatchStandardize(5) },
    LayerCase("BatchStandardize, plain", [6, 5], mode: .training) { _ in BatchStandardize(5, affine: false) },
    LayerCase("Dropout", [3, 5], mode: .training) { _ in Dropout(0.4) },
  ]
}

struct LayerContractTests {
  @Test(arguments: LayerCase.all + LayerCase.training) func keepsTheContract(_ layer: LayerCase) {
    #expect(layer.violations() == [])
  }

  @Test(arguments: LayerCase.all) func itemsOfABatchAreIndependent(_ layer: LayerCase) {
    #expect(layer.batchDependence() < 1e-13)
  }
}
