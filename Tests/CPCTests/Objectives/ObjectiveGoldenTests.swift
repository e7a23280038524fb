import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

/// Against `Tools/Reference/Objectives.py`.
@Suite struct ObjectiveGoldenTests {
  static let recordings = [0, 1, 0, 2, 1, 0]
  static let labels: [Int?] = [0, 1, 0, 1, 2, nil]
  static let (latent, context) = (4, 3)

  /// An objective with the representations that it is judged on, all moved by the optimizer.
  struct Trained<O: Objective>: Parameterized where O.Scalar == Double {
    var latents: Tensor<Double>
    var contexts: Tensor<Double>
    var objective: O

    mutating func visit(
      _ path: String, _ body: (String, ParameterRole, inout Tensor<Double>) throws -> Void
    ) rethrows {
      try body(join(path, "latents"), .weight, &latents)
      try body(join(path, "contexts"), .weight, &contexts)
      try objective.visit(join(path, "objective"), body)
    }
  }

  typealias Evaluation<O: Objective> = (O, Representations<Double>, inout O) -> ObjectiveOutcome<Double>
  where O.Scalar == Double

  /// Loss, all gradients, and ten steps of Adam.
  ///
  /// A last bias that cancels in differences or in standardising has a gradient of rounding alone, of which Adam makes
  /// whole steps: it is held to be nothing, and where it ends is not compared.
  static func check<O: Objective>(
    _ fresh: O, file: String, prefix: String = "", evaluate: Evaluation<O>? = nil
  ) throws where O.Scalar == Double {
    let golden = try Golden.load("Objectives/" + file)
    let views = fresh.needs.views.count
    var trained = Trained(
      latents: try golden[prefix + "start.latents"], contexts: try golden[prefix + "start.contexts"],
      objective: fresh)
    try golden.fill(&trained, prefix: prefix + "start")
    var optimizer = Adam<Double>()
    var losses: [Double] = []
    for step in 0..<10 {
      let batch = Representations(
        latents: trained.latents, contexts: trained.contexts, viewCount: views, recordings: recordings,
        labels: fresh.needs.labels ? labels : nil)
      var gradient = trained.zeroed()
      var context = ObjectiveContext(random: RandomSource(seed: 1))
      let outcome =
        evaluate?(trained.objective, batch, &gradient.objective)
        ?? trained.objective.evaluate(batch, &context, into: &gradient.objective)
      gradient.latents = outcome.dLatents
      gradient.contexts = outcome.dContexts
      if step == 0 {
        #expect(
          try golden.mismatches(gradient, prefix: prefix + "gradient", tolerance: 1e-9, floor: 1e-3) == [])
      }
      losses.append(outcome.loss)
      optimizer.update(&trained, along: gradient, learningRate: 1e-2)
    }
    #expect(
      Golden.mismatch(Tensor(losses, shape: [10]), try golden[prefix + "losses"], tolerance: 1e-10) == nil)
    let idle = try trained.parameters.map { $0.name }.filter {
      try golden[prefix + "gradient." + $0].largestMagnitude < 1e-12
    }
    let mismatches = try golden.mismatches(trained, prefix: prefix + "end", tolerance: 1e-6)
    #expect(mismatches.filter { line in !idle.contains { line.hasPrefix("\(prefix)end.\($0)") } } == [])
    #expect(idle.allSatisfy { $0 == "objective.projector.output.bias" })
  }

  static func projector(unitLength: Bool) -> Projector<Double> {
    randomProjector(latent: latent, context: context, unitLength: unitLength)
  }

  @Test func nce() throws {
    let stored = try Golden.load("Objectives/nce")["negatives"]
    let negatives = Negatives(
      shape: .init(
        windows: stored.shape[0], anchors: stored.shape[1], draws: stored.shape[2], count: stored.shape[3]),
      positions: stored.storage.map { Int32($0) })
    var random = RandomSource(seed: 2)
    let objective = NoiseContrast<Double>(
      scorer: BilinearScorer(
        latentSize: Self.latent, contextSize: Self.context, stepsAhead: 2, random: &random),
      sampler: NegativeSampler(strategy: .acrossBatch, sharing: .fresh, count: 3, stepsAhead: 2))
    try Self.check(objective, file: "nce") { objective, batch, gradient in
      objective.evaluate(batch, negatives: negatives, threads: 2, into: &gradient)
    }
  }

  @Test func simclr() throws {
    try Self.check(
      SimCLR(projector: Self.projector(unitLength: true), temperature: 0.5), file: "simclr")
  }

  @Test func supcon() throws {
    for (name, views, loss) in [
      ("all", 2, SupConLoss(temperature: 0.1, baseTemperature: 0.07)),
      ("one", 3, SupConLoss(temperature: 0.2, baseTemperature: 0.2, anchors: .one)),
    ] {
      let fresh = SupCon(
        projector: Self.projector(unitLength: true), loss: loss, positives: .labels, viewCount: views)
      try Self.check(fresh, file: "supcon", prefix: name + ".")
    }
  }

  @Test func supce() throws {
    let fresh = SupCE<Double>(
      classifier: randomProjector(.linear, latent: Self.latent, context: Self.context, unitLength: false))
    try Self.check(fresh, file: "supce")
  }

  @Test func siamese() throws {
    let pairs = rowArrays(try Golden.load("Objectives/siamese")["pairs"]).map {
      BalancedPairs.Pair(a: Int($0[0]), b: Int($0[1]), different: $0[2] == 1)
    }
    let fresh = Siamese(
      projector: Self.projector(unitLength: false), loss: SiameseLoss(margin: 1), positives: .labels)
    try Self.check(fresh, file: "siamese") { objective, batch, gradient in
      let (features, cache) = objective.projector.rows(batch)
      let outcome = objective.compare(features, pairs: pairs)
      let d = objective.projector.backwardRows(outcome.dFeatures, cache, into: &gradient.projector)
      return ObjectiveOutcome(
        loss: outcome.loss, measures: outcome.measures, dLatents: d.dLatents, dContexts: d.dContexts)
    }
  }

  @Test(arguments: TripletLoss.Mining.allCases) func triplet(mining: TripletLoss.Mining) throws {
    let fresh = Triplet(
      projector: Self.projector(unitLength: true), loss: TripletLoss(margin: 0.2, mining: mining),
      positives: .labels)
    guard mining == .random else { return try Self.check(fresh, file: "triplet", prefix: "\(mining).") }
    let draws = try Golden.load("Objectives/triplet")["random.draws"].storage.map { Int32($0) }
    try Self.check(fresh, file: "triplet", prefix: "random.") { objective, batch, gradient in
      let (features, cache) = objective.projector.rows(batch)
      let (rows, groups) = PositiveSource.labels.groups(of: batch)
      let outcome = objective.loss(features.keeping(rows), groups: groups, draws: draws)
      let d = objective.projector.backwardRows(
        outcome.dRows.spread(to: rows, of: batch.rowCount), cache, into: &gradient.projector)
      return ObjectiveOutcome(
        loss: outcome.loss, measures: ObjectiveMeasures(terms: []), dLatents: d.dLatents,
        dContexts: d.dContexts)
    }
  }

  @Test func barlow() throws {
    try Self.check(
      BarlowTwins(projector: Self.projector(unitLength: false), loss: BarlowTwinsLoss()), file: "barlow")
  }
}
