import CPC
import FaultDiag

/// Shows a training while it runs: a line of progress, now and then a row of a table that stays, warnings.
struct TrainingDisplay {
  private let console: Console
  private var progress: ProgressLine
  /// The last step, whose figures the next row of the table shows.
  private var last: TrainingStep?
  private var hasHeader = false

  /// Steps ahead that fit a row of 80 columns.
  private static let columnLimit = 12

  init(console: Console) {
    self.console = console
    progress = ProgressLine(console: console)
  }

  mutating func take(_ event: TrainingEvent) {
    switch event {
    case .started(let start): started(start)
    case .step(let step): show(step)
    case .statistics(let step, let statistics): row(step, statistics)
    case .checkpoint(let step, let path):
      if console.verbosity >= .verbose {
        progress.interject("saved \(Format.harmless(path)) at step \(step)")
      }
    case .warning(let warning):
      progress.finish()
      console.warning("\(warning)")
    case .ended: progress.finish()
    }
  }

  /// Ends the line of progress; needed when a training throws.
  mutating func finish() { progress.finish() }

  private func started(_ start: TrainingStart) {
    guard start.step < start.steps else {
      console.note("the training is finished: nothing left to do")
      return
    }
    let steps = start.step > 0 ? "steps \(start.step + 1) to \(start.steps)" : "\(start.steps) steps"
    console.note(
      "learning from \(Discovery.number(start.windows, "window")) of "
        + "\(Discovery.number(start.recordings, "recording")): \(start.parameters) parameters, \(steps)")
  }

  private mutating func show(_ step: TrainingStep) {
    last = step
    let loss = "loss " + Format.fixed(step.loss, digits: 3)
    let pace = Format.fixed(step.windowsPerSecond, digits: 0) + " windows/s"
    let bound = step.measures.informationBound.map { "  bound \(Format.fixed($0, digits: 2)) nats" } ?? ""
    let ahead = Self.percents(step.measures.accuracyByStep)
    let accuracies = ahead.isEmpty ? "" : "  right \(ahead.joined(separator: " ")) %"
    let mean = step.measures.accuracy.map { "  right \(Format.fixed($0 * 100, digits: 0)) %" } ?? ""
    progress.show(
      fraction: Double(step.step) / Double(step.steps), secondsLeft: step.secondsLeft,
      "\(loss)\(mean)  \(pace)",
      line: "step \(step.step) of \(step.steps)  \(loss)\(bound)\(accuracies)  \(pace)")
  }

  /// The figures of the last step and of the representation, which stay on the screen.
  private mutating func row(_ step: Int, _ statistics: RepresentationStatistics) {
    guard let last else { return }
    let ahead = Self.percents(Array(last.measures.accuracyByStep.prefix(Self.columnLimit)))
    if !hasHeader {
      hasHeader = true
      let title = ahead.isEmpty ? "" : "   % right, 1 to \(ahead.count) steps ahead"
      progress.interject("   step    loss   bound   rank" + title)
    }
    let bound = last.measures.informationBound.map { Format.fixed($0, digits: 2) } ?? "-"
    progress.interject(
      String(step).leftPadded(to: 7) + Format.fixed(last.loss, digits: 3).leftPadded(to: 8)
        + bound.leftPadded(to: 8) + Format.fixed(statistics.effectiveRank, digits: 1).leftPadded(to: 7)
        + "  " + ahead.map { $0.leftPadded(to: 4) }.joined())
  }

  private static func percents(_ shares: [Double]) -> [String] {
    shares.map { Format.fixed($0 * 100, digits: 0) }
  }
}
