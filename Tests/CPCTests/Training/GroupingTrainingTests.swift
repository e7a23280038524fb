import Foundation
import NeuralNet
import Support
import TestSupport
import Testing

@testable import CPC

/// What the trainer gives to objectives that ask for a teacher, for window numbers or for the embeddings of all windows.
@Suite struct GroupingTrainingTests {
  private static func plan(_ name: String, _ settings: [String: SettingValue] = [:], threads: Int = 2)
    -> TrainingPlan
  {
    var plan = Melody.plan(threads: threads)
    plan.objective = Choice(
      name,
      ["projectorHidden": .integer(12), "projectorSize": .integer(8)].merging(settings) { _, given in given })
    return plan
  }

  /// Small enough that every part has its turn within twelve steps of three or four an epoch.
  static let cases: [(name: String, settings: [String: SettingValue])] = [
    ("swav", ["prototypes": .integer(5), "queue": .integer(16), "frozenSteps": .integer(3)]),
    ("pcl", ["clusters": .integers([3, 5]), "queue": .integer(12), "momentum": .number(0.9)]),
    ("tcl", ["clusters": .integer(3), "boostAfter": .number(0.25), "confidence": .number(0.34)]),
    ("graph", ["neighbours": .integer(3), "hidden": .integer(10)]),
  ]

  @Test(arguments: [1, 2], cases.indices) func resumingReachesTheSameBytes(threads: Int, index: Int) throws {
    let plan = Self.plan(Self.cases[index].name, Self.cases[index].settings, threads: threads)
    try TrainerTests.inFolder { folder in
      let whole = folder.appendingPathComponent("whole.safetensors").path
      let parts = folder.appendingPathComponent("parts.safetensors").path
      try TrainerTests.train(plan, to: whole)
      try TrainerTests.train(plan, to: parts, cancelAfter: 7)
      let checkpoint = try TrainingCheckpoint(path: parts)
      try TrainerTests.train(checkpoint.plan, to: parts, resuming: checkpoint)
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: whole)) == Data(contentsOf: URL(fileURLWithPath: parts)))
    }
  }

  /// What was learnt beside the model is in the file, for use without the trainer.
  @Test(arguments: cases.indices.dropLast()) func aFileKeepsTheGroups(index: Int) throws {
    try TrainerTests.inFolder { folder in
      let path = folder.appendingPathComponent("model.safetensors").path
      let trained = try TrainerTests.train(
        Self.plan(Self.cases[index].name, Self.cases[index].settings), to: path)
      let checkpoint = try TrainingCheckpoint(path: path)
      let loaded = try #require(try checkpoint.objective() as? any GroupingObjective<Float>)
      let own = try #require(trained.objective as? any GroupingObjective<Float>)
      #expect(!loaded.groupCounts.isEmpty && loaded.groupCounts == own.groupCounts)
      let rows: Tensor<Float> = randomTensor([7, trained.model.embeddingSize], seed: 3)
      for count in loaded.groupCounts {
        let groups = loaded.groups(of: rows, count: count)
        #expect(groups == own.groups(of: rows, count: count))
        #expect(groups.probabilities.shape == [7, count])
        for row in 0..<7 { #expect(abs(groups.probabilities.outer(row..<row + 1).sum - 1) < 1e-5) }
      }
    }
  }

  @Test func theTeacherFollowsTheModel() throws {
    let plan = Self.plan("pcl", Self.cases[1].settings)
    let source = try WindowSource(Melody.recordings(4), plan: plan)
    var model = try RepresentationModel<Float>(source.plan)
    model.scaling = source.scaling
    func steps<O: Objective>(_ objective: O) throws where O.Scalar == Float {
      var loop = TrainingLoop(source, Learner(model: model, objective: objective))
      #expect(
        try #require(loop.teacher).average.parameters.map { $0.tensor } == model.parameters.map { $0.tensor })
      var expected = MomentumAverage(of: model, decay: 0.9)
      for _ in 0..<3 {
        let done = try loop.advance()
        // What it was when the batch passed it, not what it became afterwards.
        let teacher = try #require(done.representations.teacher)
        #expect(teacher.latents.shape == done.representations.latents.shape)
        expected.update(with: loop.learner.model)
      }
      let found = try #require(loop.teacher).average
      #expect(found.parameters.map { $0.tensor } == expected.average.parameters.map { $0.tensor })
      #expect(found.parameters.map { $0.tensor } != loop.learner.model.parameters.map { $0.tensor })
    }
    try steps(source.plan.makeObjective(for: model))
  }

  @Test func windowsAreNumberedThroughTheRecordings() throws {
    let source = try WindowSource(Melody.recordings(4), plan: Melody.plan())
    let maker = BatchMaker(source, views: [.original])
    let all = try (0..<4).flatMap { try source.recording(at: $0).windows }
    var seen: [Int] = []
    for step in 0..<3 {
      let batch = try maker.batch(at: step)
      for (row, window) in batch.windows.enumerated() {
        #expect(batch.inputs.item(row).storage == all[window].features)
      }
      seen += batch.windows
    }
    // 28 windows in batches of 8: no window twice in an epoch.
    #expect(Set(seen).count == 24 && seen.allSatisfy { (0..<28).contains($0) })
  }

  @Test func allWindowsAreEmbeddedInTheirOrderWhereverTheyLie() throws {
    let plan = Melody.plan()
    let source = try WindowSource(Melody.recordings(3), plan: plan)
    let model = try RepresentationModel<Float>(source.plan)
    let found = try WindowSweep(source).embeddings(by: model)
    #expect(found.shape == [source.windowCount, model.embeddingSize])
    let features = source.plan.features
    for (number, window) in try (0..<3).flatMap({ try source.recording(at: $0).windows }).enumerated() {
      let one = model.embed(Tensor(window.features, shape: [1, features.inputLength, features.inputSize]))
      #expect(
        Golden.mismatch(found.outer(number..<number + 1), Tensor(converting: one), tolerance: 1e-4) == nil)
    }
    // The same bytes when the recordings are read again, and for another number of threads.
    var other = plan
    other.threads = 1
    let streamed = try WindowSource(Melody.recordings(3), plan: other, memoryLimit: 1)
    #expect(!streamed.isInMemory)
    #expect(try WindowSweep(streamed).embeddings(by: model) == found)
  }
}
