import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct SimCLRTests {
  static let objective = SimCLR<Double>(
    projector: randomProjector(latent: 4, context: 3, unitLength: true), temperature: 0.3)

  static func batch(windows: Int = 5, seed: UInt64 = 4) -> Representations<Double> {
    randomRepresentations(
      recordings: Array(0..<windows), steps: 3, latent: 4, context: 3, views: 2, seed: seed)
  }

  static func outcome(_ batch: Representations<Double>) -> ObjectiveOutcome<Double> {
    var context = ObjectiveContext(random: RandomSource(seed: 1))
    var gradient = objective.zeroed()
    return objective.evaluate(batch, &context, into: &gradient)
  }

  /// Pooling, projector, cosines and softmax once more in plain loops.
  @Test func agreesWithItsDefinition() {
    let batch = Self.batch()
    let z = rowArrays(batch.latents)
    let c = rowArrays(batch.contexts)
    let hidden = Self.objective.projector.hidden!
    let output = Self.objective.projector.output!
    let features = (0..<10).map { row -> [Double] in
      let steps = row * 3..<row * 3 + 3
      let mean = (0..<4).map { d -> Double in steps.map { z[$0][d] }.reduce(0, +) / 3 }
      let deviation = (0..<4).map { d -> Double in
        let squares = steps.map { row -> Double in (z[row][d] - mean[d]) * (z[row][d] - mean[d]) }
        return (squares.reduce(0, +) / 3 + 1e-6).squareRoot()
      }
      let context = (0..<3).map { h -> Double in steps.map { c[$0][h] }.reduce(0, +) / 3 }
      let embedding: [Double] = mean + deviation + context
      let inner = zip(rowArrays(hidden.weight), hidden.bias!.storage).map { max(0, dot($0, embedding) + $1) }
      let outer = zip(rowArrays(output.weight), output.bias!.storage).map { dot($0, inner) + $1 }
      return outer.map { $0 / dot(outer, outer).squareRoot() }
    }
    var loss = 0.0
    for i in 0..<10 {
      let similarity = features.map { exp(dot(features[i], $0) / 0.3) }
      let others: Double = similarity.reduce(0, +) - similarity[i]
      loss -= log(similarity[(i + 5) % 10] / others) / 10
    }
    #expect(close(Self.outcome(batch).loss, loss, 1e-12))
  }

  /// All rows alike leave chance: one of 2 B - 1.
  @Test func equalRowsGiveTheLogarithmOfTheOthers() {
    let outcome = Self.outcome(Self.batch().taking([2, 2, 2, 2]).sameInBothViews)
    #expect(close(outcome.loss, log(7), 1e-12))
    #expect(outcome.measures.accuracy == 0 && outcome.measures.topFiveAccuracy == 0)
  }

  @Test func viewsMayBeSwapped() {
    let batch = Self.batch()
    let order = Array(5..<10) + Array(0..<5)
    let swapped = Representations(
      latents: batch.latents.gathering(order), contexts: batch.contexts.gathering(order), viewCount: 2,
      recordings: batch.recordings)
    let (a, b) = (Self.outcome(batch), Self.outcome(swapped))
    #expect(close(a.loss, b.loss, 1e-13))
    #expect(Golden.mismatch(b.dLatents, a.dLatents.gathering(order), tolerance: 1e-11) == nil)
  }

  @Test func equalViewsOfDistinctWindowsAreAllRight() {
    let measures = Self.outcome(Self.batch().sameInBothViews).measures
    #expect(measures.accuracy == 1 && measures.topFiveAccuracy == 1)
    // Of four rows, all are among the five most similar.
    #expect(Self.outcome(Self.batch().taking([0, 1])).measures.topFiveAccuracy == nil)
  }
}

extension Representations where Scalar == Double {
  /// View 0 twice.
  fileprivate var sameInBothViews: Representations {
    let rows = Array(0..<windowCount) + Array(0..<windowCount)
    return Representations(
      latents: latents.gathering(rows), contexts: contexts.gathering(rows), viewCount: 2,
      recordings: recordings)
  }
}
