import CKernels
import NeuralNet
import Support

/// Latents, or their gradients, as the kernels of candidates read and write them: every row filled up with zeros to whole vectors,
/// from a line of the cache on.
///
/// `@unchecked Sendable`: rows are written by the initializer or by the one thread that made them, before others see them.
final class CandidateRows<Scalar: TensorScalar>: @unchecked Sendable {
  let count: Int
  let size: Int
  /// From one row to the next.
  let stride: Int
  private let memory: Workspace<Scalar>
  var base: Scalar.Output { memory.base }

  private init(room count: Int, size: Int) {
    let whole = Int(FD_CANDIDATE_STRIDE)
    (self.count, self.size, stride) = (count, size, (size + whole - 1) / whole * whole)
    memory = Workspace(count * stride)
  }

  convenience init(zeros count: Int, size: Int) {
    self.init(room: count, size: size)
    Scalar.fill(count * stride, 0, base)
  }

  /// The innermost rows of a tensor.
  convenience init(_ rows: Tensor<Scalar>, threads: Int = 1) {
    self.init(room: rows.rows, size: rows.columns)
    if stride > size { Scalar.fill(count * stride, 0, base) }
    rows.storage.withUnsafeBufferPointer { x in
      // Invariant: each run writes its own rows.
      nonisolated(unsafe) let (x, y) = (x.baseAddress!, base)
      Parallel.forEachRun(of: count, threads: threads) { [size, stride] run in
        Scalar.copyBlock(
          run.count, size, x + run.lowerBound * size, stride: size, to: y + run.lowerBound * stride,
          stride: stride)
      }
    }
  }

  /// The sum of rows of equal count and size, in their order, as a tensor of that many rows.
  static func sum(_ parts: [CandidateRows], shape: [Int], threads: Int) -> Tensor<Scalar> {
    let (first, others) = (parts[0], parts.dropFirst())
    return Tensor(written: shape) { sum in
      // Invariant: each run writes its own rows.
      nonisolated(unsafe) let sum = sum
      Parallel.forEachRun(of: first.count, threads: threads) { run in
        let (size, stride) = (first.size, first.stride)
        let (y, start) = (sum + run.lowerBound * size, run.lowerBound * stride)
        Scalar.copyBlock(run.count, size, first.base + start, stride: stride, to: y, stride: size)
        for part in others {
          Scalar.addBlock(run.count, size, part.base + start, stride: stride, to: y, stride: size)
        }
      }
    }
  }
}

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
