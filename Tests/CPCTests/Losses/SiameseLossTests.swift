import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

private struct SiameseGolden: Decodable {
  struct Case: Decodable {
    var shape: [Int]
    var margin: Double
    var a, b: [Double]
    var different: [Bool]
    var loss: Double
    var da, db: [Double]
  }
  var siamese: [Case]
}

@Suite struct SiameseLossTests {
  @Test func agreesWithPyTorch() throws {
    for item in try golden("ContrastiveLosses.json", as: SiameseGolden.self).siamese {
      let result = SiameseLoss(margin: item.margin)(
        Tensor(item.a, shape: item.shape), Tensor(item.b, shape: item.shape), different: item.different)
      #expect(close(result.loss, item.loss))
      for (own, theirs) in zip(result.dA.storage, item.da) { #expect(close(own, theirs)) }
      for (own, theirs) in zip(result.dB.storage, item.db) { #expect(close(own, theirs)) }
    }
  }

  @Test func springsRestAtZeroAndAtTheMargin() {
    let loss = SiameseLoss(margin: 2)
    let origin = Tensor<Double>([0, 0], shape: [1, 2])
    let far = Tensor<Double>([0, 2], shape: [1, 2])
    #expect(loss(origin, far, different: [true]).loss == 0)
    #expect(loss(origin, origin, different: [false]).loss == 0)
    #expect(loss(origin, far, different: [false]).loss == 2)
    #expect(loss(origin, origin, different: [true]).loss == 2)
    #expect(loss(origin, origin, different: [true]).dA.storage == [0, 0])
  }

  @Test func gradientAgreesWithCentralDifferences() {
    var random = RandomSource(seed: 31)
    let a = Tensor((0..<18).map { _ in random.uniform(in: -1...1) }, shape: [6, 3])
    let b = Tensor((0..<18).map { _ in random.uniform(in: -1...1) }, shape: [6, 3])
    let different = [true, false, true, false, true, true]
    let loss = SiameseLoss(margin: 1.3)
    let gradient = loss(a, b, different: different)
    for i in 0..<18 {
      var (up, down) = (a, a)
      up.storage[i] += 1e-5
      down.storage[i] -= 1e-5
      let numeric = (loss(up, b, different: different).loss - loss(down, b, different: different).loss) / 2e-5
      #expect(close(gradient.dA.storage[i], numeric, 1e-8))
      #expect(gradient.dB.storage[i] == -gradient.dA.storage[i])
    }
  }

  @Test func pairsAreBalancedAndSeeded() {
    let labels = [Int](repeating: 0, count: 50) + [1, 1, 2]
    let pairs = BalancedPairs(labels: labels)
    var random = RandomSource(seed: 4)
    let drawn = pairs.draw(3000, &random)
    #expect(drawn.filter(\.different).count == 1500)
    #expect(drawn.allSatisfy { $0.different == (labels[$0.a] != labels[$0.b]) })
    #expect(drawn.allSatisfy { $0.a != $0.b || labels[$0.a] == 2 })
    // The class of one takes part in two thirds of the different pairs, however rare it is.
    let rare = drawn.filter { $0.different && (labels[$0.a] == 2 || labels[$0.b] == 2) }.count
    #expect(abs(rare - 1000) < 100)
    var again = RandomSource(seed: 4)
    #expect(pairs.draw(3000, &again) == drawn)
  }

  @Test func oneClassGivesEqualPairsOnly() {
    var random = RandomSource(seed: 4)
    #expect(BalancedPairs(labels: [5, 5, 5]).draw(10, &random).allSatisfy { !$0.different })
    #expect(BalancedPairs(labels: []).draw(10, &random).isEmpty)
  }
}
