/// The figures of adapting an aligned model, on groups that it was not adapted to, beside those of the start.
package struct AlignedEvaluation: Sendable, Equatable, Codable {
  package var schemaVersion = 1
  /// Each fold's strength and calibration were decided within its training side.
  package var adapted: GroupEvaluation
  /// The same recordings judged by the start, as it is.
  package var untouched: GroupEvaluation
  /// The strength that each fold chose.
  package var strengths: [Double]

  /// - `progress`: called after each step of a fold with steps done and their number.
  package init(
    _ corpus: AlignedCorpus, folds: GroupFolds, adaptation: AlignedAdaptation,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(FaultDiagError) {
    var strengths: [Double] = []
    adapted = try GroupEvaluation(
      corpus.items, classes: corpus.classes, folds: folds, seed: adaptation.seed, progress: progress
    ) { (fold) throws(FaultDiagError) in
      let result = try adaptation.fitted(to: corpus, recordings: fold.training)
      strengths.append(result.strength)
      return fold.test.map { result.model.judged($0, of: corpus) }
    }
    untouched = try GroupEvaluation(
      corpus.items, classes: corpus.classes, folds: folds, seed: adaptation.seed
    ) { (fold) throws(FaultDiagError) in
      fold.test.map { adaptation.start.judged($0, of: corpus) }
    }
    self.strengths = strengths
  }

  /// Whether adapting judged unseen groups better than leaving the start as it is: by macro AUROC, then by balanced accuracy;
  /// nil where they are equal.
  package var helped: Bool? {
    for (mine, other) in [
      (adapted.report.macroAuroc, untouched.report.macroAuroc),
      (adapted.report.balancedAccuracy, untouched.report.balancedAccuracy),
    ] {
      if let mine, let other, abs(mine - other) > 1e-9 { return mine > other }
    }
    return nil
  }

  /// The report for a terminal: the adapted model's figures, then both in one table.
  package func text(_ style: TextStyle = TextStyle(), start: String) -> String {
    var text = adapted.text(style) + "\n"
    let width = 24
    let titles = ["balanced accuracy", "macro AUROC", "calibration error"]
    text += style.paint("  " + TextStyle.padded("", width) + titles.joined(separator: "  ") + "\n", .dim)
    for (name, report) in [("adapted", adapted.report), (start + ", untouched", untouched.report)] {
      let figures = [report.balancedAccuracy, report.macroAuroc, report.expectedCalibrationError]
      text +=
        "  " + TextStyle.padded(name, width)
        + zip(figures, titles).map {
          TextStyle.padded(ClassificationReport.figure($0), $1.count, right: true)
        }.joined(separator: "  ") + "\n"
    }
    return text
  }
}

extension AlignedModel {
  /// What the model says of one recording of a corpus.
  func judged(_ recording: Int, of corpus: AlignedCorpus) -> GroupEvaluation.Judged {
    let windows = corpus.features[recording]
    let probabilities = probabilities(logits: recordingLogits(windows))
    let state = RecordingJudgement.largest(probabilities)
    let votes = logits(windows).count { RecordingJudgement.largest(self.probabilities(logits: $0)) == state }
    return GroupEvaluation.Judged(
      recording: recording, probabilities: probabilities,
      windows: WindowAgreement(agreeing: votes, total: windows.count))
  }
}
