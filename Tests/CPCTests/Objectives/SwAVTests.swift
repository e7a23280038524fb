import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct SwAVTests {
  static let crops = [
    Crop(view: 0, steps: 0..<5), Crop(view: 1, steps: 0..<5), Crop(view: 0, steps: 1..<4),
    Crop(view: 1, steps: 2..<5),
  ]

  /// Scores of one crop, its steps pooled in plain loops.
  private static func scores(
    _ objective: SwAV<Double>, _ r: Representations<Double>, _ crop: Crop
  ) -> [[Double]] {
    (0..<r.windowCount).map { window in
      let row = crop.view * r.windowCount + window
      func column(_ x: Tensor<Double>, _ d: Int) -> [Double] {
        crop.steps.map { x.storage[(row * r.stepCount + $0) * x.shape[2] + d] }
      }
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
      let latents = (0..<r.latentSize).map { column(r.latents, $0) }
      let deviations = latents.map { values in
        sqrt(mean(values.map { pow($0 - mean(values), 2) }) + 1e-6)
      }
      let e =
        latents.map(mean) + deviations + (0..<r.contextSize).map { mean(column(r.contexts, $0)) }
      let z = objective.projector(Tensor(e, shape: [1, e.count])).storage
      return (0..<objective.prototypes.count).map { k in
        z.indices.reduce(0) { $0 + z[$1] * objective.prototypes.weight.storage[k * z.count + $1] }
      }
    }
  }

  @Test(arguments: [0, 4]) func agreesWithItsDefinition(queue: Int) {
    var objective: SwAV<Double> = GroupingFixtures.swav(queue: queue)
    let past = UnitLength<Double>()(randomTensor([4, GroupingFixtures.size], seed: 17))
    for index in objective.queues.indices { objective.queues[index].append(past) }
    let r: Representations<Double> = GroupingFixtures.representations(windows: 6)
    let scores = Self.crops.map { Self.scores(objective, r, $0) }
    var expected = 0.0
    for i in 0..<2 {
      let remembered =
        queue == 0
        ? []
        : (0..<4).map { row in
          (0..<4).map { k in
            (0..<5).reduce(0.0) { sum, d in
              sum + past.storage[row * 5 + d] * objective.prototypes.weight.storage[k * 5 + d]
            }
          }
        }
      let all = scores[i] + remembered
      let codes = SinkhornTests.definition(
        Tensor(all.flatMap { $0 }, shape: [all.count, 4]), epsilon: 0.05, iterations: 3)
      for j in Self.crops.indices where j != i {
        for b in 0..<6 {
          let total = scores[j][b].reduce(0) { $0 + exp($1 / 0.1) }
          for k in 0..<4 {
            expected -= codes.storage[b * 4 + k] * log(exp(scores[j][b][k] / 0.1) / total) / 6 / 3 / 2
          }
        }
      }
    }
    var gradient = objective.zeroed()
    let outcome = objective.evaluate(r, crops: Self.crops, into: &gradient)
    #expect(abs(outcome.loss - expected) < 1e-11 * expected)
  }

  @Test func gradientsAgreeWithDifferencesForFixedCodes() {
    let objective: SwAV<Double> = GroupingFixtures.swav()
    let r: Representations<Double> = GroupingFixtures.representations(windows: 4)
    let codes = (0..<2).map { randomTensor([4, 4], seed: $0, as: Double.self).softmax().probabilities }
    #expect(
      GroupingFixtures.failures(of: objective, at: r) {
        $0.evaluate($1, crops: Self.crops, codes: codes, into: &$2)
      } == [])
  }

  @Test func neitherOrderNorViewMatters() {
    let objective: SwAV<Double> = GroupingFixtures.swav(shortCrops: 0)
    let r: Representations<Double> = GroupingFixtures.representations(windows: 5)
    let loss = GroupingFixtures.loss(objective, r)
    #expect(
      abs(GroupingFixtures.loss(objective, GroupingFixtures.reordered(r, [3, 0, 4, 1, 2])) - loss) < 1e-12)
    #expect(abs(GroupingFixtures.loss(objective, GroupingFixtures.swapped(r)) - loss) < 1e-12)
  }

  /// Nothing to tell windows apart: codes and predictions are even over prototypes that all score the same.
  @Test func equalPrototypesGiveTheLogarithmOfTheirNumber() {
    var objective: SwAV<Double> = GroupingFixtures.swav()
    let one = objective.prototypes.weight.outer(0..<1)
    objective.prototypes.weight = Tensor.concatenated([one, one, one, one], axis: 0)
    let r: Representations<Double> = GroupingFixtures.representations(windows: 5)
    #expect(abs(GroupingFixtures.loss(objective, r) - log(4)) < 1e-12)
  }

  @Test(arguments: [2, 40]) func extremesAreFinite(prototypes: Int) {
    let objective: SwAV<Float> = GroupingFixtures.swav(prototypes: prototypes)
    for windows in [2, 5] {
      let r: Representations<Float> = GroupingFixtures.representations(windows: windows)
      #expect(GroupingFixtures.isFinite(objective, r))
      #expect(GroupingFixtures.isFinite(objective, GroupingFixtures.identical(r)))
    }
  }

  @Test func prototypesAreFrozenThenMoveAndKeepUnitLength() {
    var objective: SwAV<Double> = GroupingFixtures.swav(queue: 4)
    let r: Representations<Double> = GroupingFixtures.representations(windows: 3)
    for step in 0..<4 {
      var context = ObjectiveContext(random: RandomSource(seed: 1), step: step, totalSteps: 4)
      var gradient = objective.zeroed()
      _ = objective.evaluate(r, &context, into: &gradient)
      #expect((gradient.prototypes.weight.squaredNorm > 0) == (step >= 2))
      objective.prototypes.weight.scale(by: 3)
      objective.stepEnded(r, &context)
      for k in 0..<4 {
        #expect(abs(objective.prototypes.weight.outer(k..<k + 1).squaredNorm - 1) < 1e-12)
      }
      #expect(objective.queues.map { $0.count } == [[0, 0], [0, 0], [3, 3], [4, 4]][step])
    }
  }

  @Test func shortCropsStayWithinTheSteps() {
    let objective: SwAV<Float> = GroupingFixtures.swav(shortCrops: 5)
    var random = RandomSource(seed: 1)
    for steps in [1, 2, 7] {
      for crop in objective.crops(steps: steps, random: &random).dropFirst(2) {
        #expect(crop.steps.lowerBound >= 0 && crop.steps.upperBound <= steps && !crop.steps.isEmpty)
      }
    }
  }
}
