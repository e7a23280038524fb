import FaultDiag
import SignalIO
import Testing

@Suite struct AlignedFittingTests {
  /// Simulated bearings other than those that the default model learnt from.
  private func examples(of model: AlignedModel) throws -> AlignedExamples {
    var plan = model.plan
    plan.seed = 78
    plan.draw.signalToNoise = -4 ... -4
    return try .simulated(0..<64, plan: plan, threads: 2)
  }

  private func settings(strength: Double) -> AlignedFitSettings {
    var settings = AlignedFitSettings()
    settings.epochs = 2
    settings.strength = strength
    return settings
  }

  /// Training on from the default model must keep its members apart and move them towards the labels given.
  @Test func networksTrainOnFromWhereTheyStood() throws {
    let model = try AlignedModel.embedded()
    let examples = try examples(of: model)
    let fitter = AlignedFitter(start: model, settings: settings(strength: 1))
    let fitted = try fitter.fitted(to: examples, threads: 2)
    #expect(fitted.networks.count == model.networks.count)
    #expect(loss(fitted, examples) < loss(model, examples))
    let again = try fitter.fitted(to: examples, threads: 1)
    #expect(again.checkpoint(programVersion: "1").bytes == fitted.checkpoint(programVersion: "1").bytes)
  }

  @Test func strengthGoesPartOfTheWay() throws {
    let model = try AlignedModel.embedded()
    let examples = try examples(of: model)
    func fitted(_ strength: Double) throws -> AlignedModel {
      try AlignedFitter(start: model, settings: settings(strength: strength)).fitted(
        to: examples, threads: 2)
    }
    let ends = try [fitted(0), fitted(1)].map { $0.networks[1].lines2.weight.storage }
    #expect(ends[0] == model.networks[1].lines2.weight.storage)
    let half = try fitted(0.5).networks[1].lines2.weight.storage
    for i in half.indices { #expect(abs(half[i] - (ends[0][i] + ends[1][i]) / 2) < 1e-6) }
  }

  @Test func refusesSettingsThatFitNothing() throws {
    let fitter = AlignedFitter(start: try AlignedModel.embedded(), settings: settings(strength: 1.5))
    #expect(throws: FaultDiagError.badSetting(name: "fit.strength", found: "1.5", expected: "0 to 1")) {
      try fitter.fitted(to: AlignedExamples(settings: fitter.start.plan.envelope), threads: 1)
    }
  }

  /// Mean binary cross-entropy of a model's logits, in nats a family.
  private func loss(_ model: AlignedModel, _ examples: AlignedExamples) -> Double {
    let rows = model.logits(examples.features).flatMap { $0 }
    let targets = examples.targets.flatMap { $0.map { Double($0) } }
    return BinaryCrossEntropy.evaluate(
      logits: .init(rows, shape: [rows.count]), targets: .init(targets, shape: [targets.count])
    ).loss
  }
}
