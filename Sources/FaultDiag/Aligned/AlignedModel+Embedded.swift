import CDefaultModel
import NeuralNet

extension AlignedModel {
  /// The model that the program carries: `fault-diag default-model` made it, from simulated bearings only.
  package static func embedded() throws(FaultDiagError) -> AlignedModel {
    // Invariant: the pointer is to constant data of the stated size.
    let data = UnsafeBufferPointer(start: fault_diag_default_model(), count: fault_diag_default_model_size())
    let checkpoint: Checkpoint
    do throws(NeuralNetError) {
      checkpoint = try Checkpoint.read([UInt8](data), source: "the embedded default model")
    } catch {
      throw .modelFile(error)
    }
    return try AlignedModel(checkpoint)
  }
}
