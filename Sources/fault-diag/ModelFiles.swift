import FaultDiag
import NeuralNet
import Support

/// Reads the model files that commands name.
enum ModelFiles {
  /// What diagnoses: the model at `path`, fitted or aligned, or the default model that the program carries.
  static func diagnoser(path: String?, threads: Int) throws -> Diagnoser {
    guard let path else {
      return try AlignedModel.embedded()
        .diagnoser(name: "default", threads: threads, programVersion: ProgramVersion.text)
    }
    if let checkpoint = try? Checkpoint.read(path), AlignedModel.isHeld(by: checkpoint) {
      return try AlignedModel(checkpoint)
        .diagnoser(name: path, threads: threads, programVersion: ProgramVersion.text)
    }
    return try DiagnosticModel(path: path).diagnoser(threads: threads, programVersion: ProgramVersion.text)
  }

  /// The representation in a file of `pretrain` or of `fit`.
  static func embedder(path: String) throws(FaultDiagError) -> CPCEmbedder {
    do {
      return try DiagnosticModel(path: path).embedder
    } catch .badModel {
      return try CPCEmbedder(checkpoint: path)
    }
  }
}
