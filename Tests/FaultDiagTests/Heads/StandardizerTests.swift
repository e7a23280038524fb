import NeuralNet
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct StandardizerTests {
  @Test func channelsGetMeanZeroAndDeviationOne() {
    let x = Tensor<Double>([1, 10, 5, 3, 30, 5, 5, 20, 5], shape: [3, 3])
    let y = Standardizer(fitting: x)(x)
    for channel in 0..<2 {
      let column = (0..<3).map { y.storage[$0 * 3 + channel] }
      #expect(close(column.reduce(0, +), 0))
      #expect(close(column.reduce(0) { $0 + $1 * $1 } / 3, 1))
    }
    #expect((0..<3).allSatisfy { y.storage[$0 * 3 + 2] == 0 }, "a constant channel becomes zero")
  }

  @Test func keepsTheLayerContract() {
    let x = Tensor<Double>([0.3, -1, 2, 0.7, 1.1, -0.4, 0.2, 0.9], shape: [4, 2])
    #expect(Contracts.violations(of: Standardizer(fitting: x), input: x) == [])
  }
}
