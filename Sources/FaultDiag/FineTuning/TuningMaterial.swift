import CPC
import NeuralNet
import Support

/// What it takes to embed a corpus anew by a tuned encoder: the pretrained model and its inputs.
package struct TuningMaterial: Sendable {
  package var embedder: CPCEmbedder
  /// Encoder inputs, `inputLength * inputSize` numbers each, by recording of the corpus and then by window.
  package var inputs: [[[Float]]]

  package init(embedder: CPCEmbedder, inputs: [[[Float]]]) {
    self.embedder = embedder
    self.inputs = inputs
  }

  /// Memory that the inputs of all recordings together may take, in bytes.
  static let memoryLimit = 1 << 30

  /// Windows to keep of each of `recordings`: the settings' number, or fewer where memory would not hold them.
  static func windowLimit(_ settings: FineTuneSettings, plan: TrainingPlan, recordings: Int) -> Int {
    let bytes = 4 * plan.features.inputLength * plan.features.inputSize
    return max(2, min(settings.windowsPerRecording, memoryLimit / max(1, bytes * recordings)))
  }
}

extension LabelledCorpus {
  /// The corpus as an encoder sees it that was tuned on `recordings`, with that encoder.
  ///
  /// Without ``FitSettings/fineTune`` this is the corpus itself. No other recording and no other label has a part in
  /// the tuning, so the rest may be used to test and to calibrate.
  func tuned(
    on recordings: [Int], settings: FitSettings, threads: Int, progress: (HeadProgress) -> Void
  ) throws(FaultDiagError) -> (corpus: LabelledCorpus, embedder: CPCEmbedder?) {
    guard let fineTune = settings.fineTune else { return (self, nil) }
    guard let material else {
      preconditionFailure(
        "a corpus of \(items.count) recordings without encoder inputs cannot tune an encoder")
    }
    var windows: [LabelledInput] = []
    for recording in recordings {
      let label = classes.firstIndex(of: items[recording].label) ?? 0
      windows += material.inputs[recording].map {
        LabelledInput(values: $0, label: label, recording: recording)
      }
    }
    let tuner = EncoderTuner(
      settings: fineTune, supcon: settings.supcon, seed: settings.seed, threads: threads)
    let embedder = try tuner.tune(material.embedder, on: windows, progress: progress)
    return (try embedded(by: embedder, material, threads: threads), embedder)
  }

  private func embedded(
    by embedder: CPCEmbedder, _ material: TuningMaterial, threads: Int
  ) throws(FaultDiagError) -> LabelledCorpus {
    let all = embedder.embeddings(ofInputs: material.inputs.flatMap { $0 }, threads: threads)
    var start = 0
    let parts = material.inputs.map { inputs in
      defer { start += inputs.count }
      return all.outer(start..<start + inputs.count)
    }
    return try LabelledCorpus(items: items, embeddings: parts)
  }
}
