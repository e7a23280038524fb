#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One number that makes stated probabilities honest: logits are divided by it before the softmax.
///
/// The temperature minimises the negative log-likelihood of held-out items (Guo et al. 2017, arXiv 1706.04599,
/// section 4.2). It never changes which class wins. The held-out items must come from groups that were not trained
/// on, or the temperature only measures overfitting.
package struct TemperatureCalibration: Sendable, Equatable, Codable {
  /// Above one: the model was too sure; below one: too timid.
  package var temperature: Double

  /// The range that is searched: a perfectly separable set would drive the temperature to zero.
  package static let range = 0.05...20.0

  package init(temperature: Double = 1) { self.temperature = temperature }

  /// Fits the temperature to held-out logits by golden-section search on its logarithm, where the likelihood is
  /// smooth and has one minimum. Without items the temperature is one.
  package init(logits: [[Double]], classes: [Int]) {
    precondition(logits.count == classes.count, "\(logits.count) rows of logits but \(classes.count) classes")
    guard !logits.isEmpty else {
      self.init()
      return
    }
    let shrink = (5.0.squareRoot() - 1) / 2
    var (low, high) = (log(Self.range.lowerBound), log(Self.range.upperBound))
    func cost(_ logT: Double) -> Double {
      Self.negativeLogLikelihood(logits, classes, temperature: exp(logT))
    }
    var (a, b) = (high - shrink * (high - low), low + shrink * (high - low))
    var (costA, costB) = (cost(a), cost(b))
    while high - low > 1e-7 {
      if costA <= costB {
        (high, b, costB) = (b, a, costA)
        a = high - shrink * (high - low)
        costA = cost(a)
      } else {
        (low, a, costA) = (a, b, costB)
        b = low + shrink * (high - low)
        costB = cost(b)
      }
    }
    self.init(temperature: exp((low + high) / 2))
  }

  /// Calibrated probabilities of one item's logits.
  package func probabilities(_ logits: [Double]) -> [Double] {
    Softmax.probabilities(logits.map { $0 / temperature })
  }

  /// Mean of `-log softmax(logits / T)` at the true class.
  package static func negativeLogLikelihood(
    _ logits: [[Double]], _ classes: [Int], temperature: Double
  ) -> Double {
    zip(logits, classes).reduce(0) { sum, item in
      let scaled = item.0.map { $0 / temperature }
      return sum + Softmax.logSumExp(scaled) - scaled[item.1]
    } / Double(logits.count)
  }
}

/// `softmax(x)_i = exp(x_i) / sum_j exp(x_j)`, stable for logits of any size.
package enum Softmax {
  package static func logSumExp(_ x: [Double]) -> Double {
    guard let top = x.max() else { return -.infinity }
    return top + log(x.reduce(0) { $0 + exp($1 - top) })
  }

  package static func probabilities(_ x: [Double]) -> [Double] {
    let total = logSumExp(x)
    return x.map { exp($0 - total) }
  }
}
