import FaultDiag
import Support

/// Reads the model files that commands name.
enum ModelFiles {
  /// What diagnoses: the model at `path`.
  static func diagnoser(path: String?, threads: Int) throws -> Diagnoser {
    guard let path else { throw CommandError.noModel }
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
