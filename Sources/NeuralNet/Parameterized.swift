/// What a tensor of a model is for; optimizers and checkpoints treat the roles differently.
package enum ParameterRole: Sendable {
  /// A matrix or kernel: trained, decayed.
  case weight
  /// A bias, or the scale or shift of a normalisation: trained, usually not decayed.
  case bias
  /// State that is saved but not trained, such as running statistics.
  case buffer
}

/// A value that holds tensors which can be walked in place, by name, in a fixed order.
///
/// The gradient of a model is another value of the model's own type, and so are its momentum and its
/// moving average: one walk serves optimizers, checkpoints, clipping and tests.
package protocol Parameterized<Scalar> {
  associatedtype Scalar: TensorScalar

  /// Calls `body` with each tensor. Names are dotted paths that begin with `path` (empty at the root).
  mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows
}

extension Parameterized {
  /// The tensors by name, in the order of the walk. Shares storage with the model: no elements are copied.
  package var parameters: [(name: String, role: ParameterRole, tensor: Tensor<Scalar>)] {
    var result: [(name: String, role: ParameterRole, tensor: Tensor<Scalar>)] = []
    var walker = self
    walker.visit("") { name, role, tensor in result.append((name, role, tensor)) }
    return result
  }

  /// The same structure filled with zeros: the starting value of a gradient.
  package func zeroed() -> Self {
    var result = self
    result.visit("") { _, _, tensor in tensor = Tensor(zeros: tensor.shape) }
    return result
  }

  /// Number of trained scalars.
  package var parameterCount: Int {
    parameters.reduce(0) { $0 + ($1.role == .buffer ? 0 : $1.tensor.count) }
  }
}

/// Joins a walk's path and a member's name: `join("", "gru") == "gru"`, `join("gru", "bias") == "gru.bias"`.
package func join(_ path: String, _ name: String) -> String {
  path.isEmpty ? name : path + "." + name
}
