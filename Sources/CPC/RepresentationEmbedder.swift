import NeuralNet
import SignalIO
import Support

/// A trained model in use: windows of samples in, one vector each out.
package struct RepresentationEmbedder: Sendable {
  package let plan: TrainingPlan
  package let model: RepresentationModel<Float>

  package init(plan: TrainingPlan, model: RepresentationModel<Float>) {
    self.plan = plan
    self.model = model
  }

  /// The model of a checkpoint that pretraining wrote.
  package init(_ checkpoint: TrainingCheckpoint) throws(CPCError) {
    self.init(plan: checkpoint.plan, model: try checkpoint.model())
  }

  /// How recordings are cut for it: the training's windows, overlapping by half.
  package var windowPlan: WindowPlan {
    let length = plan.features.windowSamples
    return WindowPlan(length: length, hop: max(1, length / 2), sampleRate: plan.features.sampleRate)
  }

  /// E.
  package var embeddingSize: Int { model.embeddingSize }

  /// What the model takes, `[window, length, channel]`, of windows of the plan's length and rate.
  package func inputs(of windows: [[Float]], threads: Int) -> Tensor<Float> {
    let features = plan.features
    let runs = max(1, min(threads, windows.count))
    let parts = Parallel.map(runs, threads: runs) { run -> [Float] in
      // Invariant: a model exists only for a plan that was validated, and its extractor is made of the plan alone.
      guard let extractor = try? features.features.makeExtractor() else {
        preconditionFailure("the features of a validated plan cannot be made: \(features)")
      }
      return (windows.count * run / runs..<windows.count * (run + 1) / runs).flatMap {
        extractor.features(of: windows[$0])
      }
    }
    return Tensor(parts.flatMap { $0 }, shape: [windows.count, features.inputLength, features.inputSize])
  }

  /// Embeddings `[window, E]` of windows of the plan's length and rate; the same bytes for any number of threads.
  package func embeddings(of windows: [[Float]], threads: Int) -> Tensor<Float> {
    let inputs = inputs(of: windows, threads: threads)
    // Portions of a fixed size: how many rows a product has may change its last bits, and threads must not.
    let portion = 8
    let count = (windows.count + portion - 1) / portion
    let parts = Parallel.map(count, threads: threads) { index in
      model.embed(inputs.outer(index * portion..<min((index + 1) * portion, windows.count)))
    }
    return parts.isEmpty ? Tensor(zeros: [0, embeddingSize]) : Tensor.concatenated(parts, axis: 0)
  }
}
