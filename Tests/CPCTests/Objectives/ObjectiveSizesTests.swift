import NeuralNet
import Support
import Testing

@testable import CPC

/// What a plan claims is counted before memory is taken for it.
@Suite struct ObjectiveSizesTests {
  private static let sizes = ObjectiveSizes(latent: 5, context: 4, windows: 20)

  /// Settings that change which parts there are, beside the defaults.
  private static let variants: [[String: SettingValue]] = [
    [:], ["projector": .text("none")], ["projector": .text("linear")],
    ["projectorHidden": .integer(7), "projectorSize": .integer(3)], ["queue": .integer(0)],
    ["clusters": .integers([3, 50])], ["classes": .integer(9)], ["prototypes": .integer(11)],
    ["stepsAhead": .integer(2)], ["hidden": .integer(6)],
  ]

  @Test(arguments: Objectives.all.indices) func theCountIsThatOfWhatIsMade(index: Int) throws {
    let family = Objectives.all[index]
    let names = family.settings.map { $0.name }
    for variant in Self.variants where variant.keys.allSatisfy(names.contains) {
      // Each family's clusters are its own: one number, or several.
      guard variant.allSatisfy({ name, value in family.settings.first { $0.name == name }!.accepts(value) })
      else { continue }
      let settings = try Settings(variant, of: family.name, known: family.settings)
      var random = RandomSource(seed: 1)
      var objective = try family.make(
        settings, latentSize: Self.sizes.latent, contextSize: Self.sizes.context, random: &random,
        as: Float.self)
      objective.prepare(windowCount: Self.sizes.windows)
      let made = objective.parameters.reduce(0) { $0 + $1.tensor.count }
      #expect(family.numberCount(settings, Self.sizes) == made, "\(family.name) \(variant)")
    }
  }

  /// So that they can be asked for without memory for what a file claims.
  @Test(arguments: Objectives.all.indices) func needsDoNotDependOnSizes(index: Int) throws {
    let family = Objectives.all[index]
    let settings = try Settings([:], of: family.name, known: family.settings)
    var random = RandomSource(seed: 1)
    let objective = try family.make(settings, latentSize: 1, contextSize: 1, random: &random, as: Float.self)
    #expect(try Objectives.needs(of: Choice(family.name)) == objective.needs)
    let smallest = settings.smallest(known: family.settings)
    #expect(family.numberCount(smallest, ObjectiveSizes(latent: 1, context: 1)) < 1000)
  }

  /// Prototypes of 8 x 4096 x 8192 numbers, and a queue of 65536 x 8192: gigabytes, in a file of four megabytes.
  @Test(arguments: [
    Choice(
      "pcl",
      [
        "clusters": .integers([Int](repeating: 65_536, count: 8)), "projector": .text("linear"),
        "projectorSize": .integer(2048),
      ]),
    Choice(
      "swav", ["queue": .integer(65_536), "projectorHidden": .integer(8), "projectorSize": .integer(512)]),
    Choice("tcl", ["projectorHidden": .integer(256), "clusters": .integer(4096)]),
    Choice("supce", ["classes": .integer(10_000)]),
    Choice("graph", ["hidden": .integer(8192)]),
  ]) func aFileThatCannotHoldItsObjectiveIsRefused(objective: Choice) throws {
    var plan = TrainingPlan()
    plan.objective = objective
    let json = plan.json
    let error = #expect(throws: CPCError.self) {
      try TrainingPlan(json: json, path: "x", room: 1 << 20, windows: 4096)
    }
    #expect(
      error?.description.contains("objective \(objective.name)") == true
        && error?.description.contains("numbers to keep") == true, "\(String(describing: error))")
    // A model that was fitted holds no objective any more.
    #expect(try TrainingPlan(json: json, path: "x", room: 1 << 20) == plan)
  }

  /// Nor does a plan of one's own take all memory there is.
  @Test func anAbsurdPlanIsRefused() {
    var plan = TrainingPlan()
    plan.objective = Choice("swav", ["queue": .integer(65_536), "projectorSize": .integer(8192)])
    #expect(throws: CPCError.self) { try plan.validate() }
  }

  @Test func absurdNumbersOfWindowsAreCounted() throws {
    var plan = TrainingPlan()
    plan.objective = Choice("pcl")
    let json = plan.json
    for windows in [Int.min, -1, 0] {
      #expect(try TrainingPlan(json: json, path: "x", room: 1 << 20, windows: windows) == plan)
    }
    #expect(throws: CPCError.self) { try TrainingPlan(json: json, path: "x", room: 1 << 20, windows: .max) }
  }
}
