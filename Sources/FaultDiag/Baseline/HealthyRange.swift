import Foundation
import NeuralNet

/// Where one component of a healthy machine's recordings lies, and how strange a new value is.
///
///     spread:   d(x)^2 = mean over i of (x_i - m_i)^2 / v_i          (diagonal Mahalanobis, by the number of values)
///     nearest:  d(x)^2 = min over references r of mean over i of (x_i - r_i)^2 / v_i
///     above:    x itself, one number; more is stranger
///
/// m and v are mean and variance over the healthy recordings, v raised by a thousandth of its mean, so that a value
/// that happens to be constant does not rule. Strangeness is (f - a) / b with f = log d (x for `above`), and a, b mean
/// and deviation of f over the healthy recordings, each measured against the others (leave one out): about 0 for a
/// healthy recording, and about normally distributed, whatever the machine.
///
/// Few recordings show v and b badly, so machines that are learnt together lend theirs to each other: with n recordings,
/// log v becomes the mean of the machine's own, n - 1 times, and of what its sisters show, 8 times; b likewise. (Moderated
/// variances: Smyth 2004, Statistical Applications in Genetics and Molecular Biology 3; here of a fixed weight, and in logarithms, so
/// that a sister of another kind does little harm.)
package struct HealthyRange: Sendable, Equatable {
  package enum Measure: String, Sendable, Codable { case spread, nearest, above }

  let measure: Measure
  /// m, `[size]`.
  var center: Tensor<Float>
  /// v, `[size]`.
  var variance: Tensor<Float>
  /// r, `[count, size]`; empty unless `nearest`.
  var references: Tensor<Float>
  /// a and b of the formula.
  var mean = 0.0
  var deviation = 1.0

  /// Share of the mean variance that every variance is raised by.
  private static let floor = 1e-3
  /// Recordings that what the sisters show counts as.
  private static let sistersWeight = 8.0
  /// References beyond this are thinned evenly.
  private static let mostReferences = 500

  /// A range to be filled from a file.
  init(measure: Measure, size: Int, references: Int) {
    self.measure = measure
    center = Tensor(zeros: [size])
    variance = Tensor(zeros: [size])
    self.references = Tensor(zeros: [references, size])
  }

  /// - `values`: one row a healthy recording, at least 3, all of one size.
  package init(_ values: [[Float]], measure: Measure) {
    self = Self.together([values], measure: measure)[0]
  }

  /// The ranges of machines that lend each other what they show of variances and spread.
  ///
  /// - `machines`: one row a healthy recording of the machine, at least 3 a machine, all of one size.
  package static func together(_ machines: [[[Float]]], measure: Measure) -> [HealthyRange] {
    let moments = machines.map { values in
      precondition(values.count >= 3, "\(values.count) recordings do not show a range")
      return CenteredMoments(values)
    }
    let variances = moments.indices.map {
      Variances(moments[$0], lent: CenteredMoments.pooledVariance(moments, without: $0))
    }
    let inside = machines.indices.map { machine in
      machines[machine].indices.map { leftOut($0, machines[machine], variances[machine], measure) }
    }
    // A range without any spread would make every recording infinitely strange.
    let spreads = inside.map { log(max(deviation($0), 1e-3)) }
    return machines.indices.map { machine in
      var spread = spreads[machine]
      if machines.count > 1 {
        let sisters = (spreads.reduce(0, +) - spread) / Double(machines.count - 1)
        let own = Double(machines[machine].count - 1)
        spread = (own * spread + sistersWeight * sisters) / (own + sistersWeight)
      }
      return HealthyRange(
        machines[machine], measure: measure, variances[machine],
        mean: inside[machine].reduce(0, +) / Double(inside[machine].count), deviation: exp(spread))
    }
  }

  private init(
    _ values: [[Float]], measure: Measure, _ variances: Variances, mean: Double, deviation: Double
  ) {
    let moments = variances.own
    self.measure = measure
    center = Tensor(moments.center.map { Float($0) }, shape: [moments.size])
    variance = Tensor(variances.whole, shape: [moments.size])
    let kept = measure == .nearest ? Self.thinned(values) : []
    references = Tensor(kept.flatMap { $0 }, shape: [kept.count, moments.size])
    (self.mean, self.deviation) = (mean, deviation)
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// How many deviations stranger than healthy recordings among themselves.
  package func strangeness(_ value: [Float]) -> Double { (raw(value) - mean) / deviation }

  /// Deviations of every value from the healthy mean, in healthy standard deviations.
  package func deviations(_ value: [Float]) -> [Double] {
    value.indices.map {
      (Double(value[$0]) - Double(center.storage[$0])) / Double(variance.storage[$0]).squareRoot()
    }
  }

  private func raw(_ value: [Float]) -> Double {
    precondition(value.count == center.count, "\(value.count) values where a range has \(center.count)")
    switch measure {
    case .above: return Double(value[0])
    case .spread:
      return Self.logDistance(
        squared: Self.squaredDistance(value[...], center.storage[...], variance: variance.storage))
    case .nearest:
      let size = value.count
      let nearest = (0..<references.shape[0]).map { row in
        Self.squaredDistance(
          value[...], references.storage[row * size..<(row + 1) * size], variance: variance.storage)
      }.min()
      return Self.logDistance(squared: nearest ?? 0)
    }
  }

  /// f of recording `index` against all others.
  private static func leftOut(
    _ index: Int, _ values: [[Float]], _ variances: Variances, _ measure: Measure
  ) -> Double {
    let value = values[index]
    switch measure {
    case .above: return Double(value[0])
    case .spread:
      let center = variances.own.mean(without: value)
      let variance = variances.moderated(without: value)
      let sum = value.indices.reduce(0.0) {
        let d = Double(value[$1]) - center[$1]
        return $0 + d * d / variance[$1]
      }
      return logDistance(squared: sum / Double(value.count))
    case .nearest:
      let nearest = values.indices.filter { $0 != index }.map {
        squaredDistance(value[...], values[$0][...], variance: variances.whole)
      }.min()
      return logDistance(squared: nearest ?? 0)
    }
  }

  /// log d; a distance of nothing is the smallest that counts.
  private static func logDistance(squared: Double) -> Double { 0.5 * log(max(squared, 1e-12)) }

  private static func squaredDistance(
    _ a: ArraySlice<Float>, _ b: ArraySlice<Float>, variance: [Float]
  ) -> Double {
    var sum = 0.0
    for i in 0..<a.count {
      let d = Double(a[a.startIndex + i] - b[b.startIndex + i])
      sum += d * d / Double(variance[i])
    }
    return sum / Double(max(a.count, 1))
  }

  /// A machine's variances, each raised and brought towards what its sisters show.
  private struct Variances {
    let own: CenteredMoments
    /// Logarithms of what the sisters show; nil without any.
    private let lent: [Double]?
    /// v, of all recordings.
    private(set) var whole: [Float] = []

    init(_ own: CenteredMoments, lent: [Double]?) {
      self.own = own
      self.lent = lent.map { Self.raised($0).map { log($0) } }
      whole = moderated(without: nil).map { Float($0) }
    }

    func moderated(without value: [Float]?) -> [Double] {
      let variance = Self.raised(own.variance(without: value))
      guard let lent else { return variance }
      let weight = own.count - (value == nil ? 1 : 2)
      return zip(variance, lent).map {
        exp((weight * log($0) + HealthyRange.sistersWeight * $1) / (weight + HealthyRange.sistersWeight))
      }
    }

    private static func raised(_ variance: [Double]) -> [Double] {
      let mean = variance.reduce(0, +) / Double(max(variance.count, 1))
      return variance.map { $0 + floor * mean + 1e-12 }
    }
  }

  private static func thinned(_ values: [[Float]]) -> [[Float]] {
    guard values.count > mostReferences else { return values }
    return (0..<mostReferences).map { values[$0 * values.count / mostReferences] }
  }
}

/// Mean and variance of rows, with or without one of them, in time that does not grow with the rows left in.
private struct CenteredMoments {
  let center: [Double]
  let count: Double
  private let squares: [Double]

  var size: Int { center.count }

  init(_ values: [[Float]]) {
    count = Double(values.count)
    let size = values[0].count
    var sums = [Double](repeating: 0, count: size)
    for value in values {
      precondition(value.count == size, "rows of \(value.count) and of \(size) values")
      for i in 0..<size { sums[i] += Double(value[i]) }
    }
    let center = sums.map { $0 / Double(values.count) }
    var squares = [Double](repeating: 0, count: size)
    for value in values {
      for i in 0..<size {
        let d = Double(value[i]) - center[i]
        squares[i] += d * d
      }
    }
    self.center = center
    self.squares = squares
  }

  /// The variances within all machines but one, unbiased; nil where there is no other.
  static func pooledVariance(_ machines: [CenteredMoments], without left: Int) -> [Double]? {
    let others = machines.indices.filter { $0 != left }.map { machines[$0] }
    guard let first = others.first else { return nil }
    let freedom = others.reduce(0) { $0 + $1.count - 1 }
    return (0..<first.size).map { i in others.reduce(0) { $0 + $1.squares[i] } / freedom }
  }

  func mean(without value: [Float]) -> [Double] {
    center.indices.map { center[$0] - (Double(value[$0]) - center[$0]) / (count - 1) }
  }

  /// Unbiased. Leaving one of n out of a sum of squares S about the mean takes n/(n-1) d^2 off it, d its distance.
  func variance(without value: [Float]?) -> [Double] {
    guard let value else { return squares.map { $0 / (count - 1) } }
    return squares.indices.map {
      let d = Double(value[$0]) - center[$0]
      return max(0, squares[$0] - count / (count - 1) * d * d) / (count - 2)
    }
  }
}

extension HealthyRange: Parameterized {
  package mutating func visit(
    _ path: String, _ body: (String, ParameterRole, inout Tensor<Float>) throws -> Void
  ) rethrows {
    try body(join(path, "center"), .buffer, &center)
    try body(join(path, "variance"), .buffer, &variance)
    try body(join(path, "references"), .buffer, &references)
  }
}
