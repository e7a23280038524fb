import Support

/// Initial distributions of weights.
extension Tensor {
  /// Independent uniform values on `[-bound, bound]`, drawn in row-major order.
  @specialized(where Scalar == Float)
  package init(uniformWithin bound: Double, shape: [Int], random: inout RandomSource) {
    let count = shape.reduce(1, *)
    var values: [Scalar] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(Scalar(random.uniform(in: -bound...bound))) }
    self.init(values, shape: shape)
  }
}
