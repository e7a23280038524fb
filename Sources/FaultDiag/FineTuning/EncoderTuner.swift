import CPC
import NeuralNet
import Support

/// An encoder input with its class and the recording it is from.
package struct LabelledInput: Sendable {
  /// `inputLength * inputSize` numbers.
  package var values: [Float]
  package var label: Int
  package var recording: Int

  package init(values: [Float], label: Int, recording: Int) {
    self.values = values
    self.label = label
    self.recording = recording
  }
}

/// Trains an encoder by the supervised contrastive loss on labelled windows; the head it is trained through is dropped.
///
/// Same windows, settings and seed, same bytes, whatever the thread count. Running statistics of layers stay those of
/// pretraining.
package struct EncoderTuner: Sendable {
  package var settings: FineTuneSettings
  package var supcon: SupConSettings
  package var seed: UInt64
  package var threads: Int

  package init(settings: FineTuneSettings, supcon: SupConSettings, seed: UInt64, threads: Int) {
    self.settings = settings
    self.supcon = supcon
    self.seed = seed
    self.threads = threads
  }

  /// - Throws: ``FaultDiagError/diverged(stage:step:)`` when the loss leaves the finite numbers.
  package func tune(
    _ embedder: CPCEmbedder, on windows: [LabelledInput], progress: (HeadProgress) -> Void = { _ in }
  ) throws(FaultDiagError) -> CPCEmbedder {
    precondition(
      Set(windows.map(\.label)).count >= 2, "an encoder is tuned to tell at least two classes apart")
    var random = RandomSource(seed: seed, path: [3])
    var encoder = ContrastiveEncoder<Float>(
      model: embedder.model,
      standardizer: Standardizer(
        fitting: embedder.embeddings(ofInputs: windows.map(\.values), threads: threads)),
      head: Projector(
        supcon.projection, inputs: embedder.embeddingSize, hiddenSize: supcon.hiddenSize,
        outputs: supcon.projectionSize, unitLength: true, random: &random))
    let sampler = BalancedSampler(classes: windows.map(\.label), recordings: windows.map(\.recording))
    let training = HeadTraining(
      .encoder, steps: settings.steps, rate: settings.learningRate, weightDecay: supcon.weightDecay)
    try training.run(&encoder, progress) { encoder, step in
      let rows = (0..<settings.batch).flatMap { _ in sampler.draw(views: settings.views, &random) }
      let labels = stride(from: 0, to: rows.count, by: settings.views).map { windows[rows[$0]].label }
      let inputs = inputs(rows.map { windows[$0].values }, embedder, step: step)
      var dropout = RandomSource(seed: seed, path: [5, UInt64(step)])
      var (loss, gradient) = encoder.evaluate(
        inputs, labels: labels, views: settings.views, loss: supcon.loss,
        seed: dropout.next(), threads: threads)
      let norm = clipGradientNorm(&gradient, maximum: embedder.plan.gradientLimit)
      return (norm.isFinite ? loss : .nan, gradient)
    }
    return try CPCEmbedder(plan: embedder.plan, model: encoder.model)
  }

  /// The batch, with noise added.
  private func inputs(_ windows: [[Float]], _ embedder: CPCEmbedder, step: Int) -> Tensor<Float> {
    let features = embedder.plan.features
    let levels = embedder.model.scaling.factor.storage.map { Float(settings.noise) / $0 }
    let noisy = Parallel.map(windows.count, threads: threads) { row -> [Float] in
      guard settings.noise > 0 else { return windows[row] }
      var random = RandomSource(seed: seed, path: [4, UInt64(step), UInt64(row)])
      var values = windows[row]
      var noise = values
      random.fillNormal(&noise)
      for i in values.indices { values[i] += levels[i % levels.count] * noise[i] }
      return values
    }
    return Tensor(
      noisy.flatMap { $0 }, shape: [windows.count, features.inputLength, features.inputSize])
  }
}
