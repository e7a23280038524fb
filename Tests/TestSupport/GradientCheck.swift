import NeuralNet
import Support

/// Compares a gradient with central differences, in double precision.
///
/// The difference quotient has five points, (8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h, whose truncation
/// error is h^4 |f'''''| / 30: with h = 3e-4 that and rounding (about 2^-52 |f| / h) both stay near 1e-12, where three points
/// cannot go below 1e-10. Where an entry disagrees, h / 16 is tried: a step that crosses the kink of a ReLU or a maximum
/// is thereby told from a wrong gradient, which disagrees at any step.
///
/// Use as `#expect(GradientCheck().failures(of: layer, input: x) == [])`.
package struct GradientCheck: Sendable {
  /// Largest error relative to the entry or to the largest sampled entry of its tensor.
  package var tolerance: Double
  /// h of the formula.
  package var step: Double
  /// Entries that are checked in each tensor; smaller tensors are checked whole.
  package var samples: Int
  /// Decides which entries are sampled and in which direction a layer's output is projected.
  package var seed: UInt64

  package init(tolerance: Double = 1e-8, step: Double = 3e-4, samples: Int = 32, seed: UInt64 = 1) {
    self.tolerance = tolerance
    self.step = step
    self.samples = samples
    self.seed = seed
  }

  /// One entry that disagrees.
  package struct Failure: Sendable, Equatable, CustomStringConvertible {
    package var name: String
    package var index: [Int]
    package var observed: Double
    package var expected: Double
    package var error: Double

    package var description: String {
      "d\(name)\(index): observed \(observed), expected by differences \(expected), relative error \(error)"
    }
  }

  /// Checks a layer: its input and each of its parameters, under the loss sum(r * output) with random r.
  ///
  /// `context` is given anew to each evaluation, so a layer that draws (dropout) draws the same every time.
  /// Buffers are not differentiated.
  package func failures<L: Layer>(
    of layer: L, input: Tensor<Double>, context: ForwardContext = .inference
  ) -> [Failure] where L.Scalar == Double {
    func output(_ layer: L, _ x: Tensor<Double>) -> (output: Tensor<Double>, cache: L.Cache) {
      var context = context
      return layer.forward(x, &context)
    }
    let (y, cache) = output(layer, input)
    let direction = randomTensor(y.shape)
    func loss(_ layer: L, _ x: Tensor<Double>) -> Double { dot(output(layer, x).output, direction) }
    var gradient = layer.zeroed()
    let dInput = layer.backward(direction, cache, into: &gradient)
    return failures(of: dInput, at: input, name: "input") { loss(layer, $0) }
      + failures(of: gradient, at: layer) { loss($0, input) }
  }

  /// Checks `gradient`, a value of the model's own type, against differences of `loss` around `model`.
  package func failures<M: Parameterized>(
    of gradient: M, at model: M, loss: (M) -> Double
  ) -> [Failure] where M.Scalar == Double {
    var result: [Failure] = []
    for (position, entry) in gradient.parameters.enumerated() where entry.role != .buffer {
      let value = model.parameters[position].tensor
      result += failures(of: entry.tensor, at: value, name: entry.name) { changed in
        var shifted = model
        var walked = 0
        shifted.visit("") { _, _, tensor in
          if walked == position { tensor = changed }
          walked += 1
        }
        return loss(shifted)
      }
    }
    return result
  }

  /// Checks `gradient` against differences of `loss` around `value`.
  package func failures(
    of gradient: Tensor<Double>, at value: Tensor<Double>, name: String, loss: (Tensor<Double>) -> Double
  ) -> [Failure] {
    guard gradient.shape == value.shape else {
      return [
        Failure(
          name: "\(name) of shape \(gradient.shape), not \(value.shape),", index: [], observed: .nan,
          expected: .nan, error: .infinity)
      ]
    }
    var random = RandomSource(seed: seed, path: [2])
    let entries = Array(random.permutation(value.count).prefix(samples)).sorted()
    let expected = entries.map { difference(value, $0, step, loss) }
    let largest = expected.reduce(0) { max($0, abs($1)) }
    // What rounding alone may do to a quotient of losses of this size.
    let noise = 32 * max(1, abs(loss(value))) * Double.ulpOfOne / step
    return zip(entries, expected).compactMap { entry, expected in
      let observed = gradient.storage[entry]
      let scale = max(abs(expected), largest, noise / tolerance)
      func error(_ expected: Double) -> Double { abs(observed - expected) / scale }
      if error(expected) <= tolerance { return nil }
      // A smaller step has more rounding: 16 times the step's ratio, and the five points lose a little more.
      if error(difference(value, entry, step / 16, loss)) <= 4 * tolerance { return nil }
      return Failure(
        name: name, index: Golden.position(entry, value.shape), observed: observed, expected: expected,
        error: error(expected))
    }
  }

  /// Five-point quotient along entry `i`.
  private func difference(
    _ value: Tensor<Double>, _ i: Int, _ h: Double, _ loss: (Tensor<Double>) -> Double
  ) -> Double {
    func at(_ shift: Double) -> Double {
      var shifted = value
      shifted.storage[i] += shift
      return loss(shifted)
    }
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
  }

  /// Normal draws, decided by the seed.
  package func randomTensor(_ shape: [Int]) -> Tensor<Double> {
    var random = RandomSource(seed: seed, path: [1])
    return Tensor((0..<shape.reduce(1, *)).map { _ in random.normal() }, shape: shape)
  }

  private func dot(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
    zip(a.storage, b.storage).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
