import CPC
import NeuralNet
import Support
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct HeadFitterTests {
  private func judged(_ heads: DiagnosticHeads, _ corpus: LabelledCorpus) -> Double {
    let right = corpus.items.indices.filter {
      heads.verdict(embeddings: corpus.embeddings(of: $0))?.state
        == corpus.classes.firstIndex(of: corpus.items[$0].label)
    }
    return Double(right.count) / Double(corpus.items.count)
  }

  @Test(arguments: DiagnosticHeads.Decision.allCases)
  func unseenBearingsAreDiagnosed(decision: DiagnosticHeads.Decision) throws {
    var settings = SyntheticCorpus.settings
    settings.decision = decision
    let corpus = try SyntheticCorpus.make(bearings: 6)
    let heads = try HeadFitter.fit(corpus, settings: settings, threads: 2)
    let unseen = try SyntheticCorpus.make(bearings: 6, seed: 99)
    #expect(judged(heads, unseen) > 0.9)
    #expect(heads.calibrationCount == corpus.items.count)
  }

  @Test(arguments: SupConSettings.Representation.allCases)
  func everyRepresentationLearns(reads: SupConSettings.Representation) throws {
    for projection in Projector<Float>.Kind.allCases {
      var settings = SyntheticCorpus.settings
      settings.supcon.reads = reads
      settings.supcon.projection = projection
      let corpus = try SyntheticCorpus.make(bearings: 6)
      let heads = try HeadFitter.fit(corpus, settings: settings, threads: 1, calibrate: false)
      #expect(judged(heads, try SyntheticCorpus.make(bearings: 4, seed: 98)) > 0.85, "\(projection)")
    }
  }

  @Test func nearestReferencesShareTheLabel() throws {
    let corpus = try SyntheticCorpus.make(bearings: 6)
    let heads = try HeadFitter.fit(corpus, settings: SyntheticCorpus.settings, threads: 1, calibrate: false)
    let verdict = try #require(heads.verdict(embeddings: corpus.embeddings(of: 0), referenceCount: 3))
    #expect(verdict.nearest.count == 3)
    #expect(verdict.nearest.map(\.distance) == verdict.nearest.map(\.distance).sorted())
    #expect(verdict.nearest[0].distance < 1e-4, "a reference finds itself")
    #expect(verdict.nearest.allSatisfy { corpus.items[$0.reference].label == "inner" })
  }

  @Test func sameSeedSameBytesWhateverTheThreads() throws {
    let corpus = try SyntheticCorpus.make(bearings: 3)
    let a = try HeadFitter.fit(corpus, settings: SyntheticCorpus.settings, threads: 1)
    let b = try HeadFitter.fit(corpus, settings: SyntheticCorpus.settings, threads: 3)
    #expect(a.classifier.parameters.map(\.tensor) == b.classifier.parameters.map(\.tensor))
    #expect(a.siamese.parameters.map(\.tensor) == b.siamese.parameters.map(\.tensor))
    #expect(a.references == b.references && a.calibration == b.calibration)
    var other = SyntheticCorpus.settings
    other.seed = 2
    let c = try HeadFitter.fit(corpus, settings: other, threads: 1)
    #expect(a.classifier.parameters.map(\.tensor) != c.classifier.parameters.map(\.tensor))
  }

  @Test func oneBearingAClassCannotBeCalibrated() throws {
    let corpus = try SyntheticCorpus.make(bearings: 1)
    let heads = try HeadFitter.fit(corpus, settings: SyntheticCorpus.settings, threads: 1)
    #expect(heads.calibrationCount == 0 && heads.calibration.temperature == 1)
  }

  @Test func oneClassIsRefused() throws {
    let corpus = try SyntheticCorpus.make(bearings: 2)
    #expect(throws: FaultDiagError.tooFewClasses(found: ["inner"])) {
      _ = try HeadFitter.fit(corpus, recordings: [0, 1], settings: SyntheticCorpus.settings, threads: 1)
    }
    #expect(throws: FaultDiagError.self) { _ = try LabelledCorpus(items: [], embeddings: []) }
  }

  @Test func aDivergingHeadSaysSo() throws {
    let corpus = try SyntheticCorpus.make(bearings: 2)
    var settings = SyntheticCorpus.settings
    settings.supcon.contrastiveRate = .greatestFiniteMagnitude
    #expect(throws: FaultDiagError.self) {
      _ = try HeadFitter.fit(corpus, settings: settings, threads: 1, calibrate: false)
    }
  }

  @Test func progressCountsToTheEnd() throws {
    let corpus = try SyntheticCorpus.make(bearings: 2)
    var seen: [HeadProgress] = []
    _ = try HeadFitter.fit(
      corpus, settings: SyntheticCorpus.settings, threads: 1, calibrate: false, progress: { seen.append($0) })
    #expect(seen.filter { $0.step == $0.steps }.map(\.stage) == [.contrastive, .classifier, .siamese])
  }

  @Test func windowByWindowEqualsAllAtOnce() throws {
    let corpus = try SyntheticCorpus.make(bearings: 2)
    let heads = try HeadFitter.fit(corpus, settings: SyntheticCorpus.settings, threads: 1, calibrate: false)
    let windows = corpus.embeddings(of: 3)
    var judgement = RecordingJudgement(heads: heads)
    #expect(judgement.verdict(referenceCount: 1) == nil)
    judgement.add(windows.outer(0..<3))
    judgement.add(windows.outer(3..<8))
    let pieces = try #require(judgement.verdict(referenceCount: 2))
    let whole = try #require(heads.verdict(embeddings: windows, referenceCount: 2))
    #expect(pieces.windows == whole.windows && pieces.state == whole.state)
    for (a, b) in zip(pieces.logits, whole.logits) { #expect(close(a, b, 1e-5)) }
  }
}
