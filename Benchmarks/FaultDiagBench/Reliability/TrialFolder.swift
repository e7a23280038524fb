import FaultDiag
import Foundation
import SignalIO

/// The folder of one trial, with recordings for the program to work on; removed in the end.
struct TrialFolder {
  let path: String

  /// - Parameter scratch: the folder to make it in.
  init(_ name: String, in scratch: String) throws {
    path = URL(fileURLWithPath: scratch).appendingPathComponent("fault-diag-\(name)-\(getpid())").path
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: self[name], withIntermediateDirectories: true)
  }

  subscript(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: self[name]))
  }
  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  /// Nil where there is no such file.
  func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: self[name]) }

  /// All files below `folder`, hidden ones too, as paths below it.
  func files(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: self[folder])?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: self[folder + "/" + name], isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// Temporary files that no finished run may leave.
  func leftovers(in folder: String) -> [String] { files(in: folder).filter { $0.hasSuffix(".partial") } }

  /// Two bearings of each of three states, 2 s each, with side-cars, in the folder `rec`.
  func addRecordings() throws {
    try makeFolder("rec")
    for (index, fault) in ["none", "outer", "inner"].enumerated() {
      for bearing in 1...2 {
        let outcome = try Launch.run(
          ["simulate", "--fault", fault, "--seconds", "2", "--seed", "\(10 * index + bearing)"]
            + ["--bearing-id", "\(fault)\(bearing)", "--out", "rec/\(fault)\(bearing).wav"], in: path)
        guard outcome.exitCode == 0 else { throw TrialFailure(outcome.firstMessage) }
      }
    }
  }

  /// A short pretraining, and a model fitted to it: `model.safetensors` and `diag.safetensors`.
  func addModels() throws {
    for arguments in [
      TrialCommands.pretrain(out: "model.safetensors"), TrialCommands.fit(out: "diag.safetensors"),
    ] {
      let outcome = try Launch.run(arguments, in: path)
      guard outcome.exitCode == 0 else { throw TrialFailure(outcome.firstMessage) }
    }
  }

  /// Recordings, models, and the log of a training.
  func addEverything() throws {
    try addRecordings()
    try addModels()
    let outcome = try Launch.run(
      TrialCommands.pretrain(out: "spare.safetensors") + ["--log", "log.jsonl"], in: path)
    guard outcome.exitCode == 0 else { throw TrialFailure(outcome.firstMessage) }
  }
}

/// What keeps a trial from being made; no fault of what it would try.
struct TrialFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = "the trial cannot be made: " + description }
}

/// Command lines with the least work that still passes through every part.
enum TrialCommands {
  static func pretrain(out: String) -> [String] {
    ["pretrain", "rec", "--out", out, "--steps", "12", "--batch", "4", "--threads", "1"]
      + ["--overlap", "0", "--checkpoint-every", "2"]
  }

  static func fit(out: String) -> [String] {
    ["fit", "rec", "--model", "model.safetensors", "--out", out, "--no-estimate", "--threads", "1"]
  }

  static func report(out: String) -> [String] { ["report", "rec", "--out", out, "--threads", "2"] }
}
