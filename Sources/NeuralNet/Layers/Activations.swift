/// An elementary function applied to every element, of any shape.
///
/// The layers ``ReLU``, ``GELU`` and ``Tanh`` are this with their function filled in: a layer without parameters whose
/// cache is one tensor, shared and not copied.
package protocol Activation: Layer where Cache == Tensor<Scalar> {
  static var function: ElementaryFunction { get }
}

extension Activation {
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Tensor<Scalar>
  ) {
    let y = x.mapped(Self.function)
    return (y, Self.function.savesOutput ? y : x)
  }

  // y_i = f(x_i), so dL/dx_i = dL/dy_i f'(x_i). The kernel writes f' by y where that is cheaper:
  //   ReLU: f' = [y > 0]     tanh: f' = 1 - y^2
  //   GELU: f = x Phi(x), f' = Phi(x) + x phi(x) with the normal distribution and density
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Tensor<Scalar>, into gradient: inout Self
  ) -> Tensor<Scalar> {
    precondition(
      dOutput.shape == cache.shape, "gradient of shape \(dOutput.shape) for an output of shape \(cache.shape)"
    )
    return Tensor(written: cache.shape) {
      Scalar.mapBackward(Self.function, cache.count, dOutput.storage, saved: cache.storage, $0)
    }
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {}
}

/// `y = max(0, x)`; the slope at 0 is 0, as in PyTorch. NaN stays NaN.
package struct ReLU<Scalar: TensorScalar>: Activation {
  package static var function: ElementaryFunction { .relu }
  package init() {}
}

/// `y = x Phi(x)` with the normal distribution by erf, not its tanh approximation (Hendrycks and Gimpel,
/// "Gaussian error linear units", 2016, first form).
package struct GELU<Scalar: TensorScalar>: Activation {
  package static var function: ElementaryFunction { .gelu }
  package init() {}
}

/// `y = tanh(x)`.
package struct Tanh<Scalar: TensorScalar>: Activation {
  package static var function: ElementaryFunction { .tanh }
  package init() {}
}
