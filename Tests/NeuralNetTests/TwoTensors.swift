import TestSupport

@testable import NeuralNet

/// A weight, a bias and a buffer: the least model on which roles differ.
struct TwoTensors<Scalar: TensorScalar>: Parameterized, Sendable, Equatable {
  var weight: Tensor<Scalar>
  var bias: Tensor<Scalar>
  var buffer = Tensor<Scalar>([3], shape: [1])

  mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "weight"), .weight, &weight)
    try body(join(path, "buffer"), .buffer, &buffer)
    try body(join(path, "bias"), .bias, &bias)
  }

  init(weight: [Scalar], bias: [Scalar]) {
    self.weight = Tensor(weight, shape: [weight.count])
    self.bias = Tensor(bias, shape: [bias.count])
  }

  /// The arrays `<prefix>.weight` and `<prefix>.bias`, or their items `step` where they have a step axis.
  init(_ golden: GoldenArrays, _ prefix: String, step: Int? = nil) throws {
    func part(_ name: String) throws -> Tensor<Scalar> {
      let whole = try golden.tensor(prefix + "." + name, as: Scalar.self)
      return step.map { whole.outer($0..<$0 + 1).reshaped(Array(whole.shape.dropFirst())) } ?? whole
    }
    weight = try part("weight")
    bias = try part("bias")
  }
}
