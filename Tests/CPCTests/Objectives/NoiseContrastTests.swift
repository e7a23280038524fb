import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct NoiseContrastTests {
  static func objective(
    _ strategy: NegativeSampler.Strategy, sharing: NegativeSampler.Sharing = .fresh, count: Int = 5
  ) -> NoiseContrast<Double> {
    var random = RandomSource(seed: 8)
    return NoiseContrast(
      scorer: BilinearScorer(latentSize: 4, contextSize: 3, stepsAhead: 2, random: &random),
      sampler: NegativeSampler(strategy: strategy, sharing: sharing, count: count, stepsAhead: 2))
  }

  /// The loss once more, from its formula, in plain loops.
  static func definition(
    _ objective: NoiseContrast<Double>, _ r: Representations<Double>, _ negatives: Negatives
  ) -> Double {
    let z = rowArrays(r.latents)
    let c = rowArrays(r.contexts)
    let w = rowArrays(objective.scorer.weight)
    let steps = r.stepCount
    let shape = negatives.shape
    let hole = objective.sampler.sharing == .shared ? 2 : 1
    var total = 0.0
    for b in 0..<shape.windows {
      let from =
        objective.sampler.strategy == .acrossBatch
        ? r.windowCount : r.recordings.filter { $0 == r.recordings[b] }.count
      let noise = 1 / Double(from * steps - hole)
      for t in 0..<shape.anchors {
        for k in 1...2 {
          let prediction = (0..<4).map { dot(w[(k - 1) * 4 + $0], c[b * steps + t]) }
          func probability(_ position: Int) -> Double {
            let logit = dot(prediction, z[position]) - log(5 * noise)
            return 1 / (1 + exp(-logit))
          }
          let first = ((b * shape.anchors + t) * shape.draws + (shape.draws == 1 ? 0 : k - 1)) * 5
          total -= log(probability(b * steps + t + k))
          for j in 0..<5 { total -= log(1 - probability(Int(negatives.positions[first + j]))) }
        }
      }
    }
    return total / Double(shape.windows * shape.anchors * 2)
  }

  @Test(
    arguments: [NegativeSampler.Strategy.withinRecording, .acrossBatch], NegativeSampler.Sharing.allCases)
  func agreesWithItsDefinition(strategy: NegativeSampler.Strategy, sharing: NegativeSampler.Sharing) {
    let objective = Self.objective(strategy, sharing: sharing)
    let r: Representations<Double> = randomRepresentations(
      recordings: [0, 1, 0, 0], steps: 6, latent: 4, context: 3, seed: 4)
    var random = RandomSource(seed: 5)
    let negatives = objective.sampler.draw(recordings: r.recordings, steps: 6, random: &random)
    var gradient = objective.zeroed()
    let outcome = objective.evaluate(r, negatives: negatives, threads: 1, into: &gradient)
    #expect(close(outcome.loss, Self.definition(objective, r, negatives), 1e-12))
    #expect(outcome.measures.accuracyByStep.count == 2)
  }

  /// With scores of zero a pair is true with probability 1 / (1 + N / M), whatever it is.
  @Test func equalScoresLeaveTheShareOfNoise() {
    let objective = Self.objective(.acrossBatch)
    let r = Representations<Double>(
      latents: Tensor(zeros: [3, 6, 4]), contexts: randomTensor([3, 6, 3], seed: 2), recordings: [0, 1, 2])
    var context = ObjectiveContext(random: RandomSource(seed: 5))
    var gradient = objective.zeroed()
    let ratio = 5.0 / 17
    let expected = log(1 + ratio) + 5 * log(1 + 1 / ratio)
    #expect(close(objective.evaluate(r, &context, into: &gradient).loss, expected, 1e-12))
  }

  @Test func singlePrecisionAgreesWithDouble() {
    var random = RandomSource(seed: 8)
    let weight: Tensor<Double> = randomTensor([2 * 19, 6], seed: 8)
    let sampler = NegativeSampler(strategy: .acrossBatch, sharing: .fresh, count: 7, stepsAhead: 2)
    let wide: Representations<Double> = randomRepresentations(
      recordings: [0, 1, 2], steps: 6, latent: 19, context: 6, seed: 4)
    let narrow: Representations<Float> = randomRepresentations(
      recordings: [0, 1, 2], steps: 6, latent: 19, context: 6, seed: 4)
    let negatives = sampler.draw(recordings: [0, 1, 2], steps: 6, random: &random)
    let double = NoiseContrast(scorer: BilinearScorer(weight: weight, stepsAhead: 2), sampler: sampler)
    let single = NoiseContrast<Float>(
      scorer: BilinearScorer(weight: Tensor(converting: weight), stepsAhead: 2), sampler: sampler)
    var (expected, observed) = (double.zeroed(), single.zeroed())
    let a = double.evaluate(wide, negatives: negatives, threads: 1, into: &expected)
    let b = single.evaluate(narrow, negatives: negatives, threads: 2, into: &observed)
    #expect(abs(a.loss - b.loss) < 1e-5 * a.loss)
    #expect(Golden.mismatch(b.dLatents, a.dLatents, tolerance: 2e-4) == nil)
    #expect(Golden.mismatch(observed.scorer.weight, expected.scorer.weight, tolerance: 2e-4) == nil)
  }
}
