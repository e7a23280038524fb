import Foundation
import SignalIO
import Support
import Testing

@testable import FaultDiag

/// Where the real recordings are, or nil.
private let dataFolder: String? = {
  let candidates = [ProcessInfo.processInfo.environment["FAULT_DIAG_DATA"], "../shared/data"].compactMap {
    $0
  }
  return candidates.first { FileManager.default.fileExists(atPath: $0 + "/cwru/105.mat") }
}()

@Suite struct CWRUBearingwiseDataTests {
  @Test(.enabled(if: dataFolder != nil, "no recordings at FAULT_DIAG_DATA or ../shared/data"))
  func everySignalHasItsTenSegments() throws {
    let folder = try #require(dataFolder)
    let segments = try CWRUBearingwise.segments { signal throws(FaultDiagError) in
      try CWRUBearingwise.load(signal, folder: folder)
    }
    #expect(segments.count == 1440)
    #expect(segments.allSatisfy { $0.samples.allSatisfy(\.isFinite) })
  }

  @Test func aModelMustFitTheSegments() throws {
    try CWRUBearingwise.check(WindowPlan(length: 12_000, sampleRate: 12_000))
    #expect(throws: FaultDiagError.self) {
      try CWRUBearingwise.check(WindowPlan(length: 12_001, sampleRate: 12_000))
    }
    #expect(throws: FaultDiagError.self) {
      try CWRUBearingwise.check(WindowPlan(length: 6000, sampleRate: 16_000))
    }
  }

  @Test func theScorerLearnsWhatSegmentsTell() throws {
    // Two made-up coordinates that carry the label and one that does not.
    var random = RandomSource(seed: 3)
    let examples = CWRUBearingwise.signals.map { signal in
      CWRUExample(
        signal: signal,
        features: signal.labels.map { Float($0 ? 2 : 0) + Float(random.normal()) * 0.3 })
    }
    let fold = CWRUBearingwise.tuningFolds[0]
    let scorer = CWRUBearingwise.supConScorer(settings: SyntheticCorpus.settings.supcon, seed: 1)
    let test = fold.test.map { examples[$0] }
    let scores = try scorer(fold, fold.training.map { examples[$0] }, test.map(\.features))
    #expect((MacroAUROC(scores: scores, truth: test.map(\.labels)).macro ?? 0) > 0.95)
  }

  @Test func theTunedScorerLearnsWhatInputsTell() throws {
    let embedder = try TinyEncoder.embedder()
    let (steps, channels) = (embedder.plan.features.inputLength, embedder.plan.features.inputSize)
    var random = RandomSource(seed: 4)
    let examples = CWRUBearingwise.signals.map { signal in
      CWRUExample(
        signal: signal,
        features: [
          (0..<steps * channels).map { i -> Float in
            let isMarked = i % channels < 3 && signal.labels[i % channels]
            return Float((isMarked ? 2 : 0) + 0.5 * random.normal())
          }
        ])
    }
    let fold = CWRUBearingwise.tuningFolds[0]
    let scorer = CWRUBearingwise.tunedScorer(embedder: embedder, settings: TinyEncoder.settings)
    let test = fold.test.map { examples[$0] }
    let scores = try scorer(fold, fold.training.map { examples[$0] }, test.map(\.features))
    #expect((MacroAUROC(scores: scores, truth: test.map(\.labels)).macro ?? 0) > 0.95)
  }
}
