import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct InfoNCETests {
  /// Every strategy with what each is drawn for, at sizes that do not fit the kernel's lanes.
  static let samplers: [NegativeSampler] = NegativeSampler.Strategy.allCases.flatMap { strategy in
    NegativeSampler.Sharing.allCases.map {
      NegativeSampler(strategy: strategy, sharing: $0, count: 5, stepsAhead: 3)
    }
  }

  static func setUp<Scalar: TensorScalar>(
    _ sampler: NegativeSampler, latent: Int = 19, as: Scalar.Type
  ) -> (InfoNCE<Scalar>, Representations<Scalar>, Negatives) {
    let recordings = [0, 1, 0, 2]
    let views = sampler.strategy == .corrupted ? sampler.count + 1 : 1
    let representations: Representations<Scalar> = randomRepresentations(
      recordings: recordings, steps: 8, latent: latent, context: 6, views: views, seed: 21)
    var random = RandomSource(seed: 33)
    let negatives = sampler.draw(recordings: recordings, steps: 8, views: views, random: &random)
    return (randomInfoNCE(sampler, latent: latent, context: 6, seed: 8), representations, negatives)
  }

  /// The loss once more, from its formula, in plain loops.
  static func definition(
    _ objective: InfoNCE<Double>, _ r: Representations<Double>, _ negatives: Negatives
  ) -> (loss: Double, accuracy: [Double], topFive: Double?) {
    let (steps, size, hidden) = (r.stepCount, r.latentSize, r.contextSize)
    let shape = negatives.shape
    let ahead = objective.scorer.stepsAhead
    var total = 0.0
    var correct = [Double](repeating: 0, count: ahead)
    var amongFive = 0.0
    for b in 0..<shape.windows {
      for t in 0..<shape.anchors {
        for k in 1...ahead {
          var prediction = [Double](repeating: 0, count: size)
          for d in 0..<size {
            for h in 0..<hidden {
              prediction[d] +=
                objective.scorer.weight.storage[((k - 1) * size + d) * hidden + h]
                * r.contexts.storage[(b * steps + t) * hidden + h]
            }
          }
          func score(_ position: Int) -> Double {
            (0..<size).reduce(0) { $0 + prediction[$1] * r.latents.storage[position * size + $1] }
          }
          let draw = shape.draws == 1 ? 0 : k - 1
          let first = ((b * shape.anchors + t) * shape.draws + draw) * shape.count
          let positive = score(b * steps + t + k)
          let others = (0..<shape.count).map { score(Int(negatives.positions[first + $0])) }
          total -= log(exp(positive) / (exp(positive) + others.map { exp($0) }.reduce(0, +)))
          if others.allSatisfy({ $0 < positive }) { correct[k - 1] += 1 }
          if others.count(where: { $0 >= positive }) < 5 { amongFive += 1 }
        }
      }
    }
    let predictions = Double(shape.windows * shape.anchors)
    return (
      total / predictions / Double(ahead), correct.map { $0 / predictions },
      shape.count >= 5 ? amongFive / (predictions * Double(ahead)) : nil
    )
  }

  @Test(arguments: samplers) func agreesWithItsDefinition(sampler: NegativeSampler) {
    let (objective, representations, negatives) = Self.setUp(sampler, as: Double.self)
    var gradient = objective.zeroed()
    let outcome = objective.evaluate(representations, negatives: negatives, threads: 1, into: &gradient)
    let expected = Self.definition(objective, representations, negatives)
    #expect(abs(outcome.loss - expected.loss) < 1e-13 * expected.loss)
    #expect(outcome.measures.accuracyByStep == expected.accuracy)
    #expect(outcome.measures.topFiveAccuracy == expected.topFive)
    #expect(outcome.measures.informationBound == log(6) - outcome.loss)
  }

  @Test(arguments: samplers) func gradientsAgreeWithDifferences(sampler: NegativeSampler) {
    let (objective, representations, negatives) = Self.setUp(sampler, as: Double.self)
    func loss(_ objective: InfoNCE<Double>, _ representations: Representations<Double>) -> Double {
      var unused = objective.zeroed()
      return objective.evaluate(representations, negatives: negatives, threads: 1, into: &unused).loss
    }
    var gradient = objective.zeroed()
    let outcome = objective.evaluate(representations, negatives: negatives, threads: 1, into: &gradient)
    let check = GradientCheck(samples: 60)
    #expect(check.failures(of: gradient, at: objective) { loss($0, representations) } == [])
    #expect(
      check.failures(of: outcome.dLatents, at: representations.latents, name: "latents") {
        var moved = representations
        moved.latents = $0
        return loss(objective, moved)
      } == [])
    #expect(
      check.failures(of: outcome.dContexts, at: representations.contexts, name: "contexts") {
        var moved = representations
        moved.contexts = $0
        return loss(objective, moved)
      } == [])
  }

  @Test(arguments: samplers) func singlePrecisionAgreesWithDouble(sampler: NegativeSampler) {
    for latent in [3, 16, 64, 67] {
      let (double, wide, negatives) = Self.setUp(sampler, latent: latent, as: Double.self)
      let (single, narrow, _) = Self.setUp(sampler, latent: latent, as: Float.self)
      var expected = double.zeroed()
      var observed = single.zeroed()
      let a = double.evaluate(wide, negatives: negatives, threads: 1, into: &expected)
      let b = single.evaluate(narrow, negatives: negatives, threads: 1, into: &observed)
      #expect(abs(a.loss - b.loss) < 1e-5 * a.loss)
      #expect(Golden.mismatch(b.dLatents, a.dLatents, tolerance: 2e-4, name: "dLatents") == nil)
      #expect(Golden.mismatch(b.dContexts, a.dContexts, tolerance: 2e-4, name: "dContexts") == nil)
      #expect(
        Golden.mismatch(observed.scorer.weight, expected.scorer.weight, tolerance: 2e-4, name: "dW") == nil)
    }
  }

  @Test func threadsChangeNothingButRounding() {
    let (objective, representations, negatives) = Self.setUp(Self.samplers[2], as: Double.self)
    var one = objective.zeroed()
    let alone = objective.evaluate(representations, negatives: negatives, threads: 1, into: &one)
    for threads in [2, 3, 9] {
      var many = objective.zeroed()
      let split = objective.evaluate(representations, negatives: negatives, threads: threads, into: &many)
      #expect(abs(split.loss - alone.loss) < 1e-14 * alone.loss)
      #expect(Golden.mismatch(split.dLatents, alone.dLatents, tolerance: 1e-13) == nil)
      #expect(Golden.mismatch(split.dContexts, alone.dContexts, tolerance: 1e-13) == nil)
      #expect(Golden.mismatch(many.scorer.weight, one.scorer.weight, tolerance: 1e-13) == nil)
    }
  }

  @Test func gradientsAreAdded() {
    let (objective, representations, negatives) = Self.setUp(Self.samplers[0], as: Double.self)
    var once = objective.zeroed()
    _ = objective.evaluate(representations, negatives: negatives, threads: 2, into: &once)
    var twice = once
    _ = objective.evaluate(representations, negatives: negatives, threads: 2, into: &twice)
    #expect(
      Golden.mismatch(twice.scorer.weight, 2 * once.scorer.weight, tolerance: 1e-13) == nil)
  }

  /// Equal scores leave chance: log(N + 1), no information, nothing right.
  @Test(arguments: [1, 7, 64]) func equalScoresGiveTheLogarithmOfTheCandidates(count: Int) {
    let sampler = NegativeSampler(strategy: .acrossBatch, sharing: .fresh, count: count, stepsAhead: 2)
    let objective: InfoNCE<Double> = randomInfoNCE(sampler, latent: 4, context: 3, seed: 1)
    let representations = Representations<Double>(
      latents: Tensor(repeating: 0.3, shape: [3, 5, 4]), contexts: randomTensor([3, 5, 3], seed: 2),
      recordings: [0, 1, 2])
    var context = ObjectiveContext(random: RandomSource(seed: 5))
    var gradient = objective.zeroed()
    let outcome = objective.evaluate(representations, &context, into: &gradient)
    #expect(abs(outcome.loss - log(Double(count + 1))) < 1e-14)
    #expect(abs(outcome.measures.informationBound!) < 1e-14)
    #expect(outcome.measures.accuracyByStep == [0, 0])
  }

  /// The order of the windows does not matter once the negatives are carried along.
  @Test func batchOrderDoesNotMatter() {
    let (objective, r, negatives) = Self.setUp(Self.samplers[2], as: Double.self)
    let order = [2, 0, 3, 1]
    let shuffled = Representations(
      latents: r.latents.gathering(order), contexts: r.contexts.gathering(order),
      recordings: order.map { r.recordings[$0] })
    let place = order.indices.map { window in order.firstIndex(of: window)! }
    let each = negatives.positions.count / 4
    let moved = order.flatMap { window in
      negatives.positions[window * each..<(window + 1) * each].map {
        Int32(place[Int($0) / 8] * 8 + Int($0) % 8)
      }
    }
    var a = objective.zeroed()
    var b = objective.zeroed()
    let one = objective.evaluate(r, negatives: negatives, threads: 2, into: &a)
    let other = objective.evaluate(
      shuffled, negatives: Negatives(shape: negatives.shape, positions: moved), threads: 2, into: &b)
    #expect(abs(one.loss - other.loss) < 1e-14)
    #expect(Golden.mismatch(b.scorer.weight, a.scorer.weight, tolerance: 1e-12) == nil)
    #expect(Golden.mismatch(other.dLatents, one.dLatents.gathering(order), tolerance: 1e-12) == nil)
  }

  /// Scores far beyond the range of exp keep the loss finite; a value that is no number shows.
  @Test func extremesStayFiniteAndNaNShows() {
    let (objective, r, negatives) = Self.setUp(Self.samplers[0], as: Float.self)
    func loss(_ change: (inout Tensor<Float>) -> Void) -> ObjectiveOutcome<Float> {
      var moved = r
      change(&moved.latents)
      var gradient = objective.zeroed()
      return objective.evaluate(moved, negatives: negatives, threads: 1, into: &gradient)
    }
    let large = loss { $0 = 1e6 * $0 }
    #expect(large.loss.isFinite && large.dLatents.isFinite && large.dContexts.isFinite)
    #expect(!loss { $0.storage[25] = .nan }.loss.isFinite)
    #expect(!loss { $0.storage[25] = .infinity }.loss.isFinite)
  }
}
