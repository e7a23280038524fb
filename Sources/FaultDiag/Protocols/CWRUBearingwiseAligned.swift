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

  /// Scores by an aligned model whose networks train on with the fold's training side: few epochs at a low rate, since
  /// the networks know bearings already and the fold holds twelve.
  package static func fittedAlignedScorer(
    _ model: AlignedModel, epochs: Int = 8, learningRate: Double = 1e-3
  ) -> @Sendable (Fold, [CWRUExample<[Float]>], [[Float]]) throws(FaultDiagError) -> [[Double]] {
    { (_, training, test) throws(FaultDiagError) in
      var fitted = model
      fitted.plan.epochs = epochs
      fitted.plan.learningRate = learningRate
      let examples = AlignedExamples(
        settings: model.plan.envelope, features: training.map { $0.features },
        targets: training.map { example in
          model.plan.envelope.families.map { family in
            example.signal.fault.family == family && example.labels.contains(true) ? 1 : 0
          }
        })
      fitted.networks = try AlignedTrainer(fitted.plan).networks(
        on: examples, from: model.networks, threads: 1)
      return scores(fitted, test)
    }
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
