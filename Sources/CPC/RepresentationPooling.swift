import NeuralNet

/// One vector for a whole sequence: `[mean of z, deviation of z, mean of c]` over its steps.
///
///     e = [ m, s, 1/L sum_t c_t ]      m = 1/L sum_t z_t      s = sqrt(1/L sum_t (z_t - m)^2 + 1e-6)
///
/// z `[row, step, D]`, c `[row, step, H]`, e `[row, 2 D + H]`. The small term keeps the deviation differentiable where a
/// latent is constant.
package enum RepresentationPooling {
  static var floor: Double { 1e-6 }

  /// What `backward` needs.
  package struct Cache<Scalar: TensorScalar>: Sendable {
    let latents: Tensor<Scalar>
    let contextSize: Int
    let mean: Tensor<Scalar>
    let deviation: Tensor<Scalar>
  }

  package static func forward<Scalar: TensorScalar>(
    latents z: Tensor<Scalar>, contexts c: Tensor<Scalar>
  ) -> (embedding: Tensor<Scalar>, cache: Cache<Scalar>) {
    precondition(
      z.rank == 3 && c.rank == 3 && z.shape[0] == c.shape[0] && z.shape[1] == c.shape[1],
      "latents \(z.shape) and contexts \(c.shape) are not [row, step, channel] of equal rows and steps")
    let (rows, steps, size) = (z.shape[0], z.shape[1], z.shape[2])
    var mean = Tensor<Scalar>(zeros: [rows, size])
    var deviation = mean
    for row in 0..<rows {
      // Invariant: row's block of z is steps * size long, of the statistics size long.
      z.storage.withUnsafeBufferPointer { z in
        mean.storage.withUnsafeMutableBufferPointer { mean in
          deviation.storage.withUnsafeMutableBufferPointer { variance in
            Scalar.columnMoments(
              steps, size, z.baseAddress! + row * steps * size, mean: mean.baseAddress! + row * size,
              variance: variance.baseAddress! + row * size)
          }
        }
      }
    }
    for index in deviation.storage.indices {
      deviation.storage[index] = (deviation.storage[index] + Scalar(floor)).squareRoot()
    }
    let context = Tensor<Scalar>(written: [rows, c.shape[2]]) {
      Scalar.meanPool(rows, steps, c.shape[2], c.storage, $0)
    }
    let cache = Cache(latents: z, contextSize: c.shape[2], mean: mean, deviation: deviation)
    return (Tensor.concatenated([mean, deviation, context], axis: 1), cache)
  }

  // dm/dz_t = 1/L and ds/dz_t = (z_t - m) / (L s), the mean's own share cancelling because the z_t - m sum to zero:
  //   dL/dz_t = dL/dm / L + dL/ds (z_t - m) / (L s)        dL/dc_t = dL/de_c / L
  package static func backward<Scalar: TensorScalar>(
    _ dEmbedding: Tensor<Scalar>, _ cache: Cache<Scalar>
  ) -> (dLatents: Tensor<Scalar>, dContexts: Tensor<Scalar>) {
    let z = cache.latents
    let (rows, steps, size) = (z.shape[0], z.shape[1], z.shape[2])
    precondition(
      dEmbedding.shape == [rows, 2 * size + cache.contextSize],
      "gradient \(dEmbedding.shape) of an embedding [\(rows), \(2 * size + cache.contextSize)]")
    let shift = (1 / Scalar(steps)) * dEmbedding.slice(0..<size, axis: 1)
    var factor = (1 / Scalar(steps)) * dEmbedding.slice(size..<2 * size, axis: 1)
    for index in factor.storage.indices { factor.storage[index] /= cache.deviation.storage[index] }
    let dLatents = Tensor<Scalar>(written: z.shape) { dz in
      for row in 0..<rows {
        // Invariant: as in forward.
        let (block, statistics) = (row * steps * size, row * size)
        z.storage.withUnsafeBufferPointer { z in
          cache.mean.storage.withUnsafeBufferPointer { mean in
            factor.storage.withUnsafeBufferPointer { factor in
              shift.storage.withUnsafeBufferPointer { shift in
                Scalar.columnAffine(
                  steps, size, z.baseAddress! + block, center: mean.baseAddress! + statistics,
                  factor: factor.baseAddress! + statistics, shift: shift.baseAddress! + statistics, dz + block
                )
              }
            }
          }
        }
      }
    }
    let dContext = dEmbedding.slice(2 * size..<2 * size + cache.contextSize, axis: 1)
    let dContexts = Tensor<Scalar>(written: [rows, steps, cache.contextSize]) {
      Scalar.meanPoolBackward(rows, steps, cache.contextSize, dContext.storage, $0)
    }
    return (dLatents, dContexts)
  }
}
