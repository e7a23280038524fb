import Glibc

/// The learning rate of each step, as a pure function of the step's number: resuming needs no state.
///
/// With a linear warm-up of W steps, step t (from 0) below W has the rate peak (t + 1) / W; afterwards ``shape`` decides, with
/// its time counted from the end of the warm-up. ``Shape/oneCycle(_:)`` has a warm-up of its own, so W is 0 there.
package struct LearningRateSchedule: Sendable, Equatable, Codable {
  package enum Shape: Sendable, Equatable, Codable {
    /// The peak, for ever.
    case constant
    /// peak (f + (1 - f) (1 + cos(pi s)) / 2), s = t / steps clamped to [0, 1], f = `final`: Loshchilov and Hutter,
    /// "SGDR", ICLR 2017, equation 5, without restarts.
    case cosine(steps: Int, final: Double)
    /// peak factor^floor(t / every).
    case step(every: Int, factor: Double)
    case oneCycle(OneCycle)
  }

  /// Smith and Topin, "Super-convergence", 2018, in the form of PyTorch's `OneCycleLR` with cosine annealing: from
  /// peak / `startDivisor` up to the peak at step `rise` `steps` - 1, then down to the first rate / `endDivisor` at the last
  /// step, while momentum (beta1 of Adam) goes the opposite way.
  package struct OneCycle: Sendable, Equatable, Codable {
    /// At least 2.
    package var steps: Int
    /// Fraction of the steps before the peak, in (0, 1).
    package var rise: Double
    package var startDivisor: Double
    package var endDivisor: Double
    /// Momentum at the peak of the rate, and at both ends.
    package var lowestMomentum: Double
    package var highestMomentum: Double

    package init(
      steps: Int, rise: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4,
      lowestMomentum: Double = 0.85, highestMomentum: Double = 0.95
    ) {
      self.steps = steps
      self.rise = rise
      self.startDivisor = startDivisor
      self.endDivisor = endDivisor
      self.lowestMomentum = lowestMomentum
      self.highestMomentum = highestMomentum
    }

    fileprivate var problem: String? {
      if steps < 2 { return "a cycle of \(steps) steps has no rise and fall: expected at least 2" }
      if !(rise > 0 && rise < 1) {
        return "the rise cannot take \(rise) of the steps: expected within 0 and 1"
      }
      let divisors = [startDivisor, endDivisor]
      if !divisors.allSatisfy({ $0 > 0 && $0.isFinite }) {
        return "the divisors \(divisors) are not all above 0"
      }
      let momenta = [lowestMomentum, highestMomentum]
      return momenta.allSatisfy((0..<1).contains) ? nil : "the momenta \(momenta) are not in 0 ..< 1"
    }

    /// The value at step `t` of a quantity that is `start` first, `middle` at the peak and `end` last.
    fileprivate func value(at t: Int, _ start: Double, _ middle: Double, _ end: Double) -> Double {
      let (peak, last) = (rise * Double(steps) - 1, Double(steps - 1))
      let t = min(Double(t), last)
      // At the peak both arms agree; the first would divide by zero where it is step 0.
      if t < peak { return annealed(start, middle, t / peak) }
      return annealed(middle, end, (t - peak) / (last - peak))
    }

    private func annealed(_ a: Double, _ b: Double, _ s: Double) -> Double {
      b + (a - b) / 2 * (1 + cos(.pi * s))
    }
  }

  /// Highest learning rate.
  package var peak: Double
  /// W.
  package var warmUpSteps: Int
  package var shape: Shape

  package init(peak: Double, warmUpSteps: Int = 0, shape: Shape = .constant) {
    self.peak = peak
    self.warmUpSteps = warmUpSteps
    self.shape = shape
    if let problem { preconditionFailure("learning rate schedule: \(problem)") }
  }

  /// Why the schedule cannot be used, with the value that is refused; nil where it can. A schedule that was decoded
  /// from a file has not been through `init`: whoever decodes one asks this.
  package var problem: String? {
    if !(peak >= 0 && peak.isFinite) { return "the peak cannot be \(peak): expected a number of at least 0" }
    if warmUpSteps < 0 { return "the warm-up cannot take \(warmUpSteps) steps: expected at least 0" }
    switch shape {
    case .constant:
      return nil
    case .cosine(let steps, let final):
      if steps < 0 { return "a cosine cannot take \(steps) steps: expected at least 0" }
      return final.isFinite ? nil : "a cosine cannot end at \(final) of the peak: expected a finite fraction"
    case .step(let every, let factor):
      if every < 1 { return "the rate cannot fall every \(every) steps: expected at least 1" }
      return factor.isFinite ? nil : "the rate cannot fall by the factor \(factor): expected a finite one"
    case .oneCycle(let cycle):
      if warmUpSteps > 0 {
        return "a one-cycle schedule warms up by itself: expected no warm-up, found \(warmUpSteps)"
      }
      return cycle.problem
    }
  }

  /// The learning rate of step `step`, from 0.
  package func rate(at step: Int) -> Double {
    if step < warmUpSteps { return peak * Double(step + 1) / Double(warmUpSteps) }
    let t = step - warmUpSteps
    switch shape {
    case .constant:
      return peak
    case .cosine(let steps, let final):
      let progress = steps > 0 ? min(Double(t) / Double(steps), 1) : 1
      return peak * (final + (1 - final) * (1 + cos(.pi * progress)) / 2)
    case .step(let every, let factor):
      return peak * pow(factor, Double(t / every))
    case .oneCycle(let cycle):
      let start = peak / cycle.startDivisor
      return cycle.value(at: t, start, peak, start / cycle.endDivisor)
    }
  }

  /// The momentum (beta1 of Adam) that the schedule asks for at step `step`; nil where it leaves it alone.
  package func momentum(at step: Int) -> Double? {
    guard case .oneCycle(let cycle) = shape else { return nil }
    return cycle.value(at: step, cycle.highestMomentum, cycle.lowestMomentum, cycle.highestMomentum)
  }
}
