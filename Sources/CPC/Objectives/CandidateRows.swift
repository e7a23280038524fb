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
