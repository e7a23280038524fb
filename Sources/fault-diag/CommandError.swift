import FaultDiag
import SignalIO

/// What can go wrong between the command line and the modules. Text in one order: what, where, found, expected, what
/// to try.
enum CommandError: Error, Equatable {
  /// Folders were walked and hold no recording.
  case noRecordings(roots: [String], skipped: [SkippedFile])
  /// `--out` names an unfinished training that would be lost.
  case unfinishedTraining(path: String, step: Int, steps: Int)
  /// `--resume` without anything to go on from.
  case nothingToResume(path: String)
  /// An option contradicts the checkpoint that is resumed.
  case contradictsCheckpoint(path: String, option: String, found: String, expected: String)
  /// `--from` names a representation whose shapes the plan does not have.
  case unsuitableStart(path: String)
  /// A log could not be kept.
  case log(String)
  /// Folders were searched and hold no log of a training.
  case noLogs(paths: [String])
  /// A folder for results cannot be made; `reason` is the system's word.
  case cannotMakeFolder(path: String, reason: String)
  /// `--labels-from csv` without a table.
  case noLabelTable(roots: [String])
  /// More than one root has a label table.
  case severalLabelTables([String])
  /// An output whose name does not say its format.
  case unknownOutputFormat(path: String, known: [String])
  /// No recording of a batch could be used; the reasons were told one by one.
  case nothingUsable(tried: Int)
  /// A recording shows none of the pictures that were asked for.
  case nothingToDraw(path: String, pictures: [String])
  /// The program that paints PNG files is not there.
  case noPainter(path: String)
  /// The program that paints PNG files ended without a picture; `reason` is its own word.
  case notPainted(path: String, reason: String)
}

extension CommandError: CustomStringConvertible {
  var description: String {
    switch self {
    case .noRecordings(let roots, let skipped):
      "no recordings in \(roots.map(Format.harmless).joined(separator: ", ")): found \(Self.files(skipped)), expected "
        + "WAV, FLAC, MAT, CSV, NPY or another known format. Check the path, or name a format with --format."
    case .unfinishedTraining(let path, let step, let steps):
      "\(path) holds an unfinished training: found step \(step) of \(steps). "
        + "Go on with --resume, start again with --overwrite, or choose another --out."
    case .nothingToResume(let path):
      "nothing to resume: found no checkpoint at \(path), expected one that pretrain wrote. Start without --resume."
    case .contradictsCheckpoint(let path, let option, let found, let expected):
      "\(option) \(found) contradicts the checkpoint \(path): expected \(expected), as the training began. "
        + "Leave the option out, or start again without --resume."
    case .unsuitableStart(let path):
      "cannot start from \(Format.harmless(path)): found another encoder, context size or kind of features than this "
        + "training's, expected the same. Give the options that it was trained with, or --from scratch."
    case .log(let reason): reason
    case .noLogs(let paths):
      "no training logs in \(paths.map(Format.harmless).joined(separator: ", ")): found no record of a step, expected "
        + "files .jsonl that pretrain --log wrote. Train with --log FILE.jsonl."
    case .cannotMakeFolder(let path, let reason):
      "cannot make the folder \(Format.harmless(path)): \(reason). Choose another --out."
    case .noLabelTable(let roots):
      "no label table: found no labels.csv in \(roots.map(Format.harmless).joined(separator: ", ")), expected one. "
        + "Name it with --labels."
    case .severalLabelTables(let paths):
      "several label tables: found \(paths.map(Format.harmless).joined(separator: ", ")), expected one. "
        + "Name it with --labels."
    case .unknownOutputFormat(let path, let known):
      "cannot tell the format of \(path): expected a name that ends in \(known.joined(separator: " or "))."
    case .nothingToDraw(let path, let pictures):
      "nothing to draw of \(Format.harmless(path)): found too few samples, or no unit of acceleration or velocity, for "
        + "\(pictures.joined(separator: ", ")), expected a second or more. Try --picture waveform, or give --unit."
    case .noPainter(let path):
      "cannot write \(Format.harmless(path)): found no rsvg-convert on the PATH, expected librsvg's. "
        + "Install the package librsvg2-bin, or give --out a name that ends in .svg."
    case .notPainted(let path, let reason):
      "cannot write \(Format.harmless(path)): rsvg-convert painted nothing (\(Format.harmless(reason))). "
        + "Give a smaller --scale, or --out a name that ends in .svg."
    case .nothingUsable(let tried):
      "none of the \(tried) recordings could be used; the reasons stand above."
    }
  }

  private static func files(_ skipped: [SkippedFile]) -> String {
    guard let first = skipped.first else { return "nothing" }
    let name = Format.harmless("\(first)")
    return skipped.count == 1 ? "one other file (\(name))" : "\(skipped.count) other files (first: \(name))"
  }
}
