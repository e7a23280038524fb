import Foundation

/// Fits the two numbers that turn an ``AlignedModel``'s logits into probabilities.
package enum AlignedCalibration {
  /// a and b that maximise the likelihood of `states` under softmax([b, a l_1, ..., a l_F]).
  ///
  /// Newton's method with halved steps; the problem is convex in (a, b). A slope is kept above 0.01, so that more evidence
  /// never means a smaller probability.
  ///
  /// - Parameters:
  ///   - logits: `[window][family]`.
  ///   - states: of each window, 0 for normal, else 1 + family.
  package static func fit(logits: [[Double]], states: [Int]) -> (slope: Double, normalLevel: Double) {
    precondition(logits.count == states.count, "\(logits.count) windows with \(states.count) states")
    var a = 1.0
    var b = 0.0
    var best = loss(logits, states, a, b)
    for _ in 0..<100 {
      let (g, h) = derivatives(logits, states, a, b)
      let determinant = h.aa * h.bb - h.ab * h.ab
      guard determinant > 1e-12 else { break }
      let da = (h.bb * g.a - h.ab * g.b) / determinant
      let db = (h.aa * g.b - h.ab * g.a) / determinant
      var step = 1.0
      while step > 1e-6 {
        let (na, nb) = (max(0.01, a - step * da), b - step * db)
        let value = loss(logits, states, na, nb)
        if value < best {
          (a, b, best) = (na, nb, value)
          break
        }
        step /= 2
      }
      if step <= 1e-6 { break }
    }
    return (a, b)
  }

  private static func loss(_ logits: [[Double]], _ states: [Int], _ a: Double, _ b: Double) -> Double {
    zip(logits, states).reduce(0) { sum, row in
      let scores = [b] + row.0.map { a * $0 }
      return sum + Softmax.logSumExp(scores) - scores[row.1]
    } / Double(max(1, states.count))
  }

  /// Gradient and Hessian of the mean loss: with features f_s = (l_s, [s = normal]) of a state s,
  /// g = E_p[f] - f_true and H = Cov_p[f].
  private static func derivatives(
    _ logits: [[Double]], _ states: [Int], _ a: Double, _ b: Double
  ) -> (g: (a: Double, b: Double), h: (aa: Double, ab: Double, bb: Double)) {
    var g = (a: 0.0, b: 0.0)
    var h = (aa: 0.0, ab: 0.0, bb: 0.0)
    for (row, state) in zip(logits, states) {
      let p = Softmax.probabilities([b] + row.map { a * $0 })
      let values = [0] + row
      let meanL = zip(p, values).reduce(0) { $0 + $1.0 * $1.1 }
      let squareL = zip(p, values).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
      g.a += meanL - values[state]
      g.b += p[0] - (state == 0 ? 1 : 0)
      h.aa += squareL - meanL * meanL
      h.ab += -p[0] * meanL
      h.bb += p[0] * (1 - p[0])
    }
    let n = Double(max(1, states.count))
    return ((g.a / n, g.b / n), (h.aa / n, h.ab / n, h.bb / n))
  }
}
