import Foundation

/// Mann and Kendall's test for a trend in values that come in an order.
///
///     S = sum over i < j of sign(x_j - x_i)      tau = S / (n (n - 1) / 2)
///     z = (S - sign S) / sqrt(var S),  var S = (n (n-1) (2n+5) - sum over ties t of t (t-1) (2t+5)) / 18
///
/// (Mann 1945; Kendall 1975.) The p-value is two-sided, by the normal approximation, good from about ten values on.
package struct MannKendall: Sendable, Equatable, Codable {
  /// -1 always falling, 0 no trend, 1 always rising.
  package var tau: Double
  package var pValue: Double
  package var count: Int

  /// Nil for fewer than 4 values: not even a straight rise would mean anything.
  package init?(_ values: [Double]) {
    guard values.count >= 4 else { return nil }
    // Quadratic in the count; beyond this an evenly thinned series tells the same.
    let limit = 2000
    let x =
      values.count <= limit ? values : (0..<limit).map { values[$0 * values.count / limit] }
    let n = Double(x.count)
    var s = 0
    for i in x.indices {
      for j in i + 1..<x.count { s += x[j] > x[i] ? 1 : x[j] < x[i] ? -1 : 0 }
    }
    var ties: [Double: Double] = [:]
    for value in x { ties[value, default: 0] += 1 }
    let tied = ties.values.reduce(0.0) { $0 + $1 * ($1 - 1) * (2 * $1 + 5) }
    let variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
    let z = variance > 0 ? Double(s - s.signum()) / variance.squareRoot() : 0
    tau = Double(s) / (n * (n - 1) / 2)
    pValue = erfc(abs(z) / 2.squareRoot())
    count = x.count
  }
}
