import NeuralNet
import Support

/// Groups of rows around centres: Lloyd's iterations from centres that k-means++ chose.
///
///     minimise sum over i of |x_i - c_{a(i)}|^2        a(i) = argmin over k of |x_i - c_k|^2 (the lowest k of equals)
///
/// x `[N, D]`, c `[K, D]`. Distances come from one matrix product a portion of rows, |x|^2 - 2 x.c + |c|^2. A centre that lost
/// all its rows takes the row farthest from its own centre, as scikit-learn does. Lloyd, "Least squares quantization in PCM",
/// 1982; seeding by Arthur and Vassilvitskii, "k-means++", SODA 2007. Same rows and seed, same bytes for any number of threads.
package struct KMeans<Scalar: TensorScalar>: Sendable, Equatable {
  /// `[K, D]`.
  package private(set) var centers: Tensor<Scalar>
  /// Centre of each row, `[N]`.
  package private(set) var assignments: [Int] = []
  /// Squared distance of each row to its centre, `[N]`.
  package private(set) var squaredDistances: [Scalar] = []
  /// Lloyd's iterations done.
  package private(set) var iterations = 0
  /// Whether the last iteration moved no row to another centre.
  package private(set) var hasConverged = false

  /// Rows of a product; fixed, because how many rows it has may change its last bits, and threads must not.
  private static var portion: Int { 256 }

  /// - `clusters`: K; of fewer distinct rows some centres stay without any.
  /// - `starts`: independent seedings, of which the one with the least ``inertia`` is kept.
  @specialized(where Scalar == Float)
  package init(
    _ rows: Tensor<Scalar>, clusters: Int, starts: Int = 1, iterations limit: Int = 100, threads: Int = 1,
    random: inout RandomSource
  ) {
    precondition(
      rows.rank == 2 && rows.shape[0] > 0 && clusters > 0 && starts > 0,
      "\(rows.shape) rows cannot make \(clusters) clusters in \(starts) starts")
    var best: KMeans?
    for _ in 0..<starts {
      let seeds = Self.seeds(rows, count: clusters, random: &random)
      let found = KMeans(rows, from: rows.gathering(seeds), iterations: limit, threads: threads)
      if found.inertia < best?.inertia ?? .infinity { best = found }
    }
    self = best ?? KMeans(rows, from: rows.gathering([Int](repeating: 0, count: clusters)), iterations: 0)
  }

  /// Lloyd's iterations from given centres `[K, D]`.
  @specialized(where Scalar == Float)
  package init(
    _ rows: Tensor<Scalar>, from start: Tensor<Scalar>, iterations limit: Int = 100, threads: Int = 1
  ) {
    precondition(
      rows.rank == 2 && start.rank == 2 && rows.columns == start.columns,
      "rows \(rows.shape) and centres \(start.shape) differ in size")
    centers = start
    let norms = Self.squaredNorms(rows)
    (assignments, squaredDistances) = Self.nearest(rows, norms, centers, threads)
    while iterations < limit && !hasConverged {
      moveCenters(rows)
      let before = assignments
      (assignments, squaredDistances) = Self.nearest(rows, norms, centers, threads)
      iterations += 1
      hasConverged = assignments == before
    }
  }

  /// Sum of the squared distances.
  package var inertia: Double { squaredDistances.reduce(0) { $0 + Double($1) } }

  /// Rows of each cluster, `[K]`.
  package var counts: [Int] {
    assignments.reduce(into: [Int](repeating: 0, count: centers.shape[0])) { $0[$1] += 1 }
  }

  /// The nearest centre of each row and the squared distance to it.
  package static func nearest(
    _ rows: Tensor<Scalar>, centers: Tensor<Scalar>, threads: Int = 1
  ) -> (assignments: [Int], squaredDistances: [Scalar]) {
    nearest(rows, squaredNorms(rows), centers, threads)
  }

  /// Centres to the means of their rows; the empty ones to the rows worst served.
  @specialized(where Scalar == Float)
  private mutating func moveCenters(_ rows: Tensor<Scalar>) {
    let counts = counts
    var moved = Tensor<Scalar>(zeros: centers.shape)
    moved.addItems(rows, at: assignments)
    let size = centers.columns
    for k in counts.indices where counts[k] > 0 {
      for d in 0..<size { moved.storage[k * size + d] /= Scalar(counts[k]) }
    }
    let empty = counts.indices.filter { counts[$0] == 0 }
    if !empty.isEmpty {
      let worst = squaredDistances.indices.sorted {
        (squaredDistances[$1], $0) < (squaredDistances[$0], $1)
      }
      for (rank, k) in empty.enumerated() {
        // More centres than rows: what is left over stays where it was.
        let source = rank < worst.count ? rows.storage[worst[rank] * size..<(worst[rank] + 1) * size] : nil
        moved.storage.replaceSubrange(
          k * size..<(k + 1) * size, with: source ?? centers.storage[k * size..<(k + 1) * size])
      }
    }
    centers = moved
  }

  @specialized(where Scalar == Float)
  private static func nearest(
    _ rows: Tensor<Scalar>, _ norms: [Scalar], _ centers: Tensor<Scalar>, _ threads: Int
  ) -> (assignments: [Int], squaredDistances: [Scalar]) {
    let count = rows.shape[0]
    let centerNorms = squaredNorms(centers)
    let parts = Parallel.map((count + portion - 1) / portion, threads: threads) { index in
      let range = index * portion..<min((index + 1) * portion, count)
      let dots = Tensor.product(rows.outer(range), centers, transposeB: true)
      return range.map { row -> (Int, Scalar) in
        let first = (row - range.lowerBound) * centerNorms.count
        var best = (0, Scalar.infinity)
        for k in centerNorms.indices {
          let distance = centerNorms[k] - 2 * dots.storage[first + k]
          if distance < best.1 { best = (k, distance) }
        }
        // Rounding may leave a row on its centre slightly below zero.
        return (best.0, max(0, best.1 + norms[row]))
      }
    }
    let all = parts.flatMap { $0 }
    return (all.map { $0.0 }, all.map { $0.1 })
  }

  @specialized(where Scalar == Float)
  private static func squaredNorms(_ rows: Tensor<Scalar>) -> [Scalar] {
    let size = rows.columns
    return rows.storage.withUnsafeBufferPointer { x in
      // Invariant: row's numbers are the `size` from row * size on.
      (0..<rows.rows).map { Scalar.dot(size, x.baseAddress! + $0 * size, x.baseAddress! + $0 * size) }
    }
  }

  /// Rows chosen one by one, each with probability proportional to its squared distance from the nearest one before.
  @specialized(where Scalar == Float)
  private static func seeds(_ rows: Tensor<Scalar>, count: Int, random: inout RandomSource) -> [Int] {
    let norms = squaredNorms(rows)
    var chosen = [random.integer(below: rows.shape[0])]
    var distances = [Double](repeating: .infinity, count: rows.shape[0])
    while chosen.count < count {
      let last = chosen[chosen.count - 1]
      let dots = Tensor.product(rows, rows.outer(last..<last + 1), transposeB: true)
      for row in distances.indices {
        let distance = Double(norms[row] - 2 * dots.storage[row] + norms[last])
        distances[row] = row == last ? 0 : min(distances[row], max(0, distance))
      }
      chosen.append(draw(distances, random: &random))
    }
    return chosen
  }

  /// An index with probability proportional to its weight; uniform where all weights are zero.
  @specialized(where Scalar == Float)
  private static func draw(_ weights: [Double], random: inout RandomSource) -> Int {
    let total = weights.reduce(0, +)
    guard total > 0 else { return random.integer(below: weights.count) }
    var rest = random.uniform(in: 0...total)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}
