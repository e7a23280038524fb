import CPC
import NeuralNet
import Support

extension CWRUBearingwise {
  /// The encoder inputs of the windows within a segment, for ``tunedScorer(embedder:settings:)``.
  ///
  /// The embedder's plan must pass ``check(_:)``.
  package static func encoderInputs(_ segment: CWRUSegment, embedder: CPCEmbedder) -> [[Float]] {
    // Invariant: an embedder is only made of a plan whose extractor can be made.
    guard let extractor = try? embedder.plan.features.features.makeExtractor() else {
      preconditionFailure("features of a validated plan cannot be made")
    }
    let plan = embedder.windowPlan
    return stride(from: 0, through: segment.samples.count - plan.length, by: plan.hop).map {
      extractor.features(of: Array(segment.samples[$0..<$0 + plan.length]))
    }
  }

  /// Scores by an encoder tuned on the fold's training side alone, with a ``SupConClassifier`` on its embeddings.
  ///
  /// A signal is a recording: its segments are views of one another. Classes are those of
  /// ``supConScorer(settings:seed:)``.
  package static func tunedScorer(
    embedder: CPCEmbedder, settings: FitSettings
  ) -> @Sendable (Fold, [CWRUExample<[[Float]]>], [[[Float]]]) throws(FaultDiagError) -> [[Double]] {
    { (fold, training, test) throws(FaultDiagError) in
      var tuned = embedder
      if let fineTune = settings.fineTune {
        let windows = training.flatMap { example in
          example.features.map {
            LabelledInput(
              values: $0, label: example.labels.firstIndex(of: true) ?? 3,
              recording: signals.firstIndex(of: example.signal) ?? 0)
          }
        }
        tuned = try EncoderTuner(
          settings: fineTune, supcon: settings.supcon, seed: settings.seed, threads: 1
        ).tune(embedder, on: windows)
      }
      let embedded = training.map {
        CWRUExample(signal: $0.signal, features: meanEmbedding(of: $0.features, embedder: tuned))
      }
      return try supConScorer(settings: settings.supcon, seed: settings.seed)(
        fold, embedded, test.map { meanEmbedding(of: $0, embedder: tuned) })
    }
  }

  private static func meanEmbedding(of inputs: [[Float]], embedder: CPCEmbedder) -> [Float] {
    let embeddings = embedder.embeddings(ofInputs: inputs, threads: 1)
    return embeddings.columnSums.storage.map { $0 / Float(max(inputs.count, 1)) }
  }
}
