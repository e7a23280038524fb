import CDefaultModel
import NeuralNet
import Support

extension AlignedModel {
  /// The model that the program carries: `fault-diag default-model` made it, from simulated bearings only.
  package static func embedded() throws(FaultDiagError) -> AlignedModel {
    let checkpoint: Checkpoint
    do throws(NeuralNetError) {
      checkpoint = try Checkpoint.read(embeddedFile, source: "the embedded default model")
    } catch {
      throw .modelFile(error)
    }
    return try AlignedModel(checkpoint)
  }

  /// Who the embedded model is, by the bytes of its file.
  package static var embeddedIdentity: ModelIdentity {
    ModelIdentity(name: "default", hash: ContentHash.sha256(embeddedFile))
  }

  private static var embeddedFile: [UInt8] {
    // Invariant: the pointer is to constant data of the stated size.
    [UInt8](UnsafeBufferPointer(start: fault_diag_default_model(), count: fault_diag_default_model_size()))
  }
}
