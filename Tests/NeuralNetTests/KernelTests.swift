import NeuralNet
import Support
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Accuracy and special values of the elementary functions, and the kernels that no layer test reaches.
struct KernelTests {
  private static func values(_ f: ElementaryFunction, _ x: [Float]) -> [Float] {
    Tensor(x, shape: [x.count]).mapped(f).storage
  }

  private static func libm(_ f: ElementaryFunction, _ x: Double) -> Double {
    switch f {
    case .exp: exp(x)
    case .log: log(x)
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .erf: erf(x)
    case .relu: max(0, x)
    case .gelu: x * 0.5 * erfc(-x * 0.5.squareRoot())
    }
  }

  /// Largest error against libm in units in the last place, over values that cover the argument range densely.
  @Test(arguments: [
    (ElementaryFunction.exp, -86.5, 88.7, 2.0), (.tanh, -12, 12, 3), (.sigmoid, -80, 80, 4), (.erf, -5, 5, 3),
  ])
  func singlePrecisionErrorInULP(_ f: ElementaryFunction, _ low: Double, _ high: Double, _ limit: Double) {
    let x = (0...400_000).map { Float(low + (high - low) * Double($0) / 400_000) }
    var worst = 0.0
    for (x, y) in zip(x, Self.values(f, x)) {
      let exact = Self.libm(f, Double(x))
      worst = max(worst, abs(Double(y) - exact) / Double(Float(exact).ulp))
    }
    #expect(worst <= limit, "\(f): \(worst) ulp")
  }

  @Test func logarithmErrorInULP() {
    // Every exponent, mantissas in steps, subnormals included.
    let x = stride(from: UInt32(1), to: 0x7f80_0000, by: 4999).map { Float(bitPattern: $0) }
    for (x, y) in zip(x, Self.values(.log, x)) {
      let exact = log(Double(x))
      #expect(abs(Double(y) - exact) <= 3 * Double(Float(exact).ulp) + 1e-10, "log \(x)")
    }
  }

  /// GELU cancels for negative arguments, so its error is measured against |x|.
  @Test func geluError() {
    let x = (0...100_000).map { Float(-10 + 20 * Double($0) / 100_000) }
    for (x, y) in zip(x, Self.values(.gelu, x)) {
      #expect(abs(Double(y) - Self.libm(.gelu, Double(x))) <= 1.5e-7 * max(1e-6, abs(Double(x))), "gelu \(x)")
    }
  }

  @Test(arguments: ElementaryFunction.allCases) func specialValues(_ f: ElementaryFunction) {
    let inf = Float.infinity
    let limits: [ElementaryFunction: [Float]] = [
      .exp: [0, inf, 1, 1], .log: [.nan, inf, -inf, -inf], .tanh: [-1, 1, 0, -0.0],
      .sigmoid: [0, 1, 0.5, 0.5],
      .erf: [-1, 1, 0, -0.0], .relu: [0, inf, 0, 0], .gelu: [0, inf, 0, 0],
    ]
    let arguments: [Float] = [-inf, inf, 0, -0.0]
    for count in [4, 40] {
      // Long enough for the vector loop too.
      let x = (0..<count).map { arguments[$0 % 4] }
      for (i, y) in Self.values(f, x).enumerated() {
        let expected = limits[f]![i % 4]
        #expect(y == expected || (y.isNaN && expected.isNaN), "\(f)(\(x[i])) = \(y)")
      }
    }
    let nans = Self.values(f, [Float](repeating: .nan, count: 37))
    #expect(nans.allSatisfy { $0.isNaN }, "NaN must come out as NaN")
    let doubles = Tensor<Double>(repeating: .nan, shape: [5]).mapped(f).storage
    #expect(doubles.allSatisfy { $0.isNaN })
    #expect(Self.values(.exp, [-87.5, -1e30, 89, 1e30]) == [0, 0, inf, inf])
    #expect(Self.values(.log, [-1, -inf]).allSatisfy { $0.isNaN })
  }

  /// By differences in double, and the single-precision derivative against the double one.
  @Test(arguments: ElementaryFunction.allCases) func derivatives(_ f: ElementaryFunction) {
    let x = Tensor<Double>((1...60).map { Double($0) * 0.11 - (f == .log ? 0 : 3.3) + 0.01 }, shape: [60])
    func derivative<S: TensorScalar>(_ x: Tensor<S>) -> Tensor<S> {
      let saved = f.savesOutput ? x.mapped(f) : x
      let ones = Tensor<S>(repeating: 1, shape: x.shape)
      return Tensor(written: x.shape) {
        S.mapBackward(f, x.count, ones.storage, saved: saved.storage, $0)
      }
    }
    let exact = derivative(x)
    let failures = GradientCheck(samples: 60).failures(of: exact, at: x, name: "\(f)") { $0.mapped(f).sum }
    #expect(failures == [])
    let single = Tensor<Double>(converting: derivative(Tensor<Float>(converting: x)))
    for (a, b) in zip(single.storage, exact.storage) { #expect(abs(a - b) <= 2e-6 * max(1, abs(b))) }
  }

  @Test func softmaxOfExtremeRows() {
    let inf = Float.infinity
    let x = Tensor<Float>(
      [1000, 1000, -1000, -inf, 5, -inf, -inf, -inf, -inf, 1, .nan, 2, -200, -200, -200], shape: [5, 3])
    let (p, lse) = x.softmax()
    #expect(Array(p.storage[0..<9]) == [0.5, 0.5, 0, 0, 1, 0, 0, 0, 0])
    #expect(p.storage[9..<12].allSatisfy { $0.isNaN })
    for i in 12..<15 { #expect(abs(p.storage[i] - 1 / 3) < 1e-6) }
    #expect(abs(lse.storage[0] - (1000 + 0.693147)) < 1e-3)
    #expect(lse.storage[1] == 5 && lse.storage[2] == -inf && lse.storage[3].isNaN)
    #expect(abs(lse.storage[4] - (-200 + 1.0986123)) < 1e-4)
    #expect(zip(x.logSumExp().storage, lse.storage).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
  }

  /// Sums of many terms: chunks keep the error far below that of a single running sum.
  @Test func longSumsKeepTheirDigits() {
    let x = Tensor<Float>(repeating: 0.1, shape: [1_000_003, 3])
    let exact = Double(Float(0.1)) * 3_000_009
    #expect(abs(Double(x.sum) / exact - 1) < 1e-6)
    for sum in x.columnSums.storage { #expect(abs(Double(sum) / (exact / 3) - 1) < 5e-6) }
    #expect(abs(Double(x.squaredNorm) / (exact * Double(Float(0.1))) - 1) < 1e-6)
    #expect(Tensor<Float>([1, -7, 3], shape: [3]).largestMagnitude == 7)
    #expect(Tensor<Float>([1, .nan, 3], shape: [3]).largestMagnitude.isNaN)
    #expect(!Tensor<Float>([1, -.infinity], shape: [2]).isFinite && Tensor<Float>(zeros: [0]).isFinite)
  }

  @Test func optimizerKernelsFollowTheirFormulas() {
    let check = GradientCheck(seed: 9)
    let p0 = check.randomTensor([37])
    let g = GradientCheck(seed: 10).randomTensor([37])
    var (p, m, v) = (
      p0, Tensor<Double>(repeating: 0.1, shape: [37]), Tensor<Double>(repeating: 0.2, shape: [37])
    )
    Double.adamWUpdate(
      37, &p.storage, g.storage, m: &m.storage, v: &v.storage, rate: 0.01, b1: 0.9, b2: 0.99, epsilon: 1e-8,
      decay: 0.1, c1: 0.19, c2: 0.0199)
    for i in 0..<37 {
      let m1 = 0.9 * 0.1 + 0.1 * g.storage[i]
      let v1 = 0.99 * 0.2 + 0.01 * g.storage[i] * g.storage[i]
      let expected = p0.storage[i] * (1 - 0.001) - 0.01 * (m1 / 0.19) / ((v1 / 0.0199).squareRoot() + 1e-8)
      #expect(abs(p.storage[i] - expected) < 1e-14 && abs(m.storage[i] - m1) < 1e-15)
      #expect(abs(v.storage[i] - v1) < 1e-15)
    }
    for nesterov in [false, true] {
      (p, v) = (p0, Tensor(repeating: 0.2, shape: [37]))
      Double.sgdUpdate(
        37, &p.storage, g.storage, v: &v.storage, rate: 0.1, momentum: 0.9, decay: 0.01, nesterov: nesterov)
      for i in 0..<37 {
        let d = g.storage[i] + 0.01 * p0.storage[i]
        let v1 = 0.9 * 0.2 + d
        let expected = p0.storage[i] - 0.1 * (nesterov ? d + 0.9 * v1 : v1)
        #expect(abs(p.storage[i] - expected) < 1e-14 && abs(v.storage[i] - v1) < 1e-15)
      }
    }
  }
}
