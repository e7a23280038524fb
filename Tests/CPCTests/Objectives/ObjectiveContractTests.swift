import NeuralNet
import Support
import Testing

@testable import CPC

@Suite struct ObjectiveContractTests {
  /// A fresh objective with its default settings, and with a small projector where it has one.
  static func objective(_ family: any ObjectiveFamily) throws -> any Objective<Double> {
    var given = try family.adapted([:], classes: 2)
    let names = family.settings.map { $0.name }
    for (name, value) in [("projectorHidden", 7), ("projectorSize", 6)] where names.contains(name) {
      given[name] = .integer(value)
    }
    var random = RandomSource(seed: 12)
    return try Objectives.make(
      Choice(family.name, given), latentSize: ObjectiveContract.latent,
      contextSize: ObjectiveContract.context,
      random: &random, as: Double.self)
  }

  @Test(arguments: Objectives.all.indices) func everyObjectiveKeepsTheContract(index: Int) throws {
    let family = Objectives.all[index]
    func check<O: Objective>(_ objective: O) where O.Scalar == Double {
      // The codes of SwAV come from scores, but no gradient passes them; see `SwAVTests`.
      let violations = ObjectiveContract.violations(of: objective, holdsFixed: family.name == "swav")
      #expect(violations == [], "\(family.name)")
    }
    check(try Self.objective(family))
  }

  @Test(arguments: BrokenObjective.Fault.allCases) func theContractBites(fault: BrokenObjective.Fault) {
    let expected =
      switch fault {
      case .none: ""
      case .latentGradient: "dlatents"
      case .contextGradient: "dcontexts"
      case .parameterGradient: "dshift"
      case .addition: "not added to weight"
      case .determinism: "two passes of one seed"
      case .order: "the loss depends on the order"
      case .meanOrder: "the mean loss depends on the order"
      case .finiteness: "not finite for zeros"
      case .names: "parameter names repeat"
      }
    let violations = ObjectiveContract.violations(
      of: BrokenObjective(fault: fault, latentSize: ObjectiveContract.latent))
    #expect(
      fault == .none ? violations.isEmpty : violations.contains { $0.contains(expected) }, "\(violations)")
  }

  @Test func namesAndSettingsAreUniqueAndSaid() {
    #expect(Set(Objectives.all.map { $0.name }).count == Objectives.all.count)
    for family in Objectives.all {
      let names = family.settings.map { $0.name }
      #expect(Set(names).count == names.count, "\(family.name)")
      #expect(!family.summary.isEmpty && !family.citation.isEmpty)
      #expect(family.settings.allSatisfy { $0.accepts($0.fallback) && !$0.summary.isEmpty })
    }
  }
}
