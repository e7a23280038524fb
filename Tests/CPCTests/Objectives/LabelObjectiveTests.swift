import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

/// The objectives that compare by label, on features as they are: no projector between, so that definitions stay short.
@Suite struct LabelObjectiveTests {
  static let labels: [Int?] = [1, 0, 1, nil, 0]

  static func batch(views: Int = 2, labels: [Int?] = labels) -> Representations<Double> {
    randomRepresentations(
      recordings: [7, 8, 7, 9, 8], steps: 3, latent: 3, context: 2, views: views, labels: labels, seed: 41)
  }

  /// Loss, and the features that it was made of.
  static func pass<O: EmbeddingObjective>(
    _ objective: O, _ batch: Representations<Double>
  ) -> (outcome: ObjectiveOutcome<Double>, features: [[Double]]) where O.Scalar == Double {
    var context = ObjectiveContext(random: RandomSource(seed: 1))
    var gradient = objective.zeroed()
    let outcome = objective.evaluate(batch, &context, into: &gradient)
    return (outcome, rowArrays(objective.projector.rows(batch).features))
  }

  static func plain(unitLength: Bool) -> Projector<Double> {
    randomProjector(.none, latent: 3, context: 2, unitLength: unitLength)
  }

  static func supcon(_ positives: PositiveSource, views: Int, anchors: SupConLoss.Anchors = .all) -> SupCon<
    Double
  > {
    SupCon(
      projector: plain(unitLength: true),
      loss: SupConLoss(temperature: 0.4, baseTemperature: 0.2, anchors: anchors),
      positives: positives, viewCount: views)
  }

  @Test(arguments: PositiveSource.allCases, SupConLoss.Anchors.allCases)
  func supConAgreesWithItsDefinition(positives: PositiveSource, anchors: SupConLoss.Anchors) {
    let batch = Self.batch(views: 3)
    let (outcome, f) = Self.pass(Self.supcon(positives, views: 3, anchors: anchors), batch)
    func group(_ row: Int) -> Int? {
      switch positives {
      case .labels: Self.labels[row % 5]
      case .recording: batch.recordings[row % 5]
      case .views: row % 5
      }
    }
    let rows = (0..<15).filter { group($0) != nil }
    let chosen = rows.filter { anchors == .all || $0 < 5 }
    var total = 0.0
    for i in chosen {
      let others = rows.filter { $0 != i }
      let partition: Double = others.map { exp(dot(f[i], f[$0]) / 0.4) }.reduce(0, +)
      let alike = others.filter { group($0) == group(i) }
      let terms = alike.map { other -> Double in log(exp(dot(f[i], f[other]) / 0.4) / partition) }
      total -= 2 * terms.reduce(0, +) / Double(alike.count)
    }
    #expect(close(outcome.loss, total / Double(chosen.count), 1e-12))
  }

  /// Windows 0 and 2 are of one label and recording here, 1 and 4 of one label and two recordings.
  @Test(arguments: [1, 0.25, 0], SupConLoss.Anchors.allCases)
  func supConWithAWeightForTheOwnRecordingAgreesWithItsDefinition(
    weight: Double, anchors: SupConLoss.Anchors
  ) {
    let recordings = [7, 8, 7, 9, 6]
    let labels: [Int?] = [1, 0, 1, 1, 0]
    let batch: Representations<Double> = randomRepresentations(
      recordings: recordings, steps: 3, latent: 3, context: 2, views: 2, labels: labels, seed: 43)
    let objective: SupCon<Double> = SupCon(
      projector: Self.plain(unitLength: true),
      loss: SupConLoss(temperature: 0.4, baseTemperature: 0.4, anchors: anchors), positives: .labels,
      ownRecording: weight)
    let (outcome, f) = Self.pass(objective, batch)
    /// nil where the pair takes no part.
    func mask(_ i: Int, _ j: Int) -> Double? {
      let (a, b) = (i % 5, j % 5)
      if labels[a] != labels[b] { return 0 }
      if a == b || recordings[a] != recordings[b] { return 1 }
      return weight > 0 ? weight : nil
    }
    let chosen = (0..<10).filter { anchors == .all || $0 < 5 }
    var total = 0.0
    for i in chosen {
      let others = (0..<10).filter { $0 != i && mask(i, $0) != nil }
      let partition: Double = others.map { exp(dot(f[i], f[$0]) / 0.4) }.reduce(0, +)
      let weights: [Double] = others.map { mask(i, $0)! }
      let terms = others.map { other -> Double in log(exp(dot(f[i], f[other]) / 0.4) / partition) }
      let sum: Double = dot(weights, terms)
      total -= sum / weights.reduce(0, +)
    }
    #expect(close(outcome.loss, total / Double(chosen.count), 1e-12))
  }

  @Test func aWeightForTheOwnRecordingNeedsLabels() {
    var random = RandomSource(seed: 1)
    #expect(throws: CPCError.self) {
      let settings = try Settings(
        ["positives": .text("views"), "ownRecording": .number(0.5)], of: "supcon",
        known: SupConFamily().settings)
      _ = try SupConFamily().make(settings, latentSize: 3, contextSize: 2, random: &random, as: Double.self)
    }
  }

  @Test func unlabelledWindowsTakeNoPart() {
    let batch = Self.batch()
    var moved = batch
    for row in [3, 8] {
      for i in row * 9..<(row + 1) * 9 { moved.latents.storage[i] += 1 }
    }
    let projector = Self.plain(unitLength: true)
    func same<O: EmbeddingObjective>(_ objective: O) -> Bool where O.Scalar == Double {
      let (a, b) = (Self.pass(objective, batch).outcome, Self.pass(objective, moved).outcome)
      return a.loss > 0 && a.loss == b.loss && a.dLatents.item(3).largestMagnitude == 0
    }
    #expect(same(Self.supcon(.labels, views: 2)))
    #expect(same(Siamese(projector: projector, loss: SiameseLoss(), positives: .labels)))
    for mining in TripletLoss.Mining.allCases {
      #expect(
        same(Triplet(projector: projector, loss: TripletLoss(margin: 1, mining: mining), positives: .labels)))
    }
    #expect(same(SupCE(classifier: randomProjector(.linear, latent: 3, context: 2, unitLength: false))))
  }

  @Test func supConOverViewsIsSimCLR() {
    let projector = randomProjector(latent: 3, context: 2, unitLength: true, as: Double.self)
    let loss = SupConLoss(temperature: 0.3, baseTemperature: 0.3)
    let a = Self.pass(SupCon(projector: projector, loss: loss, positives: .views), Self.batch()).outcome
    let b = Self.pass(SimCLR(projector: projector, temperature: 0.3), Self.batch()).outcome
    #expect(close(a.loss, b.loss, 1e-14))
    #expect(Golden.mismatch(a.dLatents, b.dLatents, tolerance: 1e-12) == nil)
  }

  @Test func supCEAgreesWithItsDefinition() {
    let objective = SupCE<Double>(
      classifier: randomProjector(.linear, latent: 3, context: 2, unitLength: false))
    let (outcome, logits) = Self.pass(objective, Self.batch())
    let rows = (0..<10).filter { Self.labels[$0 % 5] != nil }
    let terms = rows.map { row -> Double in
      let truth = Self.labels[row % 5]!
      let partition: Double = logits[row].map { exp($0) }.reduce(0, +)
      return log(partition) - logits[row][truth]
    }
    #expect(close(outcome.loss, terms.reduce(0, +) / 8, 1e-12))
  }

  /// With views for positives an alike pair is two views of one window, a different one of two windows.
  @Test(arguments: [PositiveSource.labels, .views]) func siameseDrawsBalancedPairs(positives: PositiveSource)
  {
    let objective = Siamese<Double>(
      projector: Self.plain(unitLength: false), loss: SiameseLoss(margin: 2), positives: positives)
    let batch = Self.batch()
    let (outcome, f) = Self.pass(objective, batch)
    let (rows, groups) = positives.groups(of: batch)
    var random = RandomSource(seed: 1)
    let pairs = BalancedPairs(labels: groups).draw(rows.count, &random)
    #expect(pairs.filter { $0.different }.count == pairs.count / 2)
    let terms = pairs.map { pair -> Double in
      let (a, b) = (rows[pair.a], rows[pair.b])
      if positives == .views { #expect((a % 5 == b % 5) == !pair.different && a != b) }
      let distance = squaredDistance(f[a], f[b]).squareRoot()
      return pair.different ? max(0, 2 - distance) * max(0, 2 - distance) / 2 : distance * distance / 2
    }
    #expect(close(outcome.loss, terms.reduce(0, +) / Double(terms.count), 1e-12))
  }

  @Test func oneViewCannotServeAsPositives() {
    for family in Objectives.all where family.settings.contains(where: { $0.name == "positives" }) {
      #expect(throws: CPCError.self) {
        try Objectives.needs(of: Choice(family.name, ["positives": .text("views"), "views": .integer(1)]))
      }
    }
  }
}
