import CPC
import NeuralNet
import SignalIO

/// What can go wrong between labelled recordings and a verdict. Text is made in `description`, in one order:
/// what, where, found, expected, what to try.
package enum FaultDiagError: Error, Sendable, Equatable {
  /// A recording could not be read.
  case recording(SignalIOError)
  /// A pretrained representation cannot be used.
  case representation(CPCError)
  /// A model file cannot be read or written.
  case modelFile(NeuralNetError)
  /// A file is sound, but not a diagnostic model.
  case badModel(path: String, found: String, expected: String)
  /// The model file was written by a newer version of the program.
  case newerModel(path: String, version: Int, known: Int)
  /// A setting has a value that cannot be used.
  case badSetting(name: String, found: String, expected: String)
  /// Splitting by window puts pieces of one recording on both sides.
  case windowSplit
  /// One physical group is on both sides of a split.
  case leakingSplit(group: String, training: [String], test: [String])
  /// No class has recordings from two groups, so nothing can be held out.
  case nothingToHoldOut(classes: [String], groups: Int)
  /// More folds than groups that can be held out.
  case tooManyFolds(folds: Int, groups: Int)
  /// Recordings without a label where labels are needed.
  case noLabels(found: Int, example: String?)
  /// Fewer than two classes to tell apart.
  case tooFewClasses(found: [String])
  /// A recording gives no window the model can use.
  case tooShort(path: String, seconds: Double, needed: Double)
  /// Every window of a recording holds samples that are not finite.
  case noFiniteWindow(path: String, windows: Int)
  /// Training produced a value that is not finite.
  case diverged(stage: String, step: Int)
  /// A label that names no state which an aligned model judges.
  case noBearingState(path: String, label: String, states: [String])
  /// A labelled recording whose lines have no known places, since its speed or bearing is not known.
  case unknownMachine(path: String, hasSpeed: Bool, hasBearing: Bool)
  /// No labelled recording serves to adapt an aligned model; `first` is why the first of them does not.
  case nothingToAdapt(found: Int, first: String)
  /// Too few healthy recordings of a machine to learn from some and to calibrate with others.
  case tooFewHealthy(machine: String, found: Int, expected: Int)
  /// A healthy state does not know the machine that a recording is of.
  case noSuchMachine(wanted: String?, known: [String])
  /// A file is sound, but not a healthy state.
  case badBaseline(path: String, found: String, expected: String)
  /// Recordings cannot be put into groups with what is given.
  case cannotGroup(path: String, found: String, expected: String)
  /// A recording's bytes changed while it was diagnosed.
  case changedWhileRead(path: String)
  /// Shards of a report do not make a whole.
  case shards(folder: String, found: String, expected: String)
  /// A table of limits or of actions cannot be used.
  case badTable(SignalIOError)
  /// A file that is no report of this program.
  case badReport(path: String, found: String)
  /// A file of an evaluation protocol is missing or not as described.
  case protocolData(path: String, found: String, expected: String)
}

extension FaultDiagError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .recording(let error):
      error.description
    case .representation(let error):
      error.description
    case .modelFile(let error):
      error.description
    case .badModel(let path, let found, let expected):
      "\(path) is not a usable diagnostic model: found \(found), expected \(expected). Make one with fault-diag fit."
    case .newerModel(let path, let version, let known):
      "\(path) was written by a newer fault-diag: found model version \(version), expected at most \(known). "
        + "Update the program, or fit the model again with this one."
    case .badSetting(let name, let found, let expected):
      "\(name) cannot be \(found): expected \(expected)."
    case .windowSplit:
      "cannot split by window: windows of one recording would be on both sides and the figures would be too good. "
        + "Split by bearing, machine or file."
    case .leakingSplit(let group, let training, let test):
      "the split puts \(group) on both sides: found \(Self.some(training)) in training and \(Self.some(test)) in "
        + "test, expected one side. Move them together, or correct the bearing and machine ids."
    case .nothingToHoldOut(let classes, let groups):
      "cannot hold anything out: found \(groups) \(groups == 1 ? "group" : "groups") for the classes "
        + "\(classes.joined(separator: ", ")), expected a class with at least 2 bearings, machines or files. "
        + "Record more bearings, or give each its own bearing_id."
    case .tooManyFolds(let folds, let groups):
      "cannot make \(folds) folds: found \(groups) groups that can be held out, expected 2 to \(groups) folds. "
        + "Ask for fewer folds."
    case .noLabels(let found, let example):
      "no recording has a label: found \(found) recordings"
        + (example.map { ", for instance \($0)" } ?? "")
        + ". Sort them into folders named after their state, or give a labels CSV or side-cars."
    case .tooFewClasses(let found):
      "cannot learn to tell states apart: found \(found.isEmpty ? "no class" : "only " + found.joined(separator: ", ")), "
        + "expected at least 2 classes. Add recordings of another state."
    case .tooShort(let path, let seconds, let needed):
      "\(path) is too short: found \(Format.number(seconds, digits: 3)) s, expected at least "
        + "\(Format.number(needed, digits: 3)) s. Record longer."
    case .noFiniteWindow(let path, let windows):
      "\(path) cannot be diagnosed: each of its \(windows) windows holds samples that are not finite, expected numbers. "
        + "Repair the export; fault-diag inspect shows where they are."
    case .diverged(let stage, let step):
      "\(stage) diverged at step \(step): the loss is not finite. Lower the learning rate, or check the recordings "
        + "with fault-diag inspect."
    case .noBearingState(let path, let label, let states):
      "\(path) has the label '\(Format.harmless(label))', which names no state of a bearing: expected "
        + "\(states.joined(separator: ", ")) or another word for one of them. For other states: fault-diag pretrain, "
        + "then fit with --model."
    case .unknownMachine(let path, let hasSpeed, let hasBearing):
      "\(path): found no \(hasSpeed ? "" : "shaft speed")\(hasSpeed || hasBearing ? "" : " and no ")"
        + "\(hasBearing ? (hasSpeed ? "known bearing" : "") : "bearing"), expected both. Give them with --rpm and --bearing "
        + "(or --geometry), in side-cars or in a --labels table."
    case .nothingToAdapt(let found, let first):
      "none of the \(found) labelled \(found == 1 ? "recording" : "recordings") can adapt an aligned model; the first: "
        + "\(first)"
    case .tooFewHealthy(let machine, let found, let expected):
      "cannot learn the healthy state of \(machine): found \(found) usable recordings or pieces, expected at least "
        + "\(expected). Record more, or longer."
    case .noSuchMachine(let wanted, let known):
      "the healthy state does not know this machine: found \(wanted ?? "no machine in the metadata"), expected "
        + "\(Self.some(known)). Name it with --machine or in a side-car."
    case .badBaseline(let path, let found, let expected):
      "\(path) is not a usable healthy state: found \(found), expected \(expected). "
        + "Make one with fault-diag baseline."
    case .cannotGroup(let path, let found, let expected):
      "cannot form groups with \(path): found \(found), expected \(expected). Give --clusters, or train a model that "
        + "learns groups: fault-diag pretrain --objective swav."
    case .changedWhileRead(let path):
      "\(path) changed while it was read: found other bytes at the end than at the beginning, expected a finished "
        + "recording. Run again when the recorder is done."
    case .shards(let folder, let found, let expected):
      "cannot join the shards in \(Format.harmless(folder)): found \(found), expected \(expected)."
    case .badTable(let error):
      error.description
    case .badReport(let path, let found):
      "\(Format.harmless(path)) is no report: found \(found), expected a report.json as fault-diag report wrote it."
    case .protocolData(let path, let found, let expected):
      "\(path) does not serve the protocol: found \(found), expected \(expected). Point FAULT_DIAG_DATA at the data."
    }
  }

  /// The first two of many names, so that a message stays one line.
  private static func some(_ names: [String]) -> String {
    names.count <= 2 ? names.joined(separator: ", ") : "\(names[0]), \(names[1]) and \(names.count - 2) more"
  }
}
