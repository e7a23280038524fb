import CPC
import NeuralNet
import SignalIO
import Support

/// A pretrained representation model, frozen, as a ``WindowEmbedder``.
package struct CPCEmbedder: WindowEmbedder {
  package let plan: TrainingPlan
  package let model: RepresentationModel<Float>
  package let windowPlan: WindowPlan
  package var embeddingSize: Int { model.embeddingSize }

  /// Windows that pass the network together. Fixed, as the shapes of products decide their rounding: results must
  /// not depend on the number of threads.
  static let chunk = 8

  /// Windows overlap by half: each sample but the first and last few is heard twice, at twice the cost of none.
  ///
  /// - Throws: ``FaultDiagError/representation(_:)`` for a plan whose features cannot be made.
  package init(plan: TrainingPlan, model: RepresentationModel<Float>) throws(FaultDiagError) {
    do throws(CPCError) {
      try plan.validate()
      _ = try plan.features.features.makeExtractor()
    } catch {
      throw .representation(error)
    }
    self.plan = plan
    self.model = model
    windowPlan = WindowPlan(
      length: plan.features.windowSamples, hop: max(1, plan.features.windowSamples / 2),
      sampleRate: plan.features.sampleRate)
  }

  /// Reads the model of a checkpoint that `pretrain` wrote.
  package init(checkpoint path: String) throws(FaultDiagError) {
    let plan: TrainingPlan
    let model: RepresentationModel<Float>
    do throws(CPCError) {
      let checkpoint = try TrainingCheckpoint(path: path)
      plan = checkpoint.plan
      model = try checkpoint.model()
    } catch {
      throw .representation(error)
    }
    try self.init(plan: plan, model: model)
  }

  /// Trains one on recordings, adapting the plan to them.
  ///
  /// - `isTrained`: without, the weights are the plan's first random ones and only the scaling of the inputs is
  ///   measured on the recordings.
  package init(
    training recordings: [TrainingRecording], plan: TrainingPlan, isTrained: Bool = true
  ) throws(FaultDiagError) {
    let adapted: TrainingPlan
    var model: RepresentationModel<Float>
    do throws(CPCError) {
      let source = try WindowSource(recordings, plan: plan)
      adapted = source.plan
      if isTrained {
        model = try Trainer(source, checkpointPath: nil, programVersion: ProgramVersion.text).run().model
      } else {
        model = try RepresentationModel<Float>(adapted)
        model.scaling = source.scaling
      }
    } catch {
      throw .representation(error)
    }
    try self.init(plan: adapted, model: model)
  }

  package func embeddings(of windows: [[Float]], threads: Int) -> Tensor<Float> {
    embeddings(chunksOf: windows, threads: threads) { chunk in
      // Invariant: init made an extractor of this very plan.
      guard let extractor = try? plan.features.features.makeExtractor() else {
        preconditionFailure("features of a validated plan cannot be made")
      }
      return chunk.flatMap { extractor.features(of: $0) }
    }
  }

  /// Embeddings `[window, E]` of encoder inputs, each `inputLength * inputSize` numbers.
  package func embeddings(ofInputs inputs: [[Float]], threads: Int) -> Tensor<Float> {
    embeddings(chunksOf: inputs, threads: threads) { $0.flatMap { $0 } }
  }

  private func embeddings(
    chunksOf windows: [[Float]], threads: Int, inputs: @Sendable (ArraySlice<[Float]>) -> [Float]
  ) -> Tensor<Float> {
    let chunks = (windows.count + Self.chunk - 1) / Self.chunk
    let parts = Parallel.map(chunks, threads: threads) { index in
      let range = index * Self.chunk..<min((index + 1) * Self.chunk, windows.count)
      return model.embed(
        Tensor(
          inputs(windows[range]), shape: [range.count, plan.features.inputLength, plan.features.inputSize]))
    }
    return parts.isEmpty ? Tensor(zeros: [0, embeddingSize]) : Tensor.concatenated(parts, axis: 0)
  }
}
