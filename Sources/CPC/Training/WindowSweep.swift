import NeuralNet
import Support

/// Embeds every window of a source, recording after recording, in memory that holds a few recordings at a time.
struct WindowSweep {
  private let source: WindowSource

  init(_ source: WindowSource) { self.source = source }

  /// Pooled embeddings `[N, 2 D + H]` of the windows as recorded, by number; the same bytes for any number of threads.
  func embeddings(by model: RepresentationModel<Float>) throws(CPCError) -> Tensor<Float> {
    var parts: [Tensor<Float>] = []
    for index in source.windowCounts.indices where source.windowCounts[index] > 0 {
      parts.append(embeddings(of: try source.recording(at: index), by: model))
    }
    return Tensor.concatenated(parts, axis: 0)
  }

  private func embeddings(of recording: LoadedRecording, by model: RepresentationModel<Float>) -> Tensor<
    Float
  > {
    let features = source.plan.features
    let windows = recording.windows
    // Portions of a fixed size: how many rows a product has may change its last bits, and threads must not.
    let portion = 16
    let parts = Parallel.map((windows.count + portion - 1) / portion, threads: source.plan.threads) { index in
      let range = index * portion..<min((index + 1) * portion, windows.count)
      return model.embed(
        Tensor(
          windows[range].flatMap { $0.features },
          shape: [range.count, features.inputLength, features.inputSize]))
    }
    return Tensor.concatenated(parts, axis: 0)
  }
}
