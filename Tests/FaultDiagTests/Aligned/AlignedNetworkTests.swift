import NeuralNet
import SignalIO
import Support
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct AlignedNetworkTests {
  private func network(rivals: Int = 2) -> AlignedNetwork<Double> {
    var random = RandomSource(seed: 3)
    return AlignedNetwork(
      families: 3, rivals: rivals, bands: 5, positions: 7, dropout: 0.2, random: &random)
  }

  @Test(arguments: [0, 1, 2]) func keepsTheContractOfALayer(rivals: Int) {
    var input = GradientCheck(seed: 8).randomTensor([4, 3 + rivals, 5, 7])
    // A silent band, as augmentation makes them, is left out of what bands agree on.
    for p in 0..<7 { input.storage[7 + p] = 0 }
    // Many rectifiers and maxima: a smaller step than usual crosses none of their kinks.
    let check = GradientCheck(step: 2e-5)
    let loud = GradientCheck(seed: 11).randomTensor([4, 3 + rivals, 5, 7])
    #expect(Contracts.violations(of: network(rivals: rivals), input: loud, check: check) == [])
    let training = ForwardContext(mode: .training, random: RandomSource(seed: 4))
    #expect(check.failures(of: network(rivals: rivals), input: loud, context: training) == [])
    #expect(network(rivals: rivals)(input).isFinite)
  }

  /// Pooling forgets which of the narrow bands held the lines; the last two, the whole range, have places of their own.
  @Test func orderOfNarrowBandsDoesNotMatter() {
    let input = GradientCheck(seed: 9).randomTensor([2, 5, 5, 7])
    var turned = input
    for row in 0..<10 {
      for band in 0..<3 {
        for p in 0..<7 {
          turned.storage[(row * 5 + band) * 7 + p] = input.storage[(row * 5 + (band + 1) % 3) * 7 + p]
        }
      }
    }
    let network = network()
    #expect(zip(network(input).storage, network(turned).storage).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// Rivals are a set: which of them comes first says nothing.
  @Test func orderOfRivalsDoesNotMatter() {
    let input = GradientCheck(seed: 12).randomTensor([1, 5, 5, 7])
    let size = 5 * 7
    var values = Array(input.storage.prefix(3 * size))
    values += input.storage.suffix(size)
    values += input.storage[3 * size..<4 * size]
    let turned = Tensor<Double>(values, shape: [1, 5, 5, 7])
    let network = network()
    #expect(zip(network(input).storage, network(turned).storage).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// What bands agree on is their mean without silent ones: silencing one of three equal bands changes only the mean of h.
  @Test func silentBandsAreLeftOutOfTheAgreement() {
    var input = Tensor<Double>([Double](repeating: 1, count: 5 * 5 * 7), shape: [1, 5, 5, 7])
    let all = network().agree(input, Live(input, bands: 5, positions: 7))
    for p in 0..<7 { input.storage[7 + p] = 0 }
    let live = Live(input, bands: 5, positions: 7)
    #expect(live.counts == [2, 3, 3, 3, 3])
    #expect(network().agree(input, live) == all)
    #expect(all.storage.prefix(14) == [2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1])
  }

  @Test func aWindowDoesNotSeeItsNeighbours() {
    let input = GradientCheck(seed: 10).randomTensor([3, 5, 5, 7])
    let network = network()
    let single = Tensor(Array(input.storage[175..<350]), shape: [1, 5, 5, 7])
    #expect(zip(network(single).storage, network(input).storage[3..<6]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// The kernels' way to the same logits.
  @Test(arguments: [0, 1, 3]) func kernelsAgreeWithTheDefinition(rivals: Int) {
    var random = RandomSource(seed: 5)
    let network = AlignedNetwork<Float>(
      families: 3, rivals: rivals, bands: 5, positions: 7, dropout: 0.2, random: &random)
    var input = Tensor<Float>(
      converting: GradientCheck(seed: 13).randomTensor([4, 3 + rivals, 5, 7]) as Tensor<Double>)
    for p in 0..<7 { input.storage[7 + p] = 0 }
    let (fast, plain) = (network.logits(input), network(input))
    #expect(fast.shape == [4, 3] && plain.shape == [4, 3])
    #expect(zip(fast.storage, plain.storage).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  /// With the mean of stretched rows taken up by its weights, a network judges rows as it would judge that mean.
  @Test func toleranceIsTheMeanOfStretchedRows() {
    var random = RandomSource(seed: 6)
    var settings = AlignedEnvelopeSettings()
    (settings.positionCount, settings.rivals) = (41, 1)
    settings.bands = Array(settings.bands.suffix(5))
    let shape = AlignedShape(settings)
    let network = AlignedNetwork<Float>(
      families: 3, rivals: 1, bands: 5, positions: 41, dropout: 0.2, random: &random)
    let x = Tensor<Float>(converting: GradientCheck(seed: 14).randomTensor([2, 4, 5, 41]) as Tensor<Double>)
    let scales = [0.97, 1, 1.02]
    var mean = Tensor<Float>(repeating: 0, shape: x.shape)
    for scale in scales {
      for row in 0..<x.count / 41 {
        for p in 0..<41 {
          let at = min(max((shape.firstStep + Double(p)) * scale - shape.firstStep, 0), 40)
          let left = min(Int(at), 39)
          let share = Float(at - Double(left))
          let value = (1 - share) * x.storage[row * 41 + left] + share * x.storage[row * 41 + left + 1]
          mean.storage[row * 41 + p] += value / 3
        }
      }
    }
    let (read, expected) = (network.tolerant(of: scales, shape: shape).logits(x), network.logits(mean))
    #expect(zip(read.storage, expected.storage).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(zip(read.storage, network.logits(x).storage).contains { abs($0 - $1) > 1e-3 })
  }
}
