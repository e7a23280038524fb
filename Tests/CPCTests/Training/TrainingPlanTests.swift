import Support
import Testing

@testable import CPC

@Suite struct TrainingPlanTests {
  @Test(arguments: [TrainingPlan(), .raw, .preset(for: .sound), Melody.plan()]) func plansSurviveJSON(
    plan: TrainingPlan
  ) throws {
    try plan.validate()
    let again = try TrainingPlan(json: plan.json, path: "test")
    #expect(again == plan && again.json == plan.json)
  }

  /// Each change makes one thing wrong; the error names it.
  static let wrongValues: [(name: String, change: @Sendable (inout TrainingPlan) -> Void)] = [
    ("batchSize", { $0.batchSize = 1 }), ("steps", { $0.steps = 0 }),
    ("learningRate", { $0.learningRate = .nan }),
    ("overlap", { $0.overlap = 1 }), ("threads", { $0.threads = 0 }),
    ("weightDecay", { $0.weightDecay = -1 }),
    ("warmUpSteps", { $0.warmUpSteps = -1 }), ("encoder 'none'", { $0.encoder.name = "none" }),
    ("objective 'none'", { $0.objective.name = "none" }),
    ("sizes", { $0.encoder.settings["sizes"] = .text("many") }),
    ("'colour'", { $0.encoder.settings["colour"] = .integer(3) }),
    ("stepsAhead", { $0.objective.settings["stepsAhead"] = .integer(0) }),
    ("negativesFrom", { $0.objective.settings["negativesFrom"] = .text("nowhere") }),
    ("window", { $0.objective.settings["stepsAhead"] = .integer(40) }),
    ("hop", { $0.features = .spectral(SpectralFeatures(hop: 0)) }),
    ("band limits", { $0.features.sampleRate = -1 }),
    ("augmentation 'echo'", { $0.augmentations.weak = [.init("echo", 1)] }),
    ("augmentation gain", { $0.augmentations.strong = [.init("gain", -1)] }),
    ("augmentation noise", { $0.augmentations.strong = [.init("noise", .nan)] }),
    ("plan version", { $0.version = 99 }),
    (
      "encoder",
      {
        $0.features = .spectral(SpectralFeatures(bands: 4096, stack: 64))
        $0.encoder.settings["sizes"] = .integers([4096])
      }
    ),
  ]

  @Test(arguments: wrongValues.indices) func wrongValuesAreNamed(index: Int) {
    let (name, change) = Self.wrongValues[index]
    var plan = TrainingPlan()
    change(&plan)
    let error = #expect(throws: CPCError.self) { try plan.validate() }
    let named = name == "band limits" ? "sample rate" : name
    #expect(error?.description.contains(named) == true, "\(String(describing: error))")
  }

  /// A file that holds a thousand numbers holds no layer of more.
  @Test func aPlanThatItsFileCannotHoldIsRefused() throws {
    let json = TrainingPlan().json
    #expect(try TrainingPlan(json: json, path: "x", room: 1 << 20) == TrainingPlan())
    #expect(throws: CPCError.self) { try TrainingPlan(json: json, path: "x", room: 1000) }
    var plan = TrainingPlan()
    plan.encoder = Choice("spectral", ["sizes": .integers([2])])
    plan.contextSize = 400
    #expect(throws: CPCError.self) { try plan.validate(room: 3 * 400 * 400 - 1) }
  }

  @Test func brokenJSONSaysWhatIsMissing() {
    let plan = TrainingPlan().json
    for (text, expected) in [
      ("", "JSON"), (plan.replacing("\"batchSize\"", with: "\"bathSize\""), "batchSize"),
      (plan.replacing("\"kind\" : \"spectral\"", with: "\"kind\" : \"odd\""), "odd"),
      (plan.replacing("\"batchSize\" : 16", with: "\"batchSize\" : \"many\""), "batchSize"),
    ] {
      let error = #expect(throws: CPCError.self) { try TrainingPlan(json: text, path: "plan.json") }
      #expect(error?.description.contains("plan.json") == true)
      #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }
  }

  /// Checkpoints of before there were augmentations are read as what they were: trainings without any.
  @Test func aPlanWithoutAugmentationsMadeNone() throws {
    var plan = TrainingPlan()
    plan.augmentations = AugmentationPlan()
    let old = plan.json.replacing(/"augmentations" : \{[^}]*\},/, with: "")
    #expect(!old.contains("augmentations"))
    #expect(try TrainingPlan(json: old, path: "test") == plan)
  }

  @Test func typedValuesAreReadAsMeant() {
    for (text, value): (String, SettingValue) in [
      ("true", .flag(true)), ("12", .integer(12)), ("-0.5", .number(-0.5)),
      ("256,128,64", .integers([256, 128, 64])),
      ("mixed", .text("mixed")), ("1,x", .text("1,x")),
    ] {
      #expect(SettingValue(parsing: text) == value)
    }
  }

  /// The registries: names are unique, defaults are valid, and every part says what it is.
  @Test func everythingInTheRegistriesCanBeMadeFromItsDefaults() throws {
    #expect(Set(Encoders.all.map { $0.name }).count == Encoders.all.count)
    #expect(Set(Objectives.all.map { $0.name }).count == Objectives.all.count)
    for family in Encoders.all {
      #expect(
        !family.summary.isEmpty
          && family.settings.allSatisfy { !$0.summary.isEmpty && $0.accepts($0.fallback) })
      let settings = try Settings([:], of: family.name, known: family.settings)
      var random = RandomSource(seed: 1)
      let encoder = try family.make(settings, inputSize: 1, random: &random, as: Float.self)
      #expect(encoder.latentSize > 0)
    }
    for family in Objectives.all {
      #expect(!family.summary.isEmpty && !family.citation.isEmpty)
      let settings = try Settings([:], of: family.name, known: family.settings)
      var random = RandomSource(seed: 1)
      let objective = try family.make(
        settings, latentSize: 4, contextSize: 3, random: &random, as: Float.self)
      #expect(!objective.needs.views.isEmpty)
    }
  }
}
