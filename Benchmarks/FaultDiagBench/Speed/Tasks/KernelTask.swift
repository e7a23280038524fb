import NeuralNet
import Support

/// One kernel or layer, timed beside its bound in the same process.
struct KernelTask {
  /// What cannot be beaten.
  enum Bound: String {
    /// Copying as many elements, which the second level of cache holds.
    case copy = "over a copy"
    /// A product of 512 x 512 x 512 at its own speed for as many operations.
    case sgemm = "over sgemm"
  }

  let name: String
  let bound: Bound
  /// Largest multiple of the bound: what was measured on two cores with AVX2, with a third to two thirds for other machines and noise.
  let threshold: Double
  /// Elements or operations of one call.
  let work: Double
  let call: () -> Void

  static func named(_ name: String) -> KernelTask? { all.first { $0.name == name } }

  static let names = all.map { $0.name }

  static var all: [KernelTask] {
    var random = RandomSource(seed: 1)
    var tasks: [KernelTask] = [
      map("exp", .exp, 8), map("tanh", .tanh, 10), map("sigmoid", .sigmoid, 11), map("gelu", .gelu, 27),
    ]
    tasks.append(
      rows("softmax_rows", 8) { x, y in
        var sums = [Float](repeating: 0, count: side)
        Float.softmaxRows(side, side, x, y, logSumExp: &sums)
      })
    tasks.append(rows("column_sums", 1.5) { x, y in Float.columnSums(side, side, x, addingTo: y) })
    let linear = Linear<Float>(inputs: 256, outputs: 256, random: &random)
    tasks.append(layer("linear", linear, [512, 256], multiplications: 512 * 256 * 256, threshold: 1.8))
    let gru = GRU<Float>(inputs: 128, hidden: 128, random: &random)
    tasks.append(layer("gru", gru, [64, 32, 128], multiplications: 2048 * 768 * 128, threshold: 2.5))
    let convolution = Conv1d<Float>(
      inputs: 128, outputs: 128, kernel: 8, stride: 4, padding: 2, random: &random)
    tasks.append(
      layer(
        "conv1d", convolution, [8, 512, 128], multiplications: 8 * 128 * 1024 * 128, threshold: 1.2))
    return tasks
  }

  /// 128 x 128 elements: input and output fit the second level of cache.
  private static let side = 128
  private static func map(_ name: String, _ function: ElementaryFunction, _ threshold: Double) -> KernelTask {
    rows(name, threshold) { x, y in Float.map(function, side * side, x, y) }
  }

  private static func rows(
    _ name: String, _ threshold: Double,
    _ body: @escaping (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> KernelTask {
    let x = random([side, side])
    var y = x
    return KernelTask(
      name: name, bound: .copy, threshold: threshold, work: Double(side * side),
      call: { body(x.storage, &y.storage) })
  }

  /// - `multiplications`: of the forward pass; the backward pass has twice as many.
  private static func layer<L: Layer>(
    _ name: String, _ layer: L, _ shape: [Int], multiplications: Int, threshold: Double
  ) -> KernelTask where L.Scalar == Float {
    let x = random(shape)
    var gradient = layer.zeroed()
    return KernelTask(
      name: name, bound: .sgemm, threshold: threshold, work: 6 * Double(multiplications),
      call: {
        var context = ForwardContext(mode: .training, random: RandomSource(seed: 1))
        let (y, cache) = layer.forward(x, &context)
        _ = layer.backward(y, cache, into: &gradient)
      })
  }

  private static func random(_ shape: [Int]) -> Tensor<Float> {
    var random = RandomSource(seed: 3)
    var tensor = Tensor<Float>(zeros: shape)
    random.fillNormal(&tensor.storage)
    return tensor
  }

  /// Time of a call over that of its bound; both are the fastest of many.
  func timesBound() -> Double {
    let own = Self.fastest(call) / work
    switch bound {
    case .copy: return own / Self.secondsOfCopy()
    case .sgemm: return own / Self.secondsOfProduct()
    }
  }

  /// Of one element.
  private static func secondsOfCopy() -> Double {
    let count = side * side
    let x = random([count])
    var y = x
    let whole = fastest { Float.copyBlock(1, count, x.storage, stride: count, to: &y.storage, stride: count) }
    return whole / Double(count)
  }

  /// Of one operation.
  static func secondsOfProduct() -> Double {
    let size = 512
    let (a, b) = (random([size, size]), random([size, size]))
    var c = a
    let whole = fastest { c.setProduct(a, b) }
    return whole / (2 * Double(size * size * size))
  }

  /// Seconds of the fastest of calls that take a fifth of a second together, after some that warm up.
  private static func fastest(_ call: () -> Void) -> Double {
    for _ in 0..<3 { call() }
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(200)
    var best = Double.infinity
    repeat { best = min(best, clock.measure(call) / .seconds(1)) } while clock.now < end
    return best
  }
}
