/// A reader of what the world hands in, to be run on any bytes.
///
/// It must come to an end, in bounded memory, with a value or with an error of a module's own type; everything else is a
/// finding. A new target is a file in this folder and a line in ``all``; its seeds, and the inputs that once broke it, stand
/// in `Tests/Fuzzing/Corpus` under its name.
package struct FuzzTarget: Sendable {
  package let name: String
  private let body: @Sendable ([UInt8]) throws -> Void

  init(_ name: String, _ body: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.body = body
  }

  /// Runs one input; traps where the error is none of ours.
  package func run(_ bytes: [UInt8]) {
    do {
      try body(bytes)
    } catch {
      precondition(KnownError.isKnown(error), "an error that no module knows: \(error)")
      // The message is made of what the input holds, so making it is part of the test.
      precondition(!"\(error)".isEmpty, "an error without a message")
    }
  }

  /// Every target.
  package static let all: [FuzzTarget] = [
    recording, sound, matlab, matlabLibrary, numpy, text,
    json, yaml, toml, folderSettings, labelTable, pattern, bearingName,
    safetensors, trainingPlan, checkpoint, diagnosticModel, alignedModel, healthyBaseline,
    actionTable, severityLimits, reportRows, storedReport, runLog,
  ]
}
