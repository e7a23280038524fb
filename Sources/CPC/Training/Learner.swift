import NeuralNet

/// All that training moves: the model and what its objective trains beside it. One walk serves the optimizer, the
/// gradient's length and the checkpoint.
package struct Learner<O: Objective>: Parameterized, Sendable {
  package typealias Scalar = O.Scalar
  package var model: RepresentationModel<Scalar>
  package var objective: O

  package init(model: RepresentationModel<Scalar>, objective: O) {
    self.model = model
    self.objective = objective
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try model.visit(join(path, "model"), body)
    try objective.visit(join(path, "objective"), body)
  }
}
