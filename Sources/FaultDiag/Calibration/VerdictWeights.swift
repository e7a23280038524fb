/// Maximum likelihood of the weights of ``VerdictCalibration``.
///
/// Newton's method with halved steps. With features f_s = (l_s, g_s, [s = normal]) of a state s the mean loss has the
/// gradient E_p[f] - f_true and the Hessian Cov_p[f], so that the problem is convex. Weights of logits and lines are kept
/// above a hundredth: more evidence never means a smaller probability.
struct VerdictWeights: Equatable {
  var logit = 1.0
  var line = 0.01
  var normal = 0.0

  private static let least = 0.01

  static func fit(_ items: [VerdictScores], truth: [Int]) -> VerdictWeights {
    var weights = VerdictWeights()
    var best = weights.loss(items, truth)
    for _ in 0..<100 {
      let (gradient, hessian) = weights.derivatives(items, truth)
      let step = solve(hessian, gradient)
      var share = 1.0
      var improved = false
      while share > 1e-6, !improved {
        var next = weights
        next.logit = max(least, weights.logit - share * step[0])
        next.line = max(least, weights.line - share * step[1])
        next.normal -= share * step[2]
        let value = next.loss(items, truth)
        if value < best {
          (weights, best, improved) = (next, value, true)
        }
        share /= 2
      }
      if !improved { break }
    }
    return weights
  }

  private func logits(_ item: VerdictScores) -> [Double] {
    [normal] + item.logits.indices.map { logit * item.logits[$0] + line * item.lines[$0] }
  }

  private func loss(_ items: [VerdictScores], _ truth: [Int]) -> Double {
    zip(items, truth).reduce(0) { sum, pair in
      let scores = logits(pair.0)
      return sum + Softmax.logSumExp(scores) - scores[pair.1]
    } / Double(max(1, items.count))
  }

  private func derivatives(_ items: [VerdictScores], _ truth: [Int]) -> (
    gradient: [Double], hessian: [[Double]]
  ) {
    var gradient = [0.0, 0, 0]
    var hessian = [[Double]](repeating: [0, 0, 0], count: 3)
    for (item, state) in zip(items, truth) {
      let p = Softmax.probabilities(logits(item))
      let features = [[0.0, 0, 1]] + item.logits.indices.map { [item.logits[$0], item.lines[$0], 0] }
      let mean = (0..<3).map { i in features.indices.reduce(0) { $0 + p[$1] * features[$1][i] } }
      for i in 0..<3 {
        gradient[i] += mean[i] - features[state][i]
        for j in 0..<3 {
          hessian[i][j] +=
            features.indices.reduce(0) { $0 + p[$1] * features[$1][i] * features[$1][j] } - mean[i] * mean[j]
        }
      }
    }
    let count = Double(max(1, items.count))
    // A little on the diagonal keeps directions that no item speaks of at rest.
    for i in 0..<3 {
      gradient[i] /= count
      for j in 0..<3 { hessian[i][j] = hessian[i][j] / count + (i == j ? 1e-9 : 0) }
    }
    return (gradient, hessian)
  }

  /// x of A x = y for a symmetric positive A of order 3, by Cramer's rule.
  private static func solve(_ a: [[Double]], _ y: [Double]) -> [Double] {
    func determinant(_ m: [[Double]]) -> Double {
      m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }
    let whole = determinant(a)
    guard abs(whole) > 1e-300 else { return [0, 0, 0] }
    return (0..<3).map { column in
      var replaced = a
      for row in 0..<3 { replaced[row][column] = y[row] }
      return determinant(replaced) / whole
    }
  }
}
