import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct TripletLossTests {
  static let groups = [0, 1, 0, 2, 1, 0, 3]
  static let features: Tensor<Double> = randomTensor([7, 3], seed: 6)

  /// The triplets of a batch and their mean, from the words of each mining.
  static func definition(_ mining: TripletLoss.Mining, margin: Double, draws: [Int32]) -> Double {
    let z = rowArrays(features)
    func d(_ a: Int, _ b: Int) -> Double { squaredDistance(z[a], z[b]) }
    var terms: [Double] = []
    var pair = 0
    for a in 0..<7 {
      let others = (0..<7).filter { groups[$0] != groups[a] }
      let alike = (0..<7).filter { $0 != a && groups[$0] == groups[a] }
      func term(_ p: Int, _ n: Int) { terms.append(max(0, d(a, p) - d(a, n) + margin)) }
      switch mining {
      case .random:
        for p in alike {
          term(p, others[Int(draws[pair])])
          pair += 1
        }
      case .semiHard:
        for p in alike {
          let beyond = others.filter { d(a, $0) > d(a, p) }
          term(p, beyond.min { d(a, $0) < d(a, $1) } ?? others.max { d(a, $0) < d(a, $1) }!)
        }
      case .hard:
        guard let p = alike.max(by: { d(a, $0) < d(a, $1) }) else { continue }
        term(p, others.min { d(a, $0) < d(a, $1) }!)
      }
    }
    return terms.reduce(0, +) / Double(terms.count)
  }

  @Test(arguments: TripletLoss.Mining.allCases, [0.2, 3]) func agreesWithItsDefinition(
    mining: TripletLoss.Mining, margin: Double
  ) {
    // Six pairs of class 0 among four negatives, two of class 1 among five.
    let draws: [Int32] = [3, 1, 4, 0, 2, 2, 0, 1]
    let outcome = TripletLoss(margin: margin, mining: mining)(
      Self.features, groups: Self.groups, draws: draws)
    #expect(close(outcome.loss, Self.definition(mining, margin: margin, draws: draws), 1e-12))
    #expect(outcome.triplets == (mining == .hard ? 5 : 8))
  }

  @Test(arguments: TripletLoss.Mining.allCases) func gradientAgreesWithDifferences(mining: TripletLoss.Mining)
  {
    let loss = TripletLoss(margin: 0.5, mining: mining)
    func outcome(_ z: Tensor<Double>) -> TripletLoss.Outcome<Double> {
      var random = RandomSource(seed: 3)
      return loss(z, groups: Self.groups, random: &random)
    }
    let failures = GradientCheck().failures(
      of: outcome(Self.features).dRows, at: Self.features, name: "z"
    ) { outcome($0).loss }
    #expect(failures == [])
  }

  /// Positive and negative at one place: the loss is the margin, and nothing pulls.
  @Test(arguments: TripletLoss.Mining.allCases) func equalRowsCostTheMargin(mining: TripletLoss.Mining) {
    var random = RandomSource(seed: 3)
    let outcome = TripletLoss(margin: 0.25, mining: mining)(
      Tensor<Double>(repeating: 0.5, shape: [4, 4]), groups: [0, 0, 1, 1], random: &random)
    #expect(close(outcome.loss, 0.25) && outcome.dRows.largestMagnitude < 1e-15)
    #expect(outcome.shareRight == 0)
  }

  @Test(arguments: TripletLoss.Mining.allCases) func withoutPositivesOrNegativesThereIsNothing(
    mining: TripletLoss.Mining
  ) {
    var random = RandomSource(seed: 3)
    for groups in [[0, 1, 2, 3, 4, 5, 6], [Int](repeating: 0, count: 7)] {
      let outcome = TripletLoss(mining: mining)(Self.features, groups: groups, random: &random)
      #expect(outcome.loss == 0 && outcome.triplets == 0 && outcome.shareRight == nil)
      #expect(outcome.dRows.largestMagnitude == 0)
    }
    #expect(TripletLoss(mining: mining)(Tensor<Float>(zeros: [0, 3]), groups: [], random: &random).loss == 0)
  }

  @Test(arguments: TripletLoss.Mining.allCases) func singlePrecisionAgreesWithDouble(
    mining: TripletLoss.Mining
  ) {
    var (one, other) = (RandomSource(seed: 3), RandomSource(seed: 3))
    let loss = TripletLoss(margin: 0.5, mining: mining)
    let a = loss(Self.features, groups: Self.groups, random: &one)
    let b = loss(Tensor<Float>(converting: Self.features), groups: Self.groups, random: &other)
    #expect(abs(a.loss - b.loss) < 1e-5)
    #expect(Golden.mismatch(b.dRows, a.dRows, tolerance: 1e-5) == nil)
  }
}
