import Foundation
import NeuralNet
import Support
import Testing

@testable import CPC

@Suite struct TrainerTests {
  /// A fresh folder that is removed afterwards.
  static func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cpc-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @discardableResult
  static func train(
    _ plan: TrainingPlan, to path: String? = nil, resuming: TrainingCheckpoint? = nil,
    cancelAfter: Int? = nil,
    report: (TrainingEvent) -> Void = { _ in }
  ) throws -> Trainer.Trained {
    let source = try WindowSource(Melody.recordings(4), plan: plan, adapts: resuming == nil)
    var steps = resuming?.step ?? 0
    return try Trainer(source, checkpointPath: path, programVersion: "test").run(
      resuming: resuming, isCancelled: { steps == cancelAfter },
      report: {
        if case .step(let step) = $0 { steps = step.step }
        report($0)
      })
  }

  /// Notes follow each other in one order, so a model that learns can tell what comes; chance is one in ten. It cannot
  /// do better than telling notes apart: of six notes the true one recurs m times among 9 negatives, the expectation
  /// of 1 / (1 + m) is 0.50 and that of log(1 + m) 0.75.
  @Test(arguments: NegativeSampler.Strategy.allCases) func learnsWhatCanBePredicted(
    strategy: NegativeSampler.Strategy
  ) throws {
    let corrupted = strategy == .corrupted
    let plan = Melody.plan(
      steps: 150,
      objective: ["negativesFrom": .text(strategy.rawValue), "negatives": .integer(corrupted ? 3 : 9)])
    var first: TrainingStep?
    var last: TrainingStep?
    try Self.train(plan) {
      guard case .step(let step) = $0 else { return }
      first = first ?? step
      last = step
    }
    let accuracy = try #require(last?.measures.accuracy)
    #expect(
      accuracy > (corrupted ? 0.8 : 0.4), "accuracy \(accuracy), loss \(last!.loss) after \(first!.loss)")
    #expect(last!.loss < 0.5 * first!.loss)
    #expect(last!.measures.informationBound! > 0.4)
  }

  @Test(arguments: [1, 2]) func sameSeedSameBytes(threads: Int) throws {
    try Self.inFolder { folder in
      let paths = ["a", "b", "c"].map { folder.appendingPathComponent($0).path }
      try Self.train(Melody.plan(threads: threads), to: paths[0])
      try Self.train(Melody.plan(threads: threads), to: paths[1])
      try Self.train(Melody.plan(threads: threads, seed: 4), to: paths[2])
      let files = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      #expect(files[0] == files[1])
      #expect(files[0] != files[2])
    }
  }

  @Test(arguments: [1, 2], ["withinRecording", "corrupted", "raw"]) func resumingReachesTheSameBytes(
    threads: Int, strategy: String
  ) throws {
    var plan = Melody.plan(threads: threads, objective: ["negatives": .integer(3)])
    if strategy == "raw" {
      // The raw encoder keeps running statistics, which must survive too.
      plan.features = .raw(RawFeatures(sampleRate: 8000, windowSamples: 3200))
      plan.encoder = Choice("raw", ["channels": .integer(6)])
    } else {
      plan.objective.settings["negativesFrom"] = .text(strategy)
    }
    try Self.inFolder { folder in
      let whole = folder.appendingPathComponent("whole.safetensors").path
      let parts = folder.appendingPathComponent("parts.safetensors").path
      try Self.train(plan, to: whole)
      let stopped = try Self.train(plan, to: parts, cancelAfter: 7)
      #expect(stopped.summary.wasCancelled && stopped.summary.step == 7)
      let checkpoint = try TrainingCheckpoint(path: parts)
      #expect(checkpoint.step == 7 && !checkpoint.isFinished)
      let resumed = try Self.train(checkpoint.plan, to: parts, resuming: checkpoint)
      #expect(!resumed.summary.wasCancelled && resumed.summary.step == 12)
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: whole)) == Data(contentsOf: URL(fileURLWithPath: parts)))
    }
  }

  @Test func aCancelledCheckpointHoldsTheModel() throws {
    try Self.inFolder { folder in
      let path = folder.appendingPathComponent("model.safetensors").path
      let stopped = try Self.train(Melody.plan(), to: path, cancelAfter: 2)
      let loaded = try TrainingCheckpoint(path: path).model()
      for (one, other) in zip(stopped.model.parameters, loaded.parameters) {
        #expect(one.name == other.name && one.tensor == other.tensor)
      }
    }
  }

  @Test func divergenceStopsWithTheStepAndLeavesTheLastCheckpoint() throws {
    try Self.inFolder { folder in
      let path = folder.appendingPathComponent("model.safetensors").path
      try Self.train(Melody.plan(), to: path, cancelAfter: 0)
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      var plan = Melody.plan()
      plan.learningRate = 3e38
      plan.checkpointInterval = 1000
      var failure: CPCError?
      do { try Self.train(plan, to: path) } catch let error as CPCError { failure = error }
      guard case .notFinite(_, let step, _) = failure else {
        Issue.record("expected a typed error of divergence, found \(String(describing: failure))")
        return
      }
      #expect((2...12).contains(step))
      #expect(failure!.description.contains("step \(step)") && failure!.description.contains("learning rate"))
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
  }

  @Test func resumingWithOtherRecordingsIsRefused() throws {
    try Self.inFolder { folder in
      let path = folder.appendingPathComponent("model.safetensors").path
      try Self.train(Melody.plan(), to: path, cancelAfter: 1)
      let checkpoint = try TrainingCheckpoint(path: path)
      let others = try WindowSource(Melody.recordings(3), plan: checkpoint.plan, adapts: false)
      let error = #expect(throws: CPCError.self) {
        try Trainer(others, checkpointPath: nil, programVersion: "test").run(resuming: checkpoint)
      }
      guard case .checkpointMismatch = error else {
        Issue.record("expected a mismatch, found \(String(describing: error))")
        return
      }
    }
  }

  @Test func aFileThatCannotBeWrittenIsATypedError() throws {
    let error = #expect(throws: CPCError.self) {
      try Self.train(Melody.plan(), to: "/nowhere/at/all/model.safetensors", cancelAfter: 0)
    }
    guard case .checkpoint = error else {
      Issue.record("expected a checkpoint error, found \(String(describing: error))")
      return
    }
  }

  @Test func eventsTellTheStory() throws {
    var events: [TrainingEvent] = []
    try Self.inFolder { folder in
      try Self.train(Melody.plan(), to: folder.appendingPathComponent("m").path) { events.append($0) }
    }
    guard case .started(let start) = events.first, case .ended(let summary) = events.last else {
      Issue.record("a training begins with started and ends with ended: \(events)")
      return
    }
    #expect(start.recordings == 4 && start.steps == 12 && start.parameters > 1000)
    #expect(summary.step == 12 && summary.last?.step == 12)
    let steps = events.compactMap { if case .step(let step) = $0 { step } else { nil } }
    #expect(steps.map { $0.step } == Array(1...12))
    #expect(
      steps.allSatisfy {
        $0.measures.accuracyByStep.count == 3 && $0.gradientNorm > 0 && $0.windowsPerSecond > 0
      })
    #expect(steps.map { $0.learningRate }.max()! <= 5e-3 && steps[0].learningRate < steps[2].learningRate)
    let measured = events.compactMap { if case .statistics(let step, _) = $0 { step } else { nil } }
    #expect(measured == [4, 8, 12])
    let saved = events.compactMap { if case .checkpoint(let step, _) = $0 { step } else { nil } }
    #expect(saved == [5, 10, 12])
  }
}
