import FaultDiag
import NeuralNet
import Support
import TestSupport
import Testing

@Suite struct AlignedNetworkTests {
  private func network(families: Int = 3) -> AlignedNetwork<Double> {
    var random = RandomSource(seed: 3)
    return AlignedNetwork(families: families, bands: 4, positions: 7, dropout: 0.2, random: &random)
  }

  @Test func keepsTheContractOfALayer() {
    let input = GradientCheck(seed: 8).randomTensor([5, 3, 4, 7])
    // Many rectifiers and maxima: a smaller step than usual crosses none of their kinks.
    let check = GradientCheck(step: 2e-5)
    #expect(Contracts.violations(of: network(), input: input, check: check) == [])
    let training = ForwardContext(mode: .training, random: RandomSource(seed: 4))
    #expect(check.failures(of: network(), input: input, context: training) == [])
  }

  /// Pooling by mean and maximum forgets which band held the lines.
  @Test func bandOrderDoesNotMatter() {
    let input = GradientCheck(seed: 9).randomTensor([2, 3, 4, 7])
    var turned = input
    for row in 0..<6 {
      for band in 0..<4 {
        for p in 0..<7 {
          turned.storage[(row * 4 + band) * 7 + p] = input.storage[(row * 4 + (band + 1) % 4) * 7 + p]
        }
      }
    }
    let network = network()
    #expect(zip(network(input).storage, network(turned).storage).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func aWindowDoesNotSeeItsNeighbours() {
    let input = GradientCheck(seed: 10).randomTensor([3, 3, 4, 7])
    let network = network()
    let single = Tensor(Array(input.storage[84..<168]), shape: [1, 3, 4, 7])
    #expect(zip(network(single).storage, network(input).storage[3..<6]).allSatisfy { abs($0 - $1) < 1e-12 })
  }
}
