import CPC
import NeuralNet
import Support
import Testing

@testable import FaultDiag

@Suite struct EncoderTuningTests {
  private func accuracy(_ fitted: FittedHeads, on corpus: LabelledCorpus) throws -> Double {
    let embedder = fitted.embedder ?? corpus.material!.embedder
    let right = try corpus.items.indices.filter { recording in
      let embeddings = embedder.embeddings(ofInputs: corpus.material!.inputs[recording], threads: 1)
      let verdict = try #require(fitted.heads.verdict(embeddings: embeddings))
      return fitted.heads.classes[verdict.state] == corpus.items[recording].label
    }
    return Double(right.count) / Double(corpus.items.count)
  }

  /// On bearings never seen a tuned encoder beats the frozen one that the same heads stand on.
  @Test func tuningFindsWhatTheFrozenEncoderHides() throws {
    let corpus = try TinyEncoder.corpus(bearings: 12, windows: 16)
    let unseen = try TinyEncoder.corpus(bearings: 20, windows: 16, seed: 77)
    var settings = TinyEncoder.settings
    settings.fineTune?.steps = 200
    settings.fineTune?.learningRate = 3e-3
    let tuned = try HeadFitter.fitted(corpus, settings: settings, threads: 2, calibrate: false)
    settings.fineTune = nil
    let frozen = try HeadFitter.fitted(corpus, settings: settings, threads: 2, calibrate: false)
    let (with, without) = (try accuracy(tuned, on: unseen), try accuracy(frozen, on: unseen))
    #expect(with > 0.9 && with > without, "tuned \(with), frozen \(without)")
    #expect(frozen.embedder == nil && tuned.embedder != nil)
  }

  @Test func theLossFalls() throws {
    let corpus = try TinyEncoder.corpus()
    var losses: [Double] = []
    _ = try HeadFitter.fitted(corpus, settings: TinyEncoder.settings, threads: 2, calibrate: false) {
      if $0.stage == .encoder { losses.append($0.loss) }
    }
    #expect(losses.count == 2 && losses[1] < losses[0])
  }

  @Test func sameSeedSameBytesWhateverTheThreads() throws {
    let corpus = try TinyEncoder.corpus()
    let settings = TinyEncoder.settings
    let fits = try [1, 3].map { try HeadFitter.fitted(corpus, settings: settings, threads: $0) }
    #expect(
      fits[0].embedder?.model.parameters.map(\.tensor) == fits[1].embedder?.model.parameters.map(\.tensor))
    #expect(
      fits[0].heads.classifier.parameters.map(\.tensor) == fits[1].heads.classifier.parameters.map(\.tensor))
    #expect(fits[0].heads.calibration == fits[1].heads.calibration)
    var other = settings
    other.seed = 9
    let third = try HeadFitter.fitted(corpus, settings: other, threads: 1, calibrate: false)
    #expect(
      fits[0].embedder?.model.parameters.map(\.tensor) != third.embedder?.model.parameters.map(\.tensor))
  }

  /// Recordings outside the training side leave no trace in the encoder: neither their sound nor their label.
  @Test func heldOutRecordingsDoNotTune() throws {
    let corpus = try TinyEncoder.corpus(bearings: 4)
    var changed = corpus
    changed.items[3].label = "odd"
    changed.material?.inputs[3] = corpus.material!.inputs[3].map { $0.map { $0 * 3 + 1 } }
    let training = corpus.items.indices.filter { $0 != 3 }
    let encoders = try [corpus, changed].map {
      try HeadFitter.fitted(
        $0, recordings: training, settings: TinyEncoder.settings, threads: 2, calibrate: false
      ).embedder?.model.parameters.map(\.tensor)
    }
    #expect(encoders[0] != nil && encoders[0] == encoders[1])
  }

  @Test func calibrationTunesWithoutTheHeldOutGroup() throws {
    let corpus = try TinyEncoder.corpus(bearings: 4)
    var folds: [HeadProgress] = []
    let fitted = try HeadFitter.fitted(corpus, settings: TinyEncoder.settings, threads: 2) {
      if $0.stage == .calibration { folds.append($0) }
    }
    #expect(fitted.heads.calibrationCount == 8)
    #expect(folds.last?.step == folds.last?.steps && folds.last?.loss.isFinite == true)
  }

  @Test func theFileHoldsTheTunedEncoder() throws {
    let corpus = try TinyEncoder.corpus()
    let fitted = try HeadFitter.fitted(corpus, settings: TinyEncoder.settings, threads: 2, calibrate: false)
    let tuned = try #require(fitted.embedder)
    let model = DiagnosticModel(
      name: "tuned", embedder: tuned, heads: fitted.heads, conditions: TrainingConditions(),
      settings: TinyEncoder.settings)
    let read = try DiagnosticModel(bytes: model.bytes(programVersion: "1"), name: "memory")
    #expect(read.embedder.model.parameters.map(\.tensor) == tuned.model.parameters.map(\.tensor))
    #expect(read.settings == TinyEncoder.settings)
    #expect(
      try TinyEncoder.embedder().model.parameters.map(\.tensor) != tuned.model.parameters.map(\.tensor))
  }

  @Test func aDivergingEncoderSaysSo() throws {
    let corpus = try TinyEncoder.corpus()
    var settings = TinyEncoder.settings
    settings.fineTune?.learningRate = .greatestFiniteMagnitude
    #expect(throws: FaultDiagError.self) {
      _ = try HeadFitter.fitted(corpus, settings: settings, threads: 1, calibrate: false)
    }
  }

  @Test func evaluationTunesOnEachTrainingSide() throws {
    let corpus = try TinyEncoder.corpus(bearings: 4)
    let folds = try GroupFolds(corpus.items, count: 2, unit: .automatic, seed: 1)
    let evaluation = try GroupEvaluation(corpus, folds: folds, settings: TinyEncoder.settings, threads: 2)
    #expect(evaluation.outcomes.count == 8)
  }

  @Test func settingsOutOfRangeAreRefused() {
    for change: (inout FineTuneSettings) -> Void in [
      { $0.steps = 0 }, { $0.views = 1 }, { $0.learningRate = 0 }, { $0.noise = -1 }, { $0.batch = 1 },
      { $0.windowsPerRecording = 1 },
    ] {
      var settings = FitSettings.tuning(steps: 120)
      #expect(throws: Never.self) { try settings.validate() }
      change(&settings.fineTune!)
      #expect(throws: FaultDiagError.self) { try settings.validate() }
    }
  }
}
