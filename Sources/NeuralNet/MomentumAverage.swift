/// A model that follows another slowly: average = decay average + (1 - decay) model.
///
/// The momentum encoder of MoCo (He et al., CVPR 2020, equation 2) and PCL, and the averaged weights of an
/// evaluation. Buffers (running statistics) are averages already and are copied.
package struct MomentumAverage<Model: Parameterized> {
  package private(set) var average: Model
  /// In [0, 1]; 0.999 follows over about a thousand steps.
  package var decay: Double

  /// Begins at `model`.
  package init(of model: Model, decay: Double) {
    precondition((0...1).contains(decay), "decay \(decay) is not in 0 ... 1")
    average = model
    self.decay = decay
  }

  /// Follows `model` by one step.
  package mutating func update(with model: Model) {
    let targets = model.parameters
    var position = 0
    let decay = decay
    average.visit("") { name, role, tensor in
      let target = targets[position]
      precondition(
        target.name == name && target.tensor.shape == tensor.shape,
        "the model's '\(target.name)' of shape \(target.tensor.shape) is not the average's '\(name)' of \(tensor.shape)"
      )
      position += 1
      if role == .buffer {
        tensor = target.tensor
      } else {
        tensor.scale(by: Model.Scalar(decay))
        tensor.add(target.tensor, scaledBy: Model.Scalar(1 - decay))
      }
    }
  }
}

extension MomentumAverage: Sendable where Model: Sendable {}

extension MomentumAverage: Parameterized {
  package typealias Scalar = Model.Scalar

  /// The walk over the average, for checkpoints.
  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try average.visit(path, body)
  }
}
