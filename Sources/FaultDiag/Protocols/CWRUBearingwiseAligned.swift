import SignalIO

extension CWRUBearingwise {
  /// An aligned model's logits of one segment with the nominal speed, in the order of ``Fault``.
  package static func alignedScores(_ segment: CWRUSegment, model: AlignedModel) -> [Double] {
    guard let envelope = try? AlignedEnvelope(model.plan.envelope) else { return [0, 0, 0] }
    let features = envelope.features(
      of: segment.samples, sampleRate: sampleRate, shaftHz: segment.signal.shaftHz,
      orders: segment.signal.orders)
    let logits = model.logits([features])[0]
    return [FaultFamily.inner, .outer, .ball].map { family in
      model.plan.envelope.families.firstIndex(of: family).map { logits[$0] } ?? 0
    }
  }
}
