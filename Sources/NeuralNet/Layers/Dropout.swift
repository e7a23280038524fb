import Support

/// Inverted dropout: in training each element is zeroed with probability `rate` and the others are multiplied by
/// `1 / (1 - rate)`; in inference nothing happens and nothing is drawn.
///
/// Srivastava et al., "Dropout", JMLR 15, 2014, scaled in training as PyTorch does. Any shape. The mask comes from
/// `context.random`, 32 bits an element, two elements a draw, in row-major order.
package struct Dropout<Scalar: TensorScalar>: Layer {
  /// Probability of zeroing, in 0 ..< 1.
  package let rate: Double

  package init(_ rate: Double) {
    precondition(rate >= 0 && rate < 1, "a dropout rate is in 0 ..< 1, found \(rate)")
    self.rate = rate
  }

  /// 1 for each element that was kept; nil if all were.
  package struct Cache: Sendable {
    let keep: [UInt8]?
  }

  private var scale: Scalar { Scalar(1 / (1 - rate)) }

  @specialized(where Scalar == Float)
  package func forward(_ x: Tensor<Scalar>, _ context: inout ForwardContext) -> (
    output: Tensor<Scalar>, cache: Cache
  ) {
    guard context.mode == .training, rate > 0 else { return (x, Cache(keep: nil)) }
    let keep = Self.mask(x.count, rate, &context.random)
    let y = Tensor<Scalar>(written: x.shape) { Scalar.mask(x.count, keep: keep, scale, x.storage, $0) }
    return (y, Cache(keep: keep))
  }

  // y_i = m_i x_i / (1 - rate) with the mask m, so dL/dx_i = dL/dy_i m_i / (1 - rate).
  @specialized(where Scalar == Float)
  package func backward(
    _ dOutput: Tensor<Scalar>, _ cache: Cache, into gradient: inout Dropout
  ) -> Tensor<Scalar> {
    guard let keep = cache.keep else { return dOutput }
    precondition(
      dOutput.count == keep.count,
      "Dropout got a gradient of shape \(dOutput.shape) for an input of \(keep.count) elements")
    return Tensor(written: dOutput.shape) {
      Scalar.mask(dOutput.count, keep: keep, scale, dOutput.storage, $0)
    }
  }

  @specialized(where Scalar == Float)
  private static func mask(_ count: Int, _ rate: Double, _ random: inout RandomSource) -> [UInt8] {
    let threshold = UInt32(rate * 0x1p32)
    return [UInt8](unsafeUninitializedCapacity: count + 1) { keep, initialized in
      // Invariant: pairs are written up to index count at most, for which there is room.
      for i in stride(from: 0, to: count, by: 2) {
        let bits = random.next()
        keep[i] = UInt32(truncatingIfNeeded: bits) >= threshold ? 1 : 0
        keep[i + 1] = UInt32(bits >> 32) >= threshold ? 1 : 0
      }
      initialized = count
    }
  }

  package mutating func visit(
    _ path: String,
    _ body: (_ name: String, _ role: ParameterRole, _ tensor: inout Tensor<Scalar>) throws -> Void
  ) rethrows {}
}
