/// Maximum likelihood of the weights of ``VerdictCalibration``.
///
/// Newton's method with halved steps. With features f_s = (evidence of s, [s = normal]) of a state s, the normal state without
/// evidence, the mean loss has the gradient E_p[f] - f_true and the Hessian Cov_p[f], so that the problem is convex. Weights
/// of evidence are kept above a hundredth: more of it never means a smaller probability.
struct VerdictWeights: Equatable {
  /// Of the networks' logits, the rule's scores and the strongest lines, as ``VerdictScores/evidence(of:)`` has them.
  var evidence = [1.0, 0.01, 0.01]
  var normal = 0.0

  private static let least = 0.01

  /// Logits of normal and of each family.
  func logits(_ item: VerdictScores) -> [Double] {
    [normal]
      + item.networks.indices.map { zip(evidence, item.evidence(of: $0)).reduce(0) { $0 + $1.0 * $1.1 } }
  }

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
        for i in next.evidence.indices {
          next.evidence[i] = max(least, weights.evidence[i] - share * step[i])
        }
        next.normal -= share * step[step.count - 1]
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

  private func loss(_ items: [VerdictScores], _ truth: [Int]) -> Double {
    zip(items, truth).reduce(0) { sum, pair in
      let scores = logits(pair.0)
      return sum + Softmax.logSumExp(scores) - scores[pair.1]
    } / Double(max(1, items.count))
  }

  private func derivatives(_ items: [VerdictScores], _ truth: [Int]) -> (
    gradient: [Double], hessian: [[Double]]
  ) {
    let order = evidence.count + 1
    let ofNormal = [Double](repeating: 0, count: order - 1) + [1]
    var gradient = [Double](repeating: 0, count: order)
    var hessian = [[Double]](repeating: gradient, count: order)
    for (item, state) in zip(items, truth) {
      let p = Softmax.probabilities(logits(item))
      let features = [ofNormal] + item.networks.indices.map { item.evidence(of: $0) + [0] }
      let mean = (0..<order).map { i in features.indices.reduce(0) { $0 + p[$1] * features[$1][i] } }
      for i in 0..<order {
        gradient[i] += mean[i] - features[state][i]
        for j in 0..<order {
          hessian[i][j] +=
            features.indices.reduce(0) { $0 + p[$1] * features[$1][i] * features[$1][j] } - mean[i] * mean[j]
        }
      }
    }
    let count = Double(max(1, items.count))
    // A little on the diagonal keeps directions that no item speaks of at rest.
    for i in 0..<order {
      gradient[i] /= count
      for j in 0..<order { hessian[i][j] = hessian[i][j] / count + (i == j ? 1e-9 : 0) }
    }
    return (gradient, hessian)
  }

  /// x of A x = y for a symmetric positive A, by elimination, which needs no exchange of rows there (Golub and Van Loan,
  /// Matrix Computations, section 4.2).
  private static func solve(_ a: [[Double]], _ y: [Double]) -> [Double] {
    var (a, x) = (a, y)
    for i in x.indices {
      for row in (i + 1)..<max(i + 1, x.count) {
        let share = a[row][i] / a[i][i]
        for column in i..<x.count { a[row][column] -= share * a[i][column] }
        x[row] -= share * x[i]
      }
    }
    for i in x.indices.reversed() {
      for column in (i + 1)..<max(i + 1, x.count) { x[i] -= a[i][column] * x[column] }
      x[i] /= a[i][i]
    }
    return x
  }
}
