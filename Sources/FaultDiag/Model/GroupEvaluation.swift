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

  /// What was said of one recording of a fold's test side.
  package struct Judged: Sendable {
    /// Index into the items.
    package var recording: Int
    /// In the order of the classes.
    package var probabilities: [Double]
    package var windows: WindowAgreement
  }

  /// Fits heads on each fold's training side and judges its test side.
  ///
  /// Folds run one after the other, the calibration inside each on `threads` threads.
  /// - `progress`: called after each fold with folds done and their number.
  package init(
    _ corpus: LabelledCorpus, folds: GroupFolds, settings: FitSettings, threads: Int,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(FaultDiagError) {
    try self.init(
      corpus.items, classes: corpus.classes, folds: folds, seed: settings.seed, progress: progress
    ) { (fold) throws(FaultDiagError) in
      let fitted = try HeadFitter.fitted(
        corpus, recordings: fold.training, settings: settings, threads: threads)
      return fold.test.compactMap { recording in
        fitted.heads.verdict(embeddings: fitted.corpus.embeddings(of: recording)).map {
          Judged(recording: recording, probabilities: $0.probabilities, windows: $0.windows)
        }
      }
    }
  }

  /// Judges each fold's test side by whatever `judge` makes of its training side.
  ///
  /// - `items`: labels are among `classes`.
  /// - `judge`: must not look at the labels of the fold's test side.
  package init(
    _ items: [SplitItem], classes: [String], folds: GroupFolds, seed: UInt64,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in },
    judge: (_ fold: DataSplit) throws(FaultDiagError) -> [Judged]
  ) throws(FaultDiagError) {
    let groups = DataSplit.naturalGroups(items)
    outcomes = []
    self.folds = []
    for (number, fold) in folds.folds.enumerated() {
      let tested = try judge(fold).map { judged in
        let state =
          judged.probabilities.indices.max { judged.probabilities[$0] < judged.probabilities[$1] } ?? 0
        return Outcome(
          recording: items[judged.recording].path, group: groups[judged.recording],
          label: items[judged.recording].label, state: classes[state],
          probability: judged.probabilities[state], probabilities: judged.probabilities, fold: number,
          windows: judged.windows)
      }
      let own = Self.report(tested, classes: classes)
      self.folds.append(
        Fold(
          recordings: tested.count, groups: Set(tested.map(\.group)).sorted(),
          balancedAccuracy: own.balancedAccuracy, macroAuroc: own.macroAuroc))
      outcomes += tested
      progress(number + 1, folds.folds.count)
    }
    report = Self.report(outcomes, classes: classes)
    neverTested = folds.impossible
    self.seed = seed
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
