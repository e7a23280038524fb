import NeuralNet
import Support
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct ProjectionHeadTests {
  private func input(_ rows: Int) -> Tensor<Double> {
    var random = RandomSource(seed: 41)
    return Tensor((0..<rows * 5).map { _ in random.uniform(in: -2...2) }, shape: [rows, 5])
  }

  @Test(arguments: [(nil, true), (nil, false), (7, true), (7, false)] as [(Int?, Bool)])
  func keepsTheLayerContract(hidden: Int?, unitLength: Bool) {
    var random = RandomSource(seed: 42)
    let head = ProjectionHead<Double>(
      inputs: 5, hiddenSize: hidden, outputs: 3, unitLength: unitLength, random: &random)
    #expect(GradientCheck().failures(of: head, input: input(6)) == [])
  }

  @Test func outputsHaveUnitLengthWhereAsked() {
    var random = RandomSource(seed: 43)
    let head = ProjectionHead<Double>(inputs: 5, hiddenSize: 7, outputs: 3, unitLength: true, random: &random)
    let y = head(input(4))
    for row in 0..<4 { #expect(close(y.item(row).squaredNorm, 1)) }
  }

  @Test func parametersHaveFixedNames() {
    var random = RandomSource(seed: 43)
    let head = ProjectionHead<Double>(inputs: 5, hiddenSize: 7, outputs: 3, unitLength: true, random: &random)
    #expect(head.parameters.map(\.name) == ["hidden.weight", "hidden.bias", "output.weight", "output.bias"])
  }
}
