import Foundation
import NeuralNet
import Support

/// One clustering of all windows into K prototypes, with how tightly each prototype's windows lie around it.
///
///     phi_k = sum over v in cluster k of |v - c_k| / (n_k log(n_k + 10))
///
/// (Li et al. 2020, arXiv 2005.04966, equation 12, alpha = 10.) c `[K, D]` are the centres of k-means brought to unit length,
/// v unit vectors. A cluster of one window or none takes the largest phi, all are clipped to their 10th and 90th percentile
/// and rescaled so that their mean is the temperature: a loose cluster is pulled together, a tight one let go, and none
/// collapses. Everything is a buffer: found anew each epoch, saved, never trained.
package struct PrototypeLevel<Scalar: TensorScalar>: Parameterized, Sendable, Equatable {
  /// c, `[K, D]`.
  package private(set) var centers: Tensor<Scalar>
  /// phi, `[K]`; zero before the first clustering.
  package private(set) var concentrations: Tensor<Scalar>
  /// Cluster of every window, `[N]`.
  private var assigned: Tensor<Scalar>

  /// - `clusters`: K, at most one a window.
  package init(clusters: Int, size: Int, windowCount: Int) {
    let count = max(1, min(clusters, windowCount))
    centers = Tensor(zeros: [count, size])
    concentrations = Tensor(zeros: [count])
    assigned = Tensor(zeros: [windowCount])
  }

  package var count: Int { centers.shape[0] }
  package var isFitted: Bool { concentrations.storage.allSatisfy { $0 > 0 } }

  /// Clusters of windows, by number.
  package func clusters(of windows: [Int]) -> [Int] { windows.map { Int(assigned.storage[$0]) } }

  /// Clusters the embeddings of all windows, unit vectors `[N, D]`.
  @specialized(where Scalar == Float)
  package mutating func fit(
    _ rows: Tensor<Scalar>, temperature: Double, threads: Int, random: inout RandomSource
  ) {
    precondition(
      rows.shape == [assigned.count, centers.columns],
      "\(rows.shape) are not the embeddings of \(assigned.count) windows in \(centers.columns) dimensions")
    let found = KMeans(rows, clusters: count, iterations: 20, threads: threads, random: &random)
    centers = UnitLength<Scalar>()(found.centers)
    assigned = Tensor(found.assignments.map { Scalar($0) }, shape: assigned.shape)
    let values = Self.concentrations(
      rows, centers: centers, assignments: found.assignments, temperature: temperature)
    concentrations = Tensor(values.map { Scalar($0) }, shape: [count])
  }

  @specialized(where Scalar == Float)
  static func concentrations(
    _ rows: Tensor<Scalar>, centers: Tensor<Scalar>, assignments: [Int], temperature: Double
  ) -> [Double] {
    let size = centers.columns
    var sums = [Double](repeating: 0, count: centers.shape[0])
    var counts = sums
    for (row, k) in assignments.enumerated() {
      var squared = 0.0
      for d in 0..<size {
        let difference = Double(rows.storage[row * size + d] - centers.storage[k * size + d])
        squared += difference * difference
      }
      sums[k] += squared.squareRoot()
      counts[k] += 1
    }
    let raw = zip(sums, counts).map { $1 > 1 ? $0 / ($1 * log($1 + 10)) : 0 }
    let largest = raw.max() ?? 0
    let filled = zip(raw, counts).map { $1 > 1 ? $0 : largest }
    let (low, high) = (percentile(filled, 0.1), percentile(filled, 0.9))
    let clipped = filled.map { min(max($0, low), high) }
    let mean = clipped.reduce(0, +) / Double(clipped.count)
    // Clusters of identical windows have no extent to compare; a single tight one among others keeps a least share.
    guard mean > 1e-12 else { return clipped.map { _ in temperature } }
    return clipped.map { temperature * max($0 / mean, 0.01) }
  }

  /// Linear between the neighbouring values in order, as NumPy's.
  static func percentile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let lower = Int(place)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
  }

  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try body(join(path, "centers"), .buffer, &centers)
    try body(join(path, "concentrations"), .buffer, &concentrations)
    try body(join(path, "assigned"), .buffer, &assigned)
  }
}
