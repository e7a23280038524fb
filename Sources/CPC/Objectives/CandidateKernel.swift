import CKernels
import NeuralNet

/// Chooses the C loop of the scalar's precision; both come from one source.
enum CandidateKernel {
  /// Numbers that the kernels need to work with.
  static func room(stride: Int, negatives: Int) -> Int { 16 * stride + 8 * negatives + 16 }

  /// - Parameters:
  ///   - logNoise: of the logistic criterion; nil for softmax.
  ///   - tile: how many predictions that share their negatives are worked on at once, 2 or 8.
  static func rows<Scalar: TensorScalar>(
    _ predictions: UnsafePointer<Scalar>, _ latents: CandidateRows<Scalar>, positives: [Int32],
    negatives: UnsafePointer<Int32>, share: Int, count: Int, logNoise: Scalar?, weight: Scalar,
    work: UnsafeMutablePointer<Scalar>, dPredictions: UnsafeMutablePointer<Scalar>,
    dLatents: CandidateRows<Scalar>, loss: inout Double, ranks: UnsafeMutablePointer<Int32>,
    tile: Int32 = fd_candidate_tile()
  ) {
    let (rows, size, stride) = (Int32(positives.count), Int32(latents.size), Int32(latents.stride))
    let (share, count) = (Int32(share), Int32(count))
    let (z, dz) = (UnsafePointer(latents.base), dLatents.base)
    // Invariant: the raw pointers are read as the very type they were made of; rows are a multiple of `share`, for a
    // window has anchors * K of them and K share their negatives.
    if Scalar.self == Float.self {
      if let logNoise {
        fd_logistic_rows_f32(
          view(predictions), size, view(z), stride, positives, negatives, rows, share, count, Float(logNoise),
          Float(weight), view(work), view(dPredictions), view(dz), &loss, ranks)
      } else if share > 1 {
        fd_infonce_groups_f32(
          view(predictions), size, view(z), stride, positives, negatives, rows / share, share, count,
          tile, Float(weight), view(work), view(dPredictions), view(dz), &loss, ranks)
      } else {
        fd_infonce_rows_f32(
          view(predictions), size, view(z), stride, positives, negatives, rows, count, Float(weight),
          view(work),
          view(dPredictions), view(dz), &loss, ranks)
      }
    } else if Scalar.self == Double.self {
      if let logNoise {
        fd_logistic_rows_f64(
          view(predictions), size, view(z), stride, positives, negatives, rows, share, count,
          Double(logNoise),
          Double(weight), view(work), view(dPredictions), view(dz), &loss, ranks)
      } else if share > 1 {
        fd_infonce_groups_f64(
          view(predictions), size, view(z), stride, positives, negatives, rows / share, share, count,
          tile, Double(weight), view(work), view(dPredictions), view(dz), &loss, ranks)
      } else {
        fd_infonce_rows_f64(
          view(predictions), size, view(z), stride, positives, negatives, rows, count, Double(weight),
          view(work),
          view(dPredictions), view(dz), &loss, ranks)
      }
    } else {
      preconditionFailure("no kernel of candidates for \(Scalar.self)")
    }
  }

  private static func view<From, To>(_ pointer: UnsafePointer<From>) -> UnsafePointer<To> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: To.self)
  }

  private static func view<From, To>(_ pointer: UnsafeMutablePointer<From>) -> UnsafeMutablePointer<To> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: To.self)
  }
}
