import NeuralNet
import SignalIO

/// What can go wrong while learning representations. Text is made in `description`, in one order: what, where,
/// found, expected, what to try.
package enum CPCError: Error, Sendable, Equatable {
  /// A setting has a value that cannot be used.
  case badSetting(name: String, found: String, expected: String)
  case unknownSetting(owner: String, name: String, available: [String])
  /// A registry has no such part; `kind` is for instance `encoder`.
  case unknownName(kind: String, found: String, available: [String])
  /// A plan that cannot be read, from a file or a checkpoint.
  case malformedPlan(path: String, reason: String)
  /// Recordings were found, but none gives a window; `reasons` are the first few, with paths.
  case noWindows(found: Int, windowSeconds: Double, reasons: [String])
  /// An objective compares by label, and the recordings have fewer than two different ones.
  case tooFewLabels(objective: String, found: [String], recordings: Int)
  /// Training left the finite numbers; `what` is `loss` or `gradient`.
  case notFinite(what: String, step: Int, learningRate: Double)
  /// A recording gave another number of windows than when training began.
  case recordingChanged(path: String, found: Int, expected: Int)
  /// A checkpoint that cannot be read or written.
  case checkpoint(NeuralNetError)
  /// A checkpoint that is sound but does not fit what was asked.
  case checkpointMismatch(path: String, found: String, expected: String)
  /// A recording could not be used.
  case recording(SignalIOError)
}

extension CPCError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badSetting(let name, let found, let expected):
      "\(name) cannot be \(found): expected \(expected)."
    case .unknownSetting(let owner, let name, let available):
      "\(owner) has no setting '\(name)'; it has \(available.joined(separator: ", "))."
    case .unknownName(let kind, let found, let available):
      "there is no \(kind) '\(found)'; choose one of \(available.joined(separator: ", "))."
    case .malformedPlan(let path, let reason):
      "the training plan in \(path) cannot be read: \(reason). Write it again from the defaults."
    case .noWindows(let found, let windowSeconds, let reasons):
      "nothing to learn from: \(found) recordings gave no window of \(shortText(windowSeconds)) s "
        + "(\(reasons.joined(separator: " "))). Repair what the reasons name, or use longer recordings or a shorter window."
    case .tooFewLabels(let objective, let found, let recordings):
      "the objective \(objective) learns from labels: found \(found.isEmpty ? "none" : "only '\(found[0])'") on "
        + "\(recordings) recordings, expected at least two different ones. Give a table with --labels, side-cars, or the "
        + "names of folders with --labels-from folders, or choose an objective that needs none."
    case .notFinite(let what, let step, let learningRate):
      "training stopped: the \(what) is not finite at step \(step) with learning rate \(learningRate). "
        + "Resume from the last checkpoint with a lower learning rate, a longer warm-up or a lower gradient limit."
    case .recordingChanged(let path, let found, let expected):
      "\(path) changed while it was learnt from: found \(found) windows, expected \(expected). Start again."
    case .checkpoint(let error):
      error.description
    case .checkpointMismatch(let path, let found, let expected):
      "the checkpoint \(path) does not fit: found \(found), expected \(expected). "
        + "Start again without resuming, or use the recordings and settings it was made with."
    case .recording(let error):
      error.description
    }
  }
}

/// At most three decimals, without trailing zeros; enough for seconds in messages.
func shortText(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  let thousandths = (value * 1000).rounded() / 1000
  return thousandths == thousandths.rounded() ? "\(Int(thousandths))" : "\(thousandths)"
}
