import Foundation

/// Fits the two numbers that turn an ``AlignedModel``'s logits into probabilities.
package enum AlignedCalibration {
  /// A belief in a slope and a level, worth so many windows:
  ///
  ///     weight / (2 n) [((a - slope) / slope)^2 + (b - normalLevel)^2]
  ///
  /// is added to the mean loss of n windows, so that few of them, perfectly told apart, do not make certainty.
  package struct Prior: Sendable, Equatable {
    package var slope: Double
    package var normalLevel: Double
    package var weight: Double

    package init(slope: Double, normalLevel: Double, weight: Double) {
      self.slope = slope
      self.normalLevel = normalLevel
      self.weight = weight
    }

    fileprivate func cost(_ a: Double, _ b: Double) -> Double {
      let (da, db) = ((a - slope) / slope, b - normalLevel)
      return weight / 2 * (da * da + db * db)
    }
  }

  /// a and b that maximise the likelihood of `states` under softmax([b, a l_1, ..., a l_F]).
  ///
  /// Newton's method with halved steps; the problem is convex in (a, b). A slope is kept above 0.01, so that more evidence
  /// never means a smaller probability.
  ///
  /// - Parameters:
  ///   - logits: `[window][family]`.
  ///   - states: of each window, 0 for normal, else 1 + family.
  ///   - prior: what is believed before; nil for nothing.
  package static func fit(
    logits: [[Double]], states: [Int], prior: Prior? = nil
  ) -> (slope: Double, normalLevel: Double) {
    precondition(logits.count == states.count, "\(logits.count) windows with \(states.count) states")
    let n = Double(max(1, states.count))
    func loss(_ a: Double, _ b: Double) -> Double {
      self.loss(logits, states, a, b) + (prior?.cost(a, b) ?? 0) / n
    }
    var a = prior?.slope ?? 1.0
    var b = prior?.normalLevel ?? 0.0
    var best = loss(a, b)
    for _ in 0..<100 {
      var (g, h) = derivatives(logits, states, a, b)
      if let prior {
        let curvature = prior.weight / (n * prior.slope * prior.slope)
        g.a += curvature * (a - prior.slope)
        g.b += prior.weight / n * (b - prior.normalLevel)
        h.aa += curvature
        h.bb += prior.weight / n
      }
      let determinant = h.aa * h.bb - h.ab * h.ab
      guard determinant > 1e-12 else { break }
      let da = (h.bb * g.a - h.ab * g.b) / determinant
      let db = (h.aa * g.b - h.ab * g.a) / determinant
      var step = 1.0
      while step > 1e-6 {
        let (na, nb) = (max(0.01, a - step * da), b - step * db)
        let value = loss(na, nb)
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
