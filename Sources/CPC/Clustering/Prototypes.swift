import NeuralNet
import Support

/// Directions that rows of unit length are compared with: scores `S = Z C^T`.
///
/// Z `[row, D]`, C `[K, D]` with rows of unit length, S `[row, K]` cosines. C is trained like any weight and brought back to
/// unit length by ``normalize()`` after each step (Caron et al. 2020, arXiv 2006.09882, section 3.2).
package struct Prototypes<Scalar: TensorScalar>: Parameterized, Sendable, Equatable {
  /// `[K, D]`.
  package var weight: Tensor<Scalar>

  /// Random directions, uniform on the sphere.
  @specialized(where Scalar == Float)
  package init(count: Int, size: Int, random: inout RandomSource) {
    precondition(count > 0 && size > 0, "\(count) prototypes of size \(size)")
    weight = Tensor((0..<count * size).map { _ in Scalar(random.normal()) }, shape: [count, size])
    normalize()
  }

  package var count: Int { weight.shape[0] }
  package var size: Int { weight.shape[1] }

  package func scores(_ z: Tensor<Scalar>) -> Tensor<Scalar> {
    Tensor.product(z, weight, transposeB: true)
  }

  /// Adds to `gradient` and returns the gradient of z.
  @specialized(where Scalar == Float)
  package func backward(
    _ dScores: Tensor<Scalar>, _ z: Tensor<Scalar>, into gradient: inout Prototypes
  ) -> Tensor<Scalar> {
    gradient.weight.addProduct(dScores, transposeA: true, z)
    return Tensor.product(dScores, weight)
  }

  package mutating func normalize() { weight = UnitLength<Scalar>()(weight) }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "weight"), .weight, &weight)
  }
}
