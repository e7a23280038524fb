import Foundation
import Plotting

/// Curves of one or more trainings, overlaid.
package struct RunComparison {
  package let runs: [RunLog]

  package init(runs: [RunLog]) { self.runs = runs }

  /// One curve of a run: a name, an axis, and where its values are.
  private struct Curve {
    var title: String
    var axis: String
    var unit: String?
    var values: (RunLog) -> [(step: Int, value: Double?)]
  }

  /// Every curve that any run has.
  var panels: [Panel] {
    (Self.stepCurves + termCurves + Self.statisticsCurves).compactMap { panel($0) }
  }

  /// One run alone has nothing to be told from.
  var legend: [String] { runs.count > 1 ? runs.map { $0.name } : [] }

  /// What each run came to, in a line.
  var notes: [String] {
    runs.compactMap { run in
      guard let last = run.steps.last else { return nil }
      let loss = last.loss.map { String(format: "loss %.4g", $0) } ?? "no loss"
      return "\(run.name): \(last.step) steps, at the end \(loss)"
        + (last.accuracy.map { String(format: ", right %.1f %%", 100 * $0) } ?? "") + "."
    }
  }

  package func written(as format: FileFormat) -> String {
    let title = runs.count == 1 ? "Training \(runs[0].name)" : "\(runs.count) trainings"
    return switch format {
    case .html: PlotPage(title, notes: notes, legend: legend, panels: panels).html
    case .svg: Figure(panels, title: title, legend: legend).svg
    }
  }

  /// By the ending of the file's name.
  package enum FileFormat: String, CaseIterable { case html, svg }

  private func panel(_ curve: Curve) -> Panel? {
    let series = runs.enumerated().map { index, run in
      let values = curve.values(run)
      return LineSeries(
        run.name, x: values.map { Double($0.step) }, y: values.map { Self.drawable($0.value) }, colour: index)
    }.filter { $0.y.contains(where: \.isFinite) }
    guard !series.isEmpty else { return nil }
    return Panel(
      curve.title, x: Axis("step", range: 0...Double(runs.map(\.lastStep).max() ?? 1)),
      y: Axis(curve.axis, unit: curve.unit, covering: series.flatMap(\.y), margin: 0.05), series: series)
  }

  /// What a log states where it can be drawn: differences of values far beyond any loss are infinite.
  private static func drawable(_ value: Double?) -> Double {
    value.flatMap { abs($0) < 1e100 ? $0 : nil } ?? .nan
  }

  private static func ofSteps(
    _ title: String, _ axis: String, unit: String? = nil, _ value: @escaping (TrainingLogRecord) -> Double?
  ) -> Curve {
    Curve(title: title, axis: axis, unit: unit) { $0.steps.map { ($0.step, value($0)) } }
  }

  private static func ofStatistics(
    _ title: String, _ axis: String, _ value: @escaping (TrainingLogRecord) -> Double?
  ) -> Curve {
    Curve(title: title, axis: axis) { $0.statistics.map { ($0.step, value($0)) } }
  }

  private static var stepCurves: [Curve] {
    [
      ofSteps("Loss", "loss") { $0.loss },
      ofSteps("Learning rate", "rate") { $0.learningRate },
      ofSteps("Accuracy: positives that score highest", "share", unit: "%") {
        // Logs of before there was the mean have the accuracies of the steps ahead.
        let ahead = $0.accuracyByStep.flatMap { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) }
        return ($0.accuracy ?? ahead).map { 100 * $0 }
      },
      ofSteps("Accuracy: positives among the five highest", "share", unit: "%") {
        $0.topFiveAccuracy.map { 100 * $0 }
      },
    ]
  }

  /// Terms of the loss, where a loss has more than one.
  private var termCurves: [Curve] {
    let several = runs.filter { ($0.steps.last?.terms?.count ?? 0) > 1 }
    let names = Set(several.flatMap { $0.steps.last?.terms?.keys.map { $0 } ?? [] })
    return names.sorted().map { name in Self.ofSteps("Loss: \(name)", name) { $0.terms?[name] } }
  }

  private static var statisticsCurves: [Curve] {
    [
      ofStatistics("Alignment (0: neighbours alike)", "alignment") { $0.alignment },
      ofStatistics("Uniformity (0: all in one point)", "uniformity") { $0.uniformity },
      ofStatistics("Effective rank (1: all on a line)", "dimensions") { $0.effectiveRank },
    ]
  }
}

extension RunLog {
  fileprivate var lastStep: Int { max(steps.last?.step ?? 0, statistics.last?.step ?? 0, 1) }
}
