import Foundation
import NeuralNet

/// How spread out latents are: the signs by which a collapse shows before the loss tells.
///
/// Taken from view 0, at most 256 latents evenly from the batch. With u = z / |z|:
///
///     alignment  = mean over neighbouring steps of |u_t - u_{t+1}|^2          0 (all alike) ... 4
///     uniformity = log mean over pairs i < j of exp(-2 |u_i - u_j|^2)          0 (one point) ... about -4
///     effective rank = exp(-sum p_i log p_i), p = eigenvalues of the covariance of z over their sum     1 ... D
///
/// Wang and Isola, "Understanding contrastive representation learning through alignment and uniformity", 2020 (arXiv
/// 2005.10242), section 4.1, with neighbouring steps as the positive pairs; Roy and Vetterli, "The effective rank",
/// EUSIPCO 2007, with eigenvalues of the covariance for singular values.
package struct RepresentationStatistics: Sendable, Equatable {
  package var alignment: Double
  package var uniformity: Double
  package var effectiveRank: Double
  /// Root of the mean variance of a latent's components.
  package var deviation: Double

  static var sampleLimit: Int { 256 }

  package init(_ representations: Representations<Float>) {
    let (size, steps) = (representations.latentSize, representations.stepCount)
    let rows = representations.windowCount * steps
    func latent(_ row: Int) -> [Double] {
      representations.latents.storage[row * size..<(row + 1) * size].map { Double($0) }
    }
    let stride = max(1, (rows + Self.sampleLimit - 1) / Self.sampleLimit)
    let chosen = Array(Swift.stride(from: 0, to: rows, by: stride))
    let sample = chosen.map(latent)
    let units = sample.map(Self.unit)
    let neighbours = chosen.indices.filter { chosen[$0] % steps + 1 < steps }
    let distances = neighbours.map { Self.squaredDistance(units[$0], Self.unit(latent(chosen[$0] + 1))) }
    alignment = distances.reduce(0, +) / Double(max(distances.count, 1))
    uniformity = Self.uniformity(units)
    let covariance = Self.covariance(sample)
    let variance = (0..<size).reduce(0) { $0 + covariance[$1 * size + $1] } / Double(size)
    deviation = variance.squareRoot()
    effectiveRank = Self.effectiveRank(SymmetricEigenvalues.of(covariance, size: size))
  }

  private static func unit(_ z: [Double]) -> [Double] {
    let length = z.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? z.map { $0 / length } : z
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += (a[i] - b[i]) * (a[i] - b[i]) }
    return sum
  }

  private static func uniformity(_ units: [[Double]]) -> Double {
    guard units.count > 1 else { return 0 }
    var sum = 0.0
    for i in 1..<units.count {
      for j in 0..<i { sum += exp(-2 * squaredDistance(units[i], units[j])) }
    }
    return log(sum / Double(units.count * (units.count - 1) / 2))
  }

  /// Row-major `[D, D]`.
  private static func covariance(_ sample: [[Double]]) -> [Double] {
    let size = sample[0].count
    let mean = (0..<size).map { d in sample.reduce(0) { $0 + $1[d] } / Double(sample.count) }
    var result = [Double](repeating: 0, count: size * size)
    for z in sample {
      let d = zip(z, mean).map { $0 - $1 }
      for i in 0..<size {
        for j in 0..<size { result[i * size + j] += d[i] * d[j] / Double(sample.count) }
      }
    }
    return result
  }

  static func effectiveRank(_ eigenvalues: [Double]) -> Double {
    let positive = eigenvalues.filter { $0 > 0 }
    let total = positive.reduce(0, +)
    guard total > 0 else { return 1 }
    return exp(-positive.reduce(0) { $0 + $1 / total * log($1 / total) })
  }
}

/// Eigenvalues of small symmetric matrices by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations,
/// section 8.5): a sweep costs 2 n^3 multiplications and some six sweeps end at rounding.
enum SymmetricEigenvalues {
  /// In no particular order. `matrix` is row-major `[size, size]` and symmetric.
  static func of(_ matrix: [Double], size n: Int) -> [Double] {
    precondition(matrix.count == n * n, "\(matrix.count) entries are no matrix of \(n) x \(n)")
    var a = matrix
    let scale = a.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<30 {
      var off = 0.0
      for i in 0..<n {
        for j in 0..<i { off += a[i * n + j] * a[i * n + j] }
      }
      // Entropy needs no more than this; a matrix that is not finite leaves at once.
      guard off > 1e-20 * scale else { break }
      for p in 0..<n {
        for q in p + 1..<max(n, p + 1) { rotate(&a, n, p, q) }
      }
    }
    return (0..<n).map { a[$0 * n + $0] }
  }

  /// The rotation that makes entry (p, q) zero.
  private static func rotate(_ a: inout [Double], _ n: Int, _ p: Int, _ q: Int) {
    let apq = a[p * n + q]
    guard apq != 0 else { return }
    let theta = (a[q * n + q] - a[p * n + p]) / (2 * apq)
    let t = (theta >= 0 ? 1.0 : -1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<n {
      let (x, y) = (a[k * n + p], a[k * n + q])
      a[k * n + p] = c * x - s * y
      a[k * n + q] = s * x + c * y
    }
    for k in 0..<n {
      let (x, y) = (a[p * n + k], a[q * n + k])
      a[p * n + k] = c * x - s * y
      a[q * n + k] = s * x + c * y
    }
  }
}
