import CKernels
import NeuralNet
import Support

/// A positive is to be nearer than a negative by a margin.
///
///     L = mean over triplets (a, p, n) of max(0, d(a, p) - d(a, n) + alpha)        d(x, y) = ||x - y||^2
///
/// Schroff, Kalenichenko and Philbin 2015 (arXiv 1503.03832), equation 3. One product gives all distances. Triplets
/// that keep the margin count in the mean with zero; a row without a positive or without a negative makes none.
package struct TripletLoss: Sendable, Equatable {
  /// Which triplets a batch makes.
  package enum Mining: String, Sendable, CaseIterable {
    /// For every pair of positives a negative at random.
    case random
    /// For every pair of positives the nearest negative farther than the positive; the farthest of all where none is.
    case semiHard
    /// For every anchor its farthest positive and its nearest negative.
    case hard

    fileprivate var number: Int32 { Int32(Self.allCases.firstIndex(of: self)!) }
  }

  /// alpha.
  package var margin: Double
  package var mining: Mining

  package init(margin: Double = 0.2, mining: Mining = .semiHard) {
    precondition(margin > 0, "the margin must be positive, found \(margin)")
    self.margin = margin
    self.mining = mining
  }

  package struct Outcome<Scalar: TensorScalar>: Sendable {
    package var loss: Double
    package var triplets: Int
    /// Share of the triplets whose positive is nearer than the negative; nil without triplets.
    package var shareRight: Double?
    package var dRows: Tensor<Scalar>
  }

  /// - `z`: `[row, channel]`.
  /// - `groups`: rows of equal groups are positives, `[row]`.
  package func callAsFunction<Scalar: TensorScalar>(
    _ z: Tensor<Scalar>, groups: [Int], random: inout RandomSource
  ) -> Outcome<Scalar> {
    let draws = mining == .random ? Self.draws(groups, &random) : []
    return self(z, groups: groups, draws: draws)
  }

  /// - Parameter draws: for ``Mining/random``, the number among its negatives that each pair of positives takes,
  ///   anchor by anchor.
  func callAsFunction<Scalar: TensorScalar>(
    _ z: Tensor<Scalar>, groups: [Int], draws: [Int32]
  ) -> Outcome<Scalar> {
    precondition(z.rank == 2 && z.shape[0] == groups.count, "\(groups.count) groups for rows \(z.shape)")
    let similarities = Tensor.product(z, z, transposeB: true)
    var gradient = Tensor<Scalar>(zeros: similarities.shape)
    var (loss, triplets, right) = (0.0, Int64(0), Int64(0))
    let (rows, groups) = (Int32(groups.count), groups.map { Int32($0) })
    gradient.storage.withUnsafeMutableBytes { gradient in
      similarities.storage.withUnsafeBytes { similarities in
        guard let s = similarities.baseAddress, let g = gradient.baseAddress else { return }
        // Invariant: the raw pointers are read as the very type they were made of.
        if Scalar.self == Float.self {
          fd_triplets_f32(
            s.assumingMemoryBound(to: Float.self), rows, groups, mining.number, margin, draws, &loss,
            &triplets,
            &right, g.assumingMemoryBound(to: Float.self))
        } else if Scalar.self == Double.self {
          fd_triplets_f64(
            s.assumingMemoryBound(to: Double.self), rows, groups, mining.number, margin, draws, &loss,
            &triplets,
            &right, g.assumingMemoryBound(to: Double.self))
        } else {
          preconditionFailure("no triplet kernel for \(Scalar.self)")
        }
      }
    }
    let count = Double(max(triplets, 1))
    // With S = Z Z^T and g = dL/dS: dZ = g Z + g^T Z.
    var dRows = Tensor.product(gradient, z)
    dRows.addProduct(gradient, transposeA: true, z)
    dRows.scale(by: Scalar(1 / count))
    return Outcome(
      loss: loss / count, triplets: Int(triplets), shareRight: triplets > 0 ? Double(right) / count : nil,
      dRows: dRows)
  }

  /// One draw for every ordered pair of positives whose anchor has a negative.
  private static func draws(_ groups: [Int], _ random: inout RandomSource) -> [Int32] {
    var sizes: [Int: Int] = [:]
    for group in groups { sizes[group, default: 0] += 1 }
    return groups.flatMap { group -> [Int32] in
      let alike = sizes[group]!
      guard alike < groups.count else { return [] }
      return (1..<alike).map { _ in Int32(random.integer(below: groups.count - alike)) }
    }
  }
}
