/// Moves a model along a gradient, which is a value of the model's own type.
///
/// An optimizer's state (momentum and the like) is walked as named tensors, so a checkpoint stores it as it stores
/// a model. State appears at the first update; ``prepare(for:)`` makes it before, for loading. Buffers are not
/// trained and are skipped.
package protocol Optimizer<Scalar>: Parameterized, Sendable {
  /// Updates made so far.
  var stepCount: Int { get set }

  /// Makes zero state for the tensors of `model` and forgets any other.
  mutating func prepare<M: Parameterized>(for model: M) where M.Scalar == Scalar

  /// One step. `learningRate` is that of this step; see ``LearningRateSchedule``.
  mutating func update<M: Parameterized>(_ model: inout M, along gradient: M, learningRate: Double)
  where M.Scalar == Scalar
}

/// One kind of optimizer state: a tensor for each trained tensor of a model, in the order of the model's walk.
package struct OptimizerMoments<Scalar: TensorScalar>: Sendable, Equatable {
  private(set) var names: [String] = []
  var tensors: [Tensor<Scalar>] = []

  package init() {}

  init<M: Parameterized>(zerosFor model: M) where M.Scalar == Scalar {
    for (name, role, tensor) in model.parameters where role != .buffer {
      names.append(name)
      tensors.append(Tensor(zeros: tensor.shape))
    }
  }

  var isEmpty: Bool { names.isEmpty }

  @specialized(where Scalar == Float)
  mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    for i in tensors.indices { try body(join(path, names[i]), .buffer, &tensors[i]) }
  }
}

extension Parameterized {
  /// Walks the trained tensors together with those of `gradient`; `index` counts them from 0.
  mutating func walkTrained(
    along gradient: Self,
    _ body: (_ index: Int, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>, _ gradient: Tensor<Scalar>)
      -> Void
  ) {
    let directions = gradient.parameters
    var (position, trained) = (0, 0)
    visit("") { name, role, tensor in
      precondition(
        position < directions.count && directions[position].name == name
          && directions[position].tensor.shape == tensor.shape,
        "the gradient does not have the model's form at '\(name)' of shape \(tensor.shape)")
      if role != .buffer {
        body(trained, role, &tensor, directions[position].tensor)
        trained += 1
      }
      position += 1
    }
    precondition(
      position == directions.count, "the gradient has \(directions.count) tensors, the model \(position)")
  }
}
