import Testing

@testable import CPC

/// Every objective, through the trainer.
@Suite struct ObjectiveTrainingTests {
  static func recordings(labels: [String?]) -> [TrainingRecording] {
    labels.enumerated().map { index, label in
      TrainingRecording(
        name: "melody \(index)", samples: [Melody.samples(notes: 96, seed: UInt64(index) + 100)],
        sampleRate: 8000,
        label: label)
    }
  }

  static func plan(_ name: String, _ settings: [String: SettingValue] = [:]) -> TrainingPlan {
    var plan = Melody.plan(steps: 3)
    plan.objective = Choice(name, settings)
    return plan
  }

  @Test(arguments: Objectives.all.indices) func everyObjectiveTrainsToTheSameBytes(index: Int) throws {
    let recordings = Self.recordings(labels: ["b", "a", nil, "b"])
    func weights() throws -> [UInt8] {
      let source = try WindowSource(recordings, plan: Self.plan(Objectives.all[index].name))
      return try Trainer(source, checkpointPath: nil, programVersion: "test").weights()
    }
    #expect(try weights() == weights(), "\(Objectives.all[index].name)")
  }

  @Test func labelsAreNumberedAndBatchesHoldThem() throws {
    let source = try WindowSource(
      Self.recordings(labels: ["b", "a", nil, "b"]), plan: Self.plan("supcon"))
    #expect(source.classes == ["a", "b"])
    let batches = BatchMaker(source, views: [.original])
    for step in 0..<4 {
      let labels = try batches.batch(at: step).labels
      #expect(labels.filter { $0 == 0 }.count == 4 && labels.filter { $0 == 1 }.count == 4)
    }
  }

  /// A training that is resumed with other labels is another training.
  @Test func labelsBelongToTheFingerprintWhereTheyAreLearntFrom() throws {
    func fingerprint(_ objective: String, _ labels: [String?]) throws -> String {
      try WindowSource(Self.recordings(labels: labels), plan: Self.plan(objective)).fingerprint
    }
    #expect(try fingerprint("supcon", ["a", "b"]) != fingerprint("supcon", ["b", "a"]))
    #expect(try fingerprint("simclr", ["a", "b"]) == fingerprint("simclr", ["b", "a"]))
  }

  @Test func labelsAreCountedForTheClassifier() throws {
    let source = try WindowSource(Self.recordings(labels: ["c", "a", "b"]), plan: Self.plan("supce"))
    #expect(source.plan.objective.settings["classes"] == .integer(3))
    #expect(
      throws: CPCError.badSetting(
        name: "objective supce: classes", found: "2", expected: "at least the 3 labels that occur")
    ) {
      try WindowSource(
        Self.recordings(labels: ["c", "a", "b"]), plan: Self.plan("supce", ["classes": .integer(2)]))
    }
  }

  @Test(arguments: [[nil, nil], ["a", nil, "a"]] as [[String?]]) func fewerThanTwoLabelsAreToldSo(
    labels: [String?]
  )
    throws
  {
    let found = labels.contains("a") ? ["a"] : []
    #expect(
      throws: CPCError.tooFewLabels(objective: "supcon", found: found, recordings: labels.count)
    ) {
      try WindowSource(Self.recordings(labels: labels), plan: Self.plan("supcon"))
    }
    // The same objective over views asks for none.
    _ = try WindowSource(
      Self.recordings(labels: labels), plan: Self.plan("supcon", ["positives": .text("views")]))
  }
}
