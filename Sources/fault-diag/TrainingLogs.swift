import CPC
import FaultDiag
import Foundation
import Support

/// Writes what a training tells to files: JSON lines, TensorBoard events, both or none.
///
/// A log that cannot be written any more is told once and given up: it must not cost the training.
final class TrainingLogs {
  private let console: Console
  private var lines: JSONLinesWriter?
  private var events: TensorBoardWriter?

  /// - Parameters:
  ///   - path: of the JSON lines.
  ///   - folder: of the TensorBoard events; made where it is missing.
  ///   - resuming: goes on with the log at `path`.
  init(path: String?, folder: String?, resuming: Bool, console: Console) throws {
    self.console = console
    do throws(LogFileError) {
      if let path { lines = try JSONLinesWriter(path: path, resuming: resuming) }
      if let folder {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        events = try TensorBoardWriter(folder: folder, time: Self.now)
      }
    } catch {
      throw CommandError.log("\(error)")
    }
  }

  func take(_ event: TrainingEvent) {
    switch event {
    case .step(let step): write(step)
    case .statistics(let step, let statistics):
      var record = TrainingLogRecord(.statistics, step: step)
      record.effectiveRank = statistics.effectiveRank
      record.alignment = statistics.alignment
      record.uniformity = statistics.uniformity
      record.deviation = statistics.deviation
      write(
        record,
        scalars: [
          ("representation/effective_rank", statistics.effectiveRank),
          ("representation/alignment", statistics.alignment),
          ("representation/uniformity", statistics.uniformity),
        ])
    case .warning(let warning):
      var record = TrainingLogRecord(.warning, step: 0)
      record.message = "\(warning)"
      write(record, scalars: [])
    case .started, .checkpoint, .ended: break
    }
  }

  private func write(_ step: TrainingStep) {
    var record = TrainingLogRecord(.step, step: step.step)
    record.loss = step.loss
    record.terms = Dictionary(step.measures.terms.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    record.accuracy = step.measures.accuracy
    record.accuracyByStep = step.measures.accuracyByStep
    record.topFiveAccuracy = step.measures.topFiveAccuracy
    record.informationBound = step.measures.informationBound
    record.learningRate = step.learningRate
    record.gradientNorm = step.gradientNorm
    record.windowsPerSecond = step.windowsPerSecond
    var scalars: [(tag: String, value: Double)] = [
      ("loss", step.loss), ("learning_rate", step.learningRate), ("gradient_norm", step.gradientNorm),
    ]
    for term in step.measures.terms { scalars.append(("loss/\(term.name)", term.value)) }
    if let accuracy = step.measures.accuracy { scalars.append(("accuracy", accuracy)) }
    if let accuracy = step.measures.topFiveAccuracy { scalars.append(("accuracy/top_5", accuracy)) }
    if let bound = step.measures.informationBound { scalars.append(("information_bound", bound)) }
    for (index, accuracy) in step.measures.accuracyByStep.enumerated() {
      scalars.append(("accuracy/\(index + 1)_ahead", accuracy))
    }
    write(record, scalars: scalars)
  }

  private func write(_ record: TrainingLogRecord, scalars: [(tag: String, value: Double)]) {
    do throws(LogFileError) {
      try lines?.write(record)
    } catch {
      console.warning("\(error) The training goes on without this log.")
      lines = nil
    }
    guard !scalars.isEmpty else { return }
    do throws(LogFileError) {
      try events?.write(step: record.step, time: Self.now, scalars: scalars)
    } catch {
      console.warning("\(error) The training goes on without this log.")
      events = nil
    }
  }

  /// Seconds since 1970; TensorBoard shows it, nothing depends on it.
  private static var now: Double { Date().timeIntervalSince1970 }
}
