import SignalIO

extension CWRUBearingwise {
  /// A segment's aligned envelope with the nominal speed, `[family, band, position]`.
  package static func alignedFeatures(_ segment: CWRUSegment, settings: AlignedEnvelopeSettings) -> [Float] {
    // The settings were checked when the model was read.
    guard let envelope = try? AlignedEnvelope(settings) else {
      preconditionFailure("envelope settings that were valid no longer are")
    }
    return envelope.features(
      of: segment.samples, sampleRate: sampleRate, shaftHz: segment.signal.shaftHz,
      orders: segment.signal.orders)
  }

  /// Scores by an aligned model as it is: its logits in the order of ``Fault``.
  package static func alignedScorer(
    _ model: AlignedModel
  ) -> @Sendable (Fold, [CWRUExample<[Float]>], [[Float]]) throws(FaultDiagError) -> [[Double]] {
    { (_, _, test) throws(FaultDiagError) in scores(model, test) }
  }

  /// Scores by an aligned model adapted to the fold's training side by ``AlignedFitter``.
  package static func fittedAlignedScorer(
    _ model: AlignedModel, settings: AlignedFitSettings = AlignedFitSettings()
  ) -> @Sendable (Fold, [CWRUExample<[Float]>], [[Float]]) throws(FaultDiagError) -> [[Double]] {
    { (_, training, test) throws(FaultDiagError) in
      let corpus = corpus(training, envelope: model.plan.envelope)
      let examples = corpus.examples(of: Array(corpus.items.indices))
      let fitted = try AlignedFitter(start: model, settings: settings).fitted(to: examples, threads: 1)
      return scores(fitted, test)
    }
  }

  /// Scores by an aligned model fitted as `fit` does it: strength and calibration from bearings held out of the fold's
  /// training side.
  package static func adaptedAlignedScorer(
    _ adaptation: AlignedAdaptation
  ) -> @Sendable (Fold, [CWRUExample<[Float]>], [[Float]]) throws(FaultDiagError) -> [[Double]] {
    var adaptation = adaptation
    // Folds run on threads of their own.
    adaptation.threads = 1
    let single = adaptation
    return { (_, training, test) throws(FaultDiagError) in
      let corpus = corpus(training, envelope: single.start.plan.envelope)
      return scores(try single.fitted(to: corpus).model, test)
    }
  }

  /// Labelled segments as a corpus: a signal is a recording, and signals of one damaged bearing seen by one sensor are one
  /// bearing.
  static func corpus(
    _ segments: [CWRUExample<[Float]>], envelope: AlignedEnvelopeSettings
  ) -> AlignedCorpus {
    var corpus = AlignedCorpus(envelope: envelope)
    for (signal, own) in zip(signals, signals.map { signal in segments.filter { $0.signal == signal } })
    where !own.isEmpty {
      let family = signal.labels.contains(true) ? envelope.families.firstIndex(of: signal.fault.family) : nil
      corpus.add(
        SplitItem(
          path: "\(signal.file) \(signal.sensor.rawValue)", label: "",
          bearingID:
            "\(signal.faultEnd.rawValue) \(signal.fault.column) \(signal.size) at \(signal.sensor.rawValue)"),
        state: family.map { $0 + 1 } ?? 0, features: own.map(\.features), sampleRate: sampleRate)
    }
    return corpus
  }

  private static func scores(_ model: AlignedModel, _ features: [[Float]]) -> [[Double]] {
    let places = [FaultFamily.inner, .outer, .ball].map { model.plan.envelope.families.firstIndex(of: $0) }
    return model.logits(features).map { row in places.map { place in place.map { row[$0] } ?? 0 } }
  }
}

extension CWRUBearingwise.Fault {
  /// The family of lines that the fault makes.
  var family: FaultFamily {
    switch self {
    case .inner: .inner
    case .outer: .outer
    case .ball: .ball
    }
  }
}
