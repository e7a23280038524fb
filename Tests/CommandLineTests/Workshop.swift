import Foundation
import TestSupport
import Testing

/// Simulated recordings and the models learnt from them, made once by the program itself and then only read.
///
/// `rec/` holds two bearings of each of three states, `model.safetensors` a short pretraining on them, `diag.safetensors`
/// the labels of their side-cars.
enum Workshop {
  static let folder: TemporaryFolder = {
    do {
      return try make()
    } catch {
      fatalError("the workshop of the command-line tests could not be made: \(error)")
    }
  }()

  /// A few steps: enough to run every part, not to learn anything.
  static let shortPlan = ["--steps", "6", "--batch", "4", "--threads", "2", "--overlap", "0"]

  private struct Failure: Error { var messages: String }

  private static func make() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    // A static value has no end of life of its own.
    atexit { try? FileManager.default.removeItem(atPath: Workshop.folder.path) }
    try folder.makeFolder("rec")
    for (index, fault) in ["none", "outer", "inner"].enumerated() {
      for bearing in 1...2 {
        try run(
          ["simulate", "--fault", fault, "--seconds", "4", "--seed", "\(10 * index + bearing)"]
            + ["--bearing-id", "\(fault)\(bearing)", "--out", "rec/\(fault)\(bearing).wav"], in: folder)
      }
    }
    try run(["pretrain", "rec", "--out", "model.safetensors"] + shortPlan, in: folder)
    try run(
      ["fit", "rec", "--model", "model.safetensors", "--out", "diag.safetensors", "--no-estimate"], in: folder
    )
    return folder
  }

  private static func run(_ arguments: [String], in folder: TemporaryFolder) throws {
    let outcome = try Program.run(arguments, in: folder)
    guard outcome.exitCode == 0 else { throw Failure(messages: outcome.messages) }
  }

  /// A path in the workshop, for a run elsewhere.
  static func path(_ name: String) -> String { folder.path + "/" + name }
}

/// Decodes one JSON object of a run.
func object(_ text: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

/// Decodes an array of JSON objects.
func objects(_ text: String) throws -> [[String: Any]] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
}
