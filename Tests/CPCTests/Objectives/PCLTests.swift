import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

@Suite struct PCLTests {
  private static func rows(_ projector: Projector<Double>, _ z: Tensor<Double>, _ c: Tensor<Double>)
    -> [[Double]]
  {
    let v = projector(RepresentationPooling.forward(latents: z, contexts: c).embedding)
    return (0..<v.rows).map { Array(v.storage[$0 * v.columns..<($0 + 1) * v.columns]) }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private static func matrix(_ x: Tensor<Double>) -> [[Double]] {
    (0..<x.rows).map { Array(x.storage[$0 * x.columns..<($0 + 1) * x.columns]) }
  }

  /// Both terms once more, in plain loops.
  private static func definition(
    _ objective: PCL<Double>, _ r: Representations<Double>
  ) -> (instance: Double, prototypes: Double) {
    let v = rows(objective.projector, r.latents, r.contexts)
    let keys = rows(objective.teacher.average, r.teacher!.latents, r.teacher!.contexts)
    let windows = r.windowCount
    var (instance, prototypes) = (0.0, 0.0)
    for view in 0..<2 {
      for b in 0..<windows {
        let own = v[view * windows + b]
        let others = (0..<windows).map { keys[(1 - view) * windows + $0] } + matrix(objective.queue.rows)
        let total = others.reduce(0) { $0 + exp(dot(own, $1) / 0.1) }
        instance -= log(exp(dot(own, keys[(1 - view) * windows + b]) / 0.1) / total) / Double(2 * windows)
        for level in objective.levels where level.isFitted {
          let scores = zip(matrix(level.centers), level.concentrations.storage).map { exp(dot(own, $0) / $1) }
          let cluster = level.clusters(of: [r.windows[b]])[0]
          prototypes -=
            log(scores[cluster] / scores.reduce(0, +)) / Double(2 * windows * objective.levels.count)
        }
      }
    }
    return (instance, prototypes)
  }

  @Test(arguments: [true, false]) func agreesWithItsDefinition(isFitted: Bool) {
    let objective: PCL<Double> = GroupingFixtures.pcl(windows: 6, isFitted: isFitted)
    let r: Representations<Double> = GroupingFixtures.representations(windows: 6)
    var gradient = objective.zeroed()
    var context = ObjectiveContext(random: RandomSource(seed: 1))
    let outcome = objective.evaluate(r, &context, into: &gradient)
    let expected = Self.definition(objective, r)
    #expect(outcome.measures.terms.map { $0.name } == ["infonce", "prototypes"])
    #expect(abs(outcome.measures.terms[0].value - expected.instance) < 1e-12)
    #expect(abs(outcome.measures.terms[1].value - expected.prototypes) < 1e-12)
    #expect((outcome.measures.terms[1].value > 0) == isFitted)
  }

  @Test func gradientsAgreeWithDifferences() {
    let objective: PCL<Double> = GroupingFixtures.pcl(windows: 4)
    let r: Representations<Double> = GroupingFixtures.representations(windows: 4)
    #expect(
      GroupingFixtures.failures(of: objective, at: r) {
        var context = ObjectiveContext(random: RandomSource(seed: 1))
        return $0.evaluate($1, &context, into: &$2)
      } == [])
  }

  @Test func neitherOrderNorViewMatters() {
    let objective: PCL<Double> = GroupingFixtures.pcl(windows: 5)
    let r: Representations<Double> = GroupingFixtures.representations(windows: 5)
    let loss = GroupingFixtures.loss(objective, r)
    #expect(
      abs(GroupingFixtures.loss(objective, GroupingFixtures.reordered(r, [3, 0, 4, 1, 2])) - loss) < 1e-12)
    #expect(abs(GroupingFixtures.loss(objective, GroupingFixtures.swapped(r)) - loss) < 1e-12)
  }

  /// All windows alike: chance among the batch, and among the prototypes.
  @Test func identicalWindowsGiveChance() {
    let fresh: PCL<Double> = GroupingFixtures.pcl(windows: 5, queue: 0, isFitted: false)
    let r = GroupingFixtures.identical(GroupingFixtures.representations(windows: 5, as: Double.self))
    #expect(abs(GroupingFixtures.loss(fresh, r) - log(5)) < 1e-12)
  }

  @Test(arguments: [2, 5]) func extremesAreFinite(windows: Int) {
    let objective: PCL<Float> = GroupingFixtures.pcl(windows: windows)
    let r: Representations<Float> = GroupingFixtures.representations(windows: windows)
    #expect(GroupingFixtures.isFinite(objective, r))
    #expect(GroupingFixtures.isFinite(objective, GroupingFixtures.identical(r)))
  }

  @Test func theTeacherFollowsAndTheQueueFills() {
    var objective: PCL<Double> = GroupingFixtures.pcl(windows: 4, queue: 9)
    let before = objective.teacher.average.output!.weight
    let r: Representations<Double> = GroupingFixtures.representations(windows: 4)
    var context = ObjectiveContext(random: RandomSource(seed: 1))
    objective.stepEnded(r, &context)
    let expected = Tensor.combine(0.9, before, 0.1, objective.projector.output!.weight)
    #expect(Golden.mismatch(objective.teacher.average.output!.weight, expected, tolerance: 1e-14) == nil)
    #expect(objective.queue.count == 9)
    #expect(objective.parameters.filter { $0.name.hasPrefix("teacher") }.allSatisfy { $0.role == .buffer })
  }

  @Test func clustersAreFoundOnlyAfterWarmingUp() {
    var options = PCL<Double>.Options()
    options.warmUpEpochs = 2
    options.clusters = [2]
    var objective = PCL<Double>(
      projector: GroupingFixtures.projector(5, unitLength: true, seed: 1), queueLength: 0, options: options)
    objective.prepare(windowCount: 6)
    var context = ObjectiveContext(random: RandomSource(seed: 1))
    let embeddings: Tensor<Double> = randomTensor([6, GroupingFixtures.embedding], seed: 3)
    objective.windowsEmbedded(embeddings, epoch: 0, &context)
    #expect(objective.groupCounts.isEmpty)
    objective.windowsEmbedded(embeddings, epoch: 1, &context)
    #expect(objective.groupCounts == [2])
    let groups = objective.groups(of: embeddings, count: 2)
    let level = objective.levels[0]
    for (row, v) in Self.matrix(objective.teacher.average(embeddings)).enumerated() {
      let scores = zip(Self.matrix(level.centers), level.concentrations.storage).map {
        exp(Self.dot(v, $0) / $1)
      }
      #expect(abs(groups.probabilities.storage[2 * row] - scores[0] / (scores[0] + scores[1])) < 1e-12)
    }
  }
}
