import CPC
import FaultDiag

/// What a pretraining reached.
struct PretrainingReport: Encodable {
  var schemaVersion = 1
  var model: String
  var recordings: Int
  var leftOut: Int
  var windows: Int
  /// In hertz.
  var sampleRate: Double
  var windowSeconds: Double
  var step: Int
  var steps: Int
  /// Of this run, in seconds.
  var seconds: Double
  /// Of the last step; absent when nothing was left to do.
  var loss: Double?
  var accuracyByStep: [Double]?
  /// Of windows compared with one another.
  var rowAccuracy: Double?
  /// Of either, with a positive among the five that score highest.
  var topFiveAccuracy: Double?
  /// In nats.
  var informationBound: Double?
  var wasInterrupted: Bool

  init(model: String, source: WindowSource, summary: TrainingSummary) {
    self.model = model
    recordings = source.recordings.count
    leftOut = source.skipped.count
    windows = source.windowCount
    sampleRate = source.plan.features.sampleRate
    windowSeconds = source.plan.features.windowSeconds
    (step, steps, seconds) = (summary.step, summary.steps, summary.seconds)
    loss = summary.last?.loss
    accuracyByStep = summary.last?.measures.accuracyByStep
    rowAccuracy = summary.last?.measures.rowAccuracy
    topFiveAccuracy = summary.last?.measures.topFiveAccuracy
    informationBound = summary.last?.measures.informationBound
    wasInterrupted = summary.wasCancelled
  }

  /// For people.
  var text: String {
    var lines = [
      Format.harmless(model),
      "  \(step) of \(steps) steps in \(ProgressLine.spell(seconds))",
      "  \(Discovery.number(recordings, "recording")), \(Discovery.number(windows, "window")) of "
        + "\(Format.number(windowSeconds, digits: 2)) s at \(Format.number(sampleRate, digits: 1)) Hz",
    ]
    if let loss {
      let bound = informationBound.map { ", at least \(Format.fixed($0, digits: 2)) nats a step" } ?? ""
      lines.append("  loss \(Format.fixed(loss, digits: 3))" + bound)
    }
    if let accuracyByStep, !accuracyByStep.isEmpty {
      let percents = accuracyByStep.map { Format.fixed($0 * 100, digits: 0) }.joined(separator: " ")
      lines.append("  right 1 to \(accuracyByStep.count) steps ahead: \(percents) %")
    }
    if let rowAccuracy {
      lines.append("  right among the windows of a batch: \(Format.fixed(rowAccuracy * 100, digits: 0)) %")
    }
    if let topFiveAccuracy {
      lines.append("  among the five highest: \(Format.fixed(topFiveAccuracy * 100, digits: 0)) %")
    }
    return lines.joined(separator: "\n")
  }
}
