#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether one method beats another over the same overlapping train-test splits.
///
/// Folds share training data, so their differences are not independent and the plain paired t-test finds
/// differences that are not there. Nadeau and Bengio (Machine Learning 52, 2003, section 3) widen the variance:
///
///     t = mean(d) / sqrt(var(d) (1/J + n_test / n_train)),   J - 1 degrees of freedom
///
/// with d the J differences and var their unbiased variance.
package struct CorrectedTTest: Sendable, Equatable {
  package var meanDifference: Double
  /// Infinite when the differences are equal and not zero; zero when all are zero.
  package var t: Double
  package var degreesOfFreedom: Int
  /// Two-sided.
  package var pValue: Double

  /// - Parameters:
  ///   - differences: one a fold, at least two.
  ///   - testToTraining: `n_test / n_train`, counted in the units that are held out (P1: 6 bearings against 12).
  package init(differences: [Double], testToTraining: Double) {
    precondition(differences.count >= 2, "a t-test needs at least 2 differences, found \(differences.count)")
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / count
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let width = (variance * (1 / count + testToTraining)).squareRoot()
    meanDifference = mean
    t = mean == 0 ? 0 : mean / width
    degreesOfFreedom = differences.count - 1
    pValue = StudentT.twoSided(t, degreesOfFreedom: count - 1)
  }
}

/// Student's t distribution.
package enum StudentT {
  /// `P(|T| >= |t|) = I_x(nu/2, 1/2)` at `x = nu / (nu + t^2)`, the regularised incomplete beta function.
  package static func twoSided(_ t: Double, degreesOfFreedom nu: Double) -> Double {
    t.isInfinite ? 0 : incompleteBeta(nu / (nu + t * t), a: nu / 2, b: 0.5)
  }

  /// `I_x(a, b)` by its continued fraction (Abramowitz and Stegun 26.5.8) with Lentz's evaluation.
  ///
  /// The fraction converges fast for `x < (a + 1) / (a + b + 2)`; beyond that `1 - I_{1-x}(b, a)` is used.
  static func incompleteBeta(_ x: Double, a: Double, b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, a: b, b: a) }
    let logBeta: Double = lgamma(a) + lgamma(b) - lgamma(a + b)
    let powers: Double = a * log(x) + b * log(1 - x)
    let front = exp(powers - logBeta) / a
    // Keeps a denominator of the recurrence from vanishing.
    let tiny = 1e-300
    var (c, d) = (1.0, 1 - (a + b) * x / (a + 1))
    d = 1 / (abs(d) < tiny ? tiny : d)
    var fraction = d
    for m in 1...300 {
      let k = Double(m)
      let even: Double = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
      let odd: Double = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
      for numerator in [even, odd] {
        d = 1 + numerator * d
        c = 1 + numerator / c
        d = 1 / (abs(d) < tiny ? tiny : d)
        c = abs(c) < tiny ? tiny : c
        fraction *= d * c
      }
      if abs(d * c - 1) < 1e-15 { break }
    }
    return front * fraction
  }
}
