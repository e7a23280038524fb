import Testing

@testable import FaultDiag

@Suite struct GroupEvaluationTests {
  @Test func unseenBearingsAreCountedOnceEach() throws {
    let corpus = try SyntheticCorpus.make(bearings: 4)
    let folds = try GroupFolds(corpus.items, count: 4, seed: 1)
    var done: [Int] = []
    let evaluation = try GroupEvaluation(
      corpus, folds: folds, settings: SyntheticCorpus.settings, threads: 2,
      progress: { step, _ in done.append(step) })
    #expect(done == [1, 2, 3, 4])
    #expect(evaluation.outcomes.map(\.recording).sorted() == corpus.items.map(\.path).sorted())
    #expect(evaluation.report.confusion.total == corpus.items.count)
    #expect((evaluation.report.balancedAccuracy ?? 0) > 0.8)
    #expect(evaluation.neverTested.isEmpty)
    #expect(evaluation.text().hasPrefix("24 recordings of 12 held-out groups in 4 folds\n"))
    #expect(ReportJSON.text(evaluation).contains("\"macro_auroc\""))
  }

  @Test func labelsWithoutMeaningScoreLikeChance() throws {
    let corpus = try SyntheticCorpus.make(bearings: 8, separation: 0)
    let folds = try GroupFolds(corpus.items, count: 4, seed: 1)
    let evaluation = try GroupEvaluation(corpus, folds: folds, settings: SyntheticCorpus.settings, threads: 2)
    // Chance is 1/3; 24 bearings scatter by about 0.1. A leak of identity would show as nearly 1.
    #expect((evaluation.report.balancedAccuracy ?? 1) < 0.65)
  }
}
