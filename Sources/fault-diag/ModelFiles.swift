import CPC
import FaultDiag
import NeuralNet
import Support

/// Reads the model files that commands name.
enum ModelFiles {
  /// What diagnoses: the model at `path`, fitted or aligned, or the default model that the program carries.
  static func diagnoser(path: String?, threads: Int) throws -> Diagnoser {
    guard let path else {
      return try AlignedModel.embedded().diagnoser(AlignedModel.embeddedIdentity, threads: threads)
    }
    // What is wrong with a file is told by those who read it.
    let hash = ContentHash.sha256(ofFile: path) ?? ""
    if let checkpoint = try? Checkpoint.read(path), AlignedModel.isHeld(by: checkpoint) {
      let model = try AlignedModel(checkpoint)
      return model.diagnoser(ModelIdentity(name: model.fitted?.name ?? path, hash: hash), threads: threads)
    }
    return try DiagnosticModel(path: path).diagnoser(hash: hash, threads: threads)
  }

  /// The aligned model in a file of `fit` or of `default-model`.
  static func aligned(path: String) throws(FaultDiagError) -> AlignedModel {
    let checkpoint: Checkpoint
    do throws(NeuralNetError) { checkpoint = try Checkpoint.read(path) } catch { throw .modelFile(error) }
    guard AlignedModel.isHeld(by: checkpoint) else {
      throw .badModel(
        path: path, found: "another kind of model",
        expected: "an aligned model; a pretrained one goes with --model")
    }
    return try AlignedModel(checkpoint)
  }

  /// The representation in a file of `pretrain` or of `fit`.
  static func embedder(path: String) throws(FaultDiagError) -> CPCEmbedder {
    if let checkpoint = try? Checkpoint.read(path), AlignedModel.isHeld(by: checkpoint) {
      throw .badModel(
        path: path, found: "an aligned model", expected: "a pretrained one; an aligned one goes with --from")
    }
    do {
      return try DiagnosticModel(path: path).embedder
    } catch .badModel {
      return try CPCEmbedder(checkpoint: path)
    }
  }

  /// What groups recordings: a file of `pretrain` with the groups that it learnt, or the representation of one of `fit`.
  static func grouping(path: String) throws(FaultDiagError) -> GroupingModel {
    guard let checkpoint = try? Checkpoint.read(path), !AlignedModel.isHeld(by: checkpoint),
      let model = try? DiagnosticModel(path: path)
    else {
      // What is wrong with the file is told by those who read it.
      if (try? TrainingCheckpoint(path: path)) == nil { _ = try embedder(path: path) }
      return try GroupingModel(checkpoint: path)
    }
    return GroupingModel(path: path, embedder: model.embedder)
  }

  /// Plan, encoder and predictions of a file that `pretrain` wrote.
  static func baselineEncoder(
    path: String
  ) throws(CPCError) -> (plan: TrainingPlan, encoder: BaselineEncoder) {
    let checkpoint = try TrainingCheckpoint(path: path)
    guard let predictions = try checkpoint.predictions() else {
      throw .badSetting(
        name: "objective of \(path)", found: checkpoint.plan.objective.name,
        expected: "cpc, whose surprise is measured")
    }
    return (checkpoint.plan, BaselineEncoder(model: try checkpoint.model(), predictions: predictions))
  }
}
