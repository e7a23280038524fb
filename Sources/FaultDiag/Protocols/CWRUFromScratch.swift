import CPC

extension CWRUBearingwise {
  /// Scores by an encoder trained from random weights on the fold's labelled training side alone, by the plan's objective,
  /// with a ``SupConClassifier`` on its frozen embeddings: what pretraining is compared with.
  ///
  /// - `plan`: of one thread, as folds run on threads of their own. Its objective may learn from labels: those of
  ///   ``supConScorer(settings:seed:)``.
  package static func scratchScorer(
    plan: TrainingPlan, settings: SupConSettings
  ) -> @Sendable (Fold, [CWRUExample<CWRUSegment>], [CWRUSegment]) throws(FaultDiagError) -> [[Double]] {
    { (fold, training, test) throws(FaultDiagError) in
      let embedder = try CPCEmbedder(training: recordings(training), plan: plan)
      try check(embedder.windowPlan)
      let embedded = training.map {
        CWRUExample(signal: $0.signal, features: embedding($0.features, embedder: embedder))
      }
      return try supConScorer(settings: settings, seed: plan.seed)(
        fold, embedded, test.map { embedding($0, embedder: embedder) })
    }
  }

  /// The segments of each signal as one recording again, with its state as label.
  private static func recordings(_ training: [CWRUExample<CWRUSegment>]) -> [TrainingRecording] {
    signals.compactMap { signal in
      let own = training.filter { $0.signal == signal }
      guard !own.isEmpty else { return nil }
      return TrainingRecording(
        name: "\(signal.file) \(signal.sensor.rawValue)", samples: [own.flatMap { $0.features.samples }],
        sampleRate: sampleRate, label: signal.labels.contains(true) ? signal.fault.column : "none")
    }
  }
}
