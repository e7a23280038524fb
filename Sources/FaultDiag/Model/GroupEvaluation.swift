import NeuralNet
import Support

/// The figures of fitted heads on groups that they were not fitted to.
package struct GroupEvaluation: Sendable, Equatable, Codable {
  /// One held-out recording.
  package struct Outcome: Sendable, Equatable, Codable {
    package var recording: String
    package var group: String
    package var label: String
    package var state: String
    package var probability: Double
    /// In the order of the report's classes.
    package var probabilities: [Double]
    package var fold: Int
    package var windows: WindowAgreement
  }

  /// What one fold reached by itself; nil where a figure is undefined (a fold that lacks a class).
  package struct Fold: Sendable, Equatable, Codable {
    package var recordings: Int
    package var groups: [String]
    package var balancedAccuracy: Double?
    package var macroAuroc: Double?
  }

  package var schemaVersion = 1
  /// Over all held-out recordings, each judged once.
  package var report: ClassificationReport
  package var folds: [Fold]
  package var outcomes: [Outcome]
  /// Classes with one group only, which therefore always trained and were never tested.
  package var neverTested: [String]
  package var seed: UInt64

  /// Fits on each fold's training side and judges its test side.
  ///
  /// Folds run one after the other, the calibration inside each on `threads` threads.
  /// - Parameter progress: called after each fold with folds done and their number.
  package init(
    _ corpus: LabelledCorpus, folds: GroupFolds, settings: FitSettings, threads: Int,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(FaultDiagError) {
    let groups = DataSplit.naturalGroups(corpus.items)
    outcomes = []
    self.folds = []
    for (number, fold) in folds.folds.enumerated() {
      let fitted = try HeadFitter.fitted(
        corpus, recordings: fold.training, settings: settings, threads: threads)
      var tested: [Outcome] = []
      for recording in fold.test {
        guard let verdict = fitted.heads.verdict(embeddings: fitted.corpus.embeddings(of: recording))
        else { continue }
        let item = corpus.items[recording]
        tested.append(
          Outcome(
            recording: item.path, group: groups[recording], label: item.label,
            state: corpus.classes[verdict.state], probability: verdict.probabilities[verdict.state],
            probabilities: verdict.probabilities, fold: number, windows: verdict.windows))
      }
      let own = Self.report(tested, classes: corpus.classes)
      self.folds.append(
        Fold(
          recordings: tested.count, groups: Set(tested.map(\.group)).sorted(),
          balancedAccuracy: own.balancedAccuracy, macroAuroc: own.macroAuroc))
      outcomes += tested
      progress(number + 1, folds.folds.count)
    }
    report = Self.report(outcomes, classes: corpus.classes)
    neverTested = folds.impossible
    seed = settings.seed
  }

  private static func report(_ outcomes: [Outcome], classes: [String]) -> ClassificationReport {
    ClassificationReport(
      item: "recording", classes: classes, probabilities: outcomes.map(\.probabilities),
      truth: outcomes.map { classes.firstIndex(of: $0.label) ?? 0 })
  }

  /// The report for a terminal, with its protocol.
  package func text(_ style: TextStyle = TextStyle()) -> String {
    let groups = Set(outcomes.map(\.group)).count
    var text = style.paint(
      "\(outcomes.count) recordings of \(groups) held-out groups in \(folds.count) folds\n\n", .bold)
    text += report.text(style)
    let areas = folds.compactMap(\.balancedAccuracy)
    if let worst = areas.min(), let best = areas.max() {
      text +=
        "  " + TextStyle.padded("folds", 20)
        + "balanced accuracy \(Format.fixed(worst, digits: 3)) to \(Format.fixed(best, digits: 3))\n"
    }
    if !neverTested.isEmpty {
      let note =
        "never tested, as they have one bearing, machine or file only: "
        + neverTested.map(Format.harmless).joined(separator: ", ")
      for line in TextStyle.wrapped(note, columns: style.width - 2) {
        text += "  " + style.paint(line, .yellow) + "\n"
      }
    }
    return text
  }
}
