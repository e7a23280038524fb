import NeuralNet
import SignalIO
import Testing

@testable import FaultDiag

@Suite struct AlignedAdaptationTests {
  /// Simulated bearings, one a group: `windows` of them make a recording.
  private func corpus(recordings: Int, windows: Int = 2, bearings: Int? = nil) throws -> AlignedCorpus {
    var plan = try AlignedModel.embedded().plan
    plan.seed = 91
    plan.draw.signalToNoise = 0...6
    let examples = try AlignedExamples.simulated(0..<recordings * windows * 2, plan: plan, threads: 2)
    // Windows of one state are joined to recordings; states 0 and 1 only, so that folds hold both.
    var corpus = AlignedCorpus(envelope: plan.envelope)
    for state in 0...1 {
      let own = (0..<examples.count).filter { examples.state($0) == state }
      for recording in 0..<min(recordings / 2, own.count / windows) {
        corpus.add(
          SplitItem(
            path: "\(state)-\(recording).wav", label: "",
            bearingID: bearings.map { "\(state)-\(recording % $0)" }),
          state: state,
          features: own[recording * windows..<(recording + 1) * windows].map { examples.features[$0] },
          sampleRate: 12_000)
      }
    }
    return corpus
  }

  private func adaptation(threads: Int = 2) throws -> AlignedAdaptation {
    var adaptation = AlignedAdaptation(start: try AlignedModel.embedded(), threads: threads)
    adaptation.settings.epochs = 1
    adaptation.folds = 2
    return adaptation
  }

  @Test func strengthAndCalibrationAreDecidedOnHeldOutGroups() throws {
    let corpus = try corpus(recordings: 8)
    let result = try adaptation().fitted(to: corpus)
    #expect(result.heldOutRecordings == corpus.items.count)
    #expect(result.trials.map(\.strength) == AlignedAdaptation.strengths)
    #expect(AlignedAdaptation.strengths.contains(result.strength))
    let again = try adaptation(threads: 1).fitted(to: corpus)
    #expect(
      again.model.checkpoint(programVersion: "1").bytes == result.model.checkpoint(programVersion: "1").bytes)
  }

  @Test func aHandfulOfRecordingsMovesLittle() {
    // The last candidate is best on average, by one lucky recording in four; in a hundred alike it is certain.
    let few = [[1.0, 1, 1, 1], [1.01, 1.01, 1.01, 0.6], [1.02, 1.02, 1.02, 0.5]]
    #expect(AlignedAdaptation.smallestWithinOneError(few) == 0)
    let many = few.map { losses in (0..<100).flatMap { _ in losses } }
    #expect(AlignedAdaptation.smallestWithinOneError(many) == 2)
    #expect(AlignedAdaptation.smallestWithinOneError([[1.0, 2], [0.5, 1.5]]) == 1)
  }

  @Test func withoutASecondGroupTheCalibrationStays() throws {
    let corpus = try corpus(recordings: 4, bearings: 1)
    let adaptation = try adaptation()
    let result = try adaptation.fitted(to: corpus)
    #expect(result.trials.isEmpty && result.heldOutRecordings == 0)
    #expect(result.strength == AlignedAdaptation.unchosenStrength)
    #expect(result.model.slope == adaptation.start.slope)
    #expect(
      result.model.networks[0].head2.weight.storage != adaptation.start.networks[0].head2.weight.storage)
  }

  @Test func oneStateIsNothingToLearnFrom() throws {
    let corpus = try corpus(recordings: 4)
    let normal = corpus.states.indices.filter { corpus.states[$0] == 0 }
    #expect(throws: FaultDiagError.tooFewClasses(found: ["normal"])) {
      try adaptation().fitted(to: corpus, recordings: normal)
    }
  }

  @Test func evaluationJudgesEachRecordingTwice() throws {
    let corpus = try corpus(recordings: 8)
    let folds = try GroupFolds(corpus.items, count: 2, seed: 1)
    let evaluation = try AlignedEvaluation(corpus, folds: folds, adaptation: adaptation())
    #expect(evaluation.strengths.count == 2)
    for side in [evaluation.adapted, evaluation.untouched] {
      #expect(side.outcomes.map(\.recording).sorted() == corpus.items.map(\.path).sorted())
    }
    // The untouched model knows such bearings: nothing of these folds can have reached it.
    #expect((evaluation.untouched.report.macroAuroc ?? 0) > 0.8)
    #expect(evaluation.text(start: "default model").contains("default model, untouched"))
  }

  @Test func filesRememberWhatTheyWereFittedTo() throws {
    var model = try AlignedModel.embedded()
    #expect(model.fitted == nil)
    model.fitted = AlignedFitRecord(
      name: "fans", conditions: TrainingConditions(channel: "DE", sampleRates: [12_000], recordings: 3),
      strength: 0.5, heldOutRecordings: 3)
    let bytes = model.checkpoint(programVersion: "1").bytes
    let read = try AlignedModel(Checkpoint.read(bytes, source: "memory"))
    #expect(read.fitted == model.fitted)
    #expect(AlignedJudge(read).channel == "DE")
  }

  @Test func labelsAreStatesInManyWords() throws {
    let envelope = AlignedEnvelopeSettings()
    func state(_ label: String) throws -> Int {
      try AlignedCorpus.state(of: label, envelope: envelope, path: "a.wav")
    }
    #expect(try ["Healthy", "OR_7mil", "IR021", "ball fault"].map(state) == [0, 1, 2, 3])
    for label in ["cavitation", "cage", "inner+outer", "abnormal"] {
      #expect(throws: FaultDiagError.self) { try state(label) }
    }
  }

  /// Three recordings that are told apart perfectly must not make certainty.
  @Test func aPriorKeepsFewRecordingsModest() {
    let logits = [[-8.0, -8, -8], [8, -8, -8], [-8, 8, -8]]
    let free = AlignedCalibration.fit(logits: logits, states: [0, 1, 2])
    let prior = AlignedCalibration.Prior(slope: 0.3, normalLevel: -0.5, weight: 6)
    let kept = AlignedCalibration.fit(logits: logits, states: [0, 1, 2], prior: prior)
    #expect(free.slope > 1)
    #expect(kept.slope > 0.3 && kept.slope < 0.6, "\(kept)")
    let strong = AlignedCalibration.Prior(slope: 0.3, normalLevel: -0.5, weight: 1e9)
    let held = AlignedCalibration.fit(logits: logits, states: [0, 1, 2], prior: strong)
    #expect(abs(held.slope - 0.3) < 1e-6 && abs(held.normalLevel + 0.5) < 1e-6)
  }
}
