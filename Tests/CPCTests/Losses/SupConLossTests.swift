import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

private struct SupConGolden: Decodable {
  struct Case: Decodable {
    var kind, anchors: String
    var temperature, base: Double
    var labels: [Int]?
    var mask: [Double]?
    var shape: [Int]
    var features: [Double]
    var loss: Double
    var gradient: [Double]

    var targets: SupConLoss.Targets<Double> {
      if let labels { return .labels(labels) }
      if let mask { return .mask(Tensor(mask, shape: [shape[0], shape[0]])) }
      return .views
    }
  }
  var supcon: [Case]
}

@Suite struct SupConLossTests {
  @Test func agreesWithPyTorch() throws {
    for item in try golden("ContrastiveLosses.json", as: SupConGolden.self).supcon {
      let loss = SupConLoss(
        temperature: item.temperature, baseTemperature: item.base,
        anchors: item.anchors == "all" ? .all : .one)
      let result = loss(Tensor(item.features, shape: item.shape), item.targets)
      #expect(close(result.loss, item.loss), "\(item.kind) \(item.anchors)")
      for (own, theirs) in zip(result.dFeatures.storage, item.gradient) { #expect(close(own, theirs)) }
    }
  }

  /// The formula once more in plain loops.
  private func definition(
    _ z: [[[Double]]], positive: (Int, Int) -> Double, tau: Double, base: Double, oneAnchor: Bool
  ) -> Double {
    var total = 0.0
    var anchors = 0
    for i in z.indices {
      for v in z[i].indices where !oneAnchor || v == 0 {
        anchors += 1
        var (partition, sum, weight) = (0.0, 0.0, 0.0)
        var logits: [(Double, Double)] = []
        for j in z.indices {
          for w in z[j].indices where !(i == j && v == w) {
            let logit = zip(z[i][v], z[j][w]).reduce(0) { $0 + $1.0 * $1.1 } / tau
            partition += exp(logit)
            logits.append((logit, positive(i, j)))
          }
        }
        for (logit, m) in logits where m > 0 {
          sum += m * log(exp(logit) / partition)
          weight += m
        }
        if weight > 0 { total -= tau / base * sum / weight }
      }
    }
    return total / Double(anchors)
  }

  private func example(_ random: inout RandomSource, items: Int, views: Int, channels: Int) -> Tensor<Double>
  {
    var storage: [Double] = []
    for _ in 0..<items * views {
      let row = (0..<channels).map { _ in random.uniform(in: -1...1) }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      storage += row.map { $0 / length }
    }
    return Tensor(storage, shape: [items, views, channels])
  }

  @Test func agreesWithItsDefinition() {
    var random = RandomSource(seed: 21)
    for (views, oneAnchor) in [(1, false), (2, false), (3, true)] {
      let features = example(&random, items: 6, views: views, channels: 4)
      let nested = (0..<6).map { i in
        (0..<views).map { v in (0..<4).map { features.storage[(i * views + v) * 4 + $0] } }
      }
      let labels = (0..<6).map { _ in random.integer(below: 3) }
      let loss = SupConLoss(temperature: 0.3, baseTemperature: 0.1, anchors: oneAnchor ? .one : .all)
      let expected = definition(
        nested, positive: { labels[$0] == labels[$1] ? 1 : 0 }, tau: 0.3, base: 0.1, oneAnchor: oneAnchor)
      #expect(close(loss(features, .labels(labels)).loss, expected))
    }
  }

  @Test func gradientAgreesWithCentralDifferences() {
    var random = RandomSource(seed: 22)
    let features = example(&random, items: 5, views: 2, channels: 3)
    let mask = Tensor(
      (0..<25).map { _ in random.integer(below: 2) == 0 ? 0 : random.uniform() }, shape: [5, 5])
    for anchors in [SupConLoss.Anchors.all, .one] {
      let loss = SupConLoss(temperature: 0.5, anchors: anchors)
      let gradient = loss(features, .mask(mask)).dFeatures
      for i in features.storage.indices {
        var (up, down) = (features, features)
        up.storage[i] += 1e-5
        down.storage[i] -= 1e-5
        let numeric = (loss(up, .mask(mask)).loss - loss(down, .mask(mask)).loss) / 2e-5
        #expect(close(gradient.storage[i], numeric, 1e-8))
      }
    }
  }

  @Test func equalFeaturesGiveTheLogOfTheOthers() {
    let features = Tensor<Double>([Double](repeating: 0.5, count: 4 * 2 * 4), shape: [4, 2, 4])
    let result = SupConLoss(temperature: 0.07)(features, .labels([0, 0, 1, 1]))
    #expect(close(result.loss, log(7)))
  }

  @Test func anAnchorWithoutPositivesContributesNothing() {
    var random = RandomSource(seed: 23)
    let features = example(&random, items: 3, views: 1, channels: 4)
    let alone = SupConLoss()(features, .labels([0, 1, 2]))
    #expect(alone.loss == 0)
    #expect(alone.dFeatures.storage.allSatisfy { $0 == 0 })
  }

  @Test func extremeTemperaturesStayFinite() {
    let features = Tensor<Float>([1, 0, 1, 0, -1, 0, -1, 0], shape: [2, 2, 2])
    for temperature in [1e-6, 1e6] {
      let result = SupConLoss(temperature: temperature, baseTemperature: 1)(features, .labels([0, 0]))
      #expect(result.loss.isFinite && result.dFeatures.storage.allSatisfy(\.isFinite))
    }
  }

  @Test func theOrderOfItemsDoesNotMatter() {
    var random = RandomSource(seed: 24)
    let features = example(&random, items: 6, views: 2, channels: 4)
    let labels = [0, 1, 0, 2, 1, 2]
    let order = random.permutation(6)
    let shuffled = Tensor(order.flatMap { features.storage[$0 * 8..<($0 + 1) * 8] }, shape: features.shape)
    let a = SupConLoss()(features, .labels(labels)).loss
    let b = SupConLoss()(shuffled, .labels(order.map { labels[$0] })).loss
    #expect(close(a, b))
  }
}
