import Glibc

extension Parameterized {
  /// Euclidean norm of all trained tensors together; infinite or NaN if any entry is.
  package var norm: Double {
    parameters.reduce(0) { $1.role == .buffer ? $0 : hypot($0, $1.tensor.safeNorm) }
  }
}

/// Scales `gradient` down so that its global norm is at most `maximum`, and returns the norm that it had:
/// g = g min(1, maximum / (norm + 1e-6)). Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
/// ICML 2013, algorithm 1; the 1e-6 is PyTorch's.
///
/// A norm that is not finite is returned as it is and `gradient` is left alone: the caller decides what a diverged step
/// means. Scaling by it would turn every entry into zero or NaN and hide which one was at fault.
package func clipGradientNorm<M: Parameterized>(_ gradient: inout M, maximum: Double) -> Double {
  precondition(maximum > 0, "a gradient cannot be clipped to the norm \(maximum)")
  let norm = gradient.norm
  let factor = maximum / (norm + 1e-6)
  guard norm.isFinite, factor < 1 else { return norm }
  gradient.visit("") { _, role, tensor in
    if role != .buffer { tensor.scale(by: M.Scalar(factor)) }
  }
  return norm
}

extension Tensor {
  /// The Euclidean norm, also where squares overflow or underflow in `Scalar`.
  fileprivate var safeNorm: Double {
    let square = Double(squaredNorm)
    if square.isFinite && square >= 1e-30 { return square.squareRoot() }
    let size = Double(largestMagnitude)
    if size == 0 || !size.isFinite { return size }
    return size * storage.reduce(0) { $0 + (Double($1) / size) * (Double($1) / size) }.squareRoot()
  }
}
