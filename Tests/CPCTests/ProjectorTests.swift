import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct ProjectorTests {
  private func input(_ rows: Int) -> Tensor<Double> {
    var random = RandomSource(seed: 41)
    return Tensor((0..<rows * 5).map { _ in random.uniform(in: -2...2) }, shape: [rows, 5])
  }

  @Test(arguments: Projector<Double>.Kind.allCases, [true, false])
  func keepsTheLayerContract(kind: Projector<Double>.Kind, unitLength: Bool) {
    var random = RandomSource(seed: 42)
    let head = Projector<Double>(
      kind, inputs: 5, hiddenSize: 7, outputs: 3, unitLength: unitLength, random: &random)
    #expect(head(input(6)).shape == [6, head.outputs] && head.outputs == (kind == .none ? 5 : 3))
    #expect(Contracts.violations(of: head, input: input(6)) == [])
  }

  @Test func outputsHaveUnitLengthWhereAsked() {
    var random = RandomSource(seed: 43)
    let head = Projector<Double>(
      .mlp, inputs: 5, hiddenSize: 7, outputs: 3, unitLength: true, random: &random)
    let y = head(input(4))
    for row in 0..<4 { #expect(close(y.item(row).squaredNorm, 1)) }
  }

  @Test func parametersHaveFixedNames() {
    var random = RandomSource(seed: 43)
    let head = Projector<Double>(
      .mlp, inputs: 5, hiddenSize: 7, outputs: 3, unitLength: true, random: &random)
    #expect(head.parameters.map(\.name) == ["hidden.weight", "hidden.bias", "output.weight", "output.bias"])
  }
}
