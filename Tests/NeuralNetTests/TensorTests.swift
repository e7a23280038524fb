import NeuralNet
import Support
import TestSupport
import Testing

struct TensorTests {
  private static func counting(_ shape: [Int]) -> Tensor<Double> {
    Tensor((0..<shape.reduce(1, *)).map(Double.init), shape: shape)
  }

  @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
  func productsAgreeWithTheirDefinition(_ transposeA: Bool, _ transposeB: Bool) {
    let (m, n, k) = (3, 4, 5)
    let a = GradientCheck(seed: 1).randomTensor(transposeA ? [k, m] : [m, k])
    let b = GradientCheck(seed: 2).randomTensor(transposeB ? [n, k] : [k, n])
    let (a2, b2) = (transposeA ? a.transposed() : a, transposeB ? b.transposed() : b)
    var expected = Tensor<Double>(zeros: [m, n])
    for i in 0..<m {
      for j in 0..<n {
        for l in 0..<k { expected.storage[i * n + j] += a2.storage[i * k + l] * b2.storage[l * n + j] }
      }
    }
    let product = Tensor.product(a, transposeA: transposeA, b, transposeB: transposeB)
    #expect((product - expected).largestMagnitude < 1e-14)
    var sum = Tensor<Double>(repeating: 1, shape: [m, n])
    sum.addProduct(a, transposeA: transposeA, b, transposeB: transposeB, scaledBy: -2)
    #expect((sum - .combine(-2, expected, 1, Tensor(repeating: 1, shape: [m, n]))).largestMagnitude < 1e-13)
  }

  @Test func emptyProducts() {
    let a = Tensor<Float>(zeros: [0, 3])
    #expect(Tensor.product(a, Tensor(zeros: [3, 2])).shape == [0, 2])
    #expect(Tensor.product(a, transposeA: true, a) == Tensor(zeros: [3, 3]))
  }

  @Test func slicesAndTheirTransposes() {
    let x = Self.counting([2, 3, 4])
    #expect(x.slice(1..<3, axis: 1).storage == [4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23])
    #expect(x.slice(2..<3, axis: 2).storage == [2, 6, 10, 14, 18, 22])
    #expect(x.step(2) == Tensor([8, 9, 10, 11, 20, 21, 22, 23], shape: [2, 4]))
    #expect(x.outer(1..<2).shape == [1, 3, 4] && x.item(1).storage == Array(x.storage[12...]))
    for axis in 0..<3 {
      var sum = Tensor<Double>(zeros: x.shape)
      let parts = (0..<x.shape[axis]).map { x.slice($0..<($0 + 1), axis: axis) }
      for (i, part) in parts.enumerated() { sum.addSlice(part, at: i, axis: axis) }
      #expect(sum == x && Tensor.concatenated(parts, axis: axis) == x)
    }
  }

  @Test(arguments: [[3], [1, 2], [2, 0, 4]]) func joiningIsConcatenatingTheOutermost(rows: [Int]) {
    let parts = rows.enumerated().map {
      Self.counting([$1, 2, 3]) + Tensor(repeating: Double($0), shape: [$1, 2, 3])
    }
    #expect(Tensor.joined(parts) == Tensor.concatenated(parts, axis: 0))
  }

  @Test func gatheringAndItsTranspose() {
    let x = Self.counting([3, 2])
    #expect(x.gathering([2, 0, 2]).storage == [4, 5, 0, 1, 4, 5])
    var sum = Tensor<Double>(zeros: [3, 2])
    sum.addItems(Tensor(repeating: 1, shape: [3, 2]), at: [2, 0, 2])
    #expect(sum.storage == [1, 1, 0, 0, 2, 2])
    #expect(x.gathering([]).shape == [0, 2])
  }

  @Test func arithmetic() {
    let (a, b) = (Self.counting([2, 2]), Tensor<Double>(repeating: 3, shape: [2, 2]))
    #expect((a + b).storage == [3, 4, 5, 6] && (a - b).storage == [-3, -2, -1, 0])
    #expect((2 * a).storage == [0, 2, 4, 6] && a.multiplied(by: b).storage == [0, 3, 6, 9])
    #expect(a.dot(b) == 18 && a.sum == 6 && a.mean == 1.5 && a.columnSums.storage == [2, 4])
    var c = a
    c.add(b, scaledBy: 2)
    c.scale(by: 0.5)
    #expect(c.storage == [3, 3.5, 4, 4.5] && a.storage == [0, 1, 2, 3], "the copy is a value of its own")
    c.fill(7)
    #expect(c == Tensor(repeating: 7, shape: [2, 2]))
    #expect(Tensor<Float>(converting: a).storage == [0, 1, 2, 3])
    #expect(Self.counting([2, 3]).transposed() == Tensor([0, 3, 1, 4, 2, 5], shape: [3, 2]))
    // Whole squares of the kernel, and what is left of them.
    let (m, n) = (33, 50)
    let transpose = Self.counting([m, n]).transposed()
    #expect(transpose.shape == [n, m])
    #expect((0..<n * m).allSatisfy { transpose.storage[$0] == Double($0 % m * n + $0 / m) })
  }
}
