import Foundation
import NeuralNet
import Testing

@testable import CPC

@Suite struct TrainingStartTests {
  /// A short training's weights, as the program carries such.
  private func start(steps: Int = 40) throws -> TrainingCheckpoint {
    let source = try WindowSource(Melody.recordings(4), plan: Melody.plan(steps: steps))
    let bytes = try Trainer(source, checkpointPath: nil, programVersion: "test").weights()
    return try TrainingCheckpoint(Checkpoint.read(bytes, source: "start"))
  }

  private func plan(from start: TrainingCheckpoint) -> TrainingPlan {
    var plan = Melody.plan(seed: 9)
    plan.start = start.startName
    return plan
  }

  private func firstLoss(_ plan: TrainingPlan, from start: TrainingCheckpoint?) throws -> Double {
    var loss: Double?
    let source = try WindowSource(Melody.recordings(4), plan: plan)
    _ = try Trainer(source, checkpointPath: nil, programVersion: "test").run(
      startingFrom: start,
      report: { event in
        if case .step(let step) = event { loss = loss ?? step.loss }
      })
    return try #require(loss)
  }

  @Test func whatWasLearntIsThereAtTheFirstStep() throws {
    let start = try start()
    let scratch = try firstLoss(Melody.plan(seed: 9), from: nil)
    let begun = try firstLoss(plan(from: start), from: start)
    #expect(begun < 0.8 * scratch, "\(begun) against \(scratch)")
  }

  @Test func resumingReachesTheSameBytes() throws {
    let start = try start(steps: 4)
    let plan = plan(from: start)
    try TrainerTests.inFolder { folder in
      let whole = folder.appendingPathComponent("whole").path
      let parts = folder.appendingPathComponent("parts").path
      func trainer(to path: String) throws -> Trainer {
        Trainer(
          try WindowSource(Melody.recordings(4), plan: plan), checkpointPath: path, programVersion: "test")
      }
      _ = try trainer(to: whole).run(startingFrom: start)
      var steps = 0
      _ = try trainer(to: parts).run(
        startingFrom: start, isCancelled: { steps == 7 },
        report: { event in
          if case .step(let step) = event { steps = step.step }
        })
      let checkpoint = try TrainingCheckpoint(path: parts)
      #expect(checkpoint.step == 7 && checkpoint.plan.start == start.startName)
      _ = try trainer(to: parts).run(resuming: checkpoint)
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: whole)) == Data(contentsOf: URL(fileURLWithPath: parts)))
    }
  }

  @Test func onlyTheSameShapesSuit() throws {
    let start = try start(steps: 1)
    var same = Melody.plan(steps: 99, seed: 4, objective: ["negatives": .integer(3)])
    same.features.sampleRate = 4000
    #expect(start.suits(same))
    var wider = same
    wider.contextSize = 8
    var deeper = same
    deeper.encoder = Choice("spectral", ["sizes": .integers([24, 24, 12])])
    var longer = same
    if case .spectral(var features) = longer.features {
      features.frameLength = 256
      longer.features = .spectral(features)
    }
    #expect(![wider, deeper, longer, .raw].contains { start.suits($0) })
  }
}
