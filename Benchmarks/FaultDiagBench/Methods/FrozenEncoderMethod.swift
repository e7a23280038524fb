import CPC
import FaultDiag
import Support

/// An encoder trained by one objective, then frozen; or the same encoder with its first random weights.
///
/// For P1, P5 and identity it is trained once a seed, on simulated recordings: no recording of any fold has a part in it, so
/// one training serves all folds honestly. Objectives that learn from labels get the simulated ones. For P4 it is trained
/// on the normal training clips of each fold and type, where there are no labels.
struct FrozenEncoderMethod: Method {
  /// Name of the objective; nil for none.
  let objective: String?

  var name: String { objective ?? "untrained" }

  func measure(_ tasks: [MethodTask], seed: UInt64, _ context: MethodsContext) -> MethodOutcome {
    var outcome = MethodOutcome()
    let vibration = tasks.filter { $0 != .p4 }
    if !vibration.isEmpty { measureVibration(vibration, seed, context, &outcome) }
    if tasks.contains(.p4) {
      outcome.results[.p4] = Result { try sounds(seed, context) }.mapError { MethodGap($0) }
    }
    return outcome
  }

  private func measureVibration(
    _ tasks: [MethodTask], _ seed: UInt64, _ context: MethodsContext, _ outcome: inout MethodOutcome
  ) {
    let embeddings: SegmentEmbeddings
    do {
      let started = ContinuousClock.now
      let embedder = try CPCEmbedder(
        training: context.simulated,
        plan: context.plan(for: .vibration, objective: objective, seed: seed, threads: context.threads),
        isTrained: objective != nil)
      if objective != nil { outcome.pretrainingSeconds = (ContinuousClock.now - started) / .seconds(1) }
      try CWRUBearingwise.check(embedder.windowPlan)
      embeddings = SegmentEmbeddings(context.segments, embedder, threads: context.threads)
    } catch {
      for task in tasks { outcome.results[task] = .failure(MethodGap(error)) }
      return
    }
    for task in tasks {
      do {
        let value: Double
        if task == .identity {
          let identity = try CWRUBearingwise.bearingIdentity(embeddings.rows, seed: seed)
          outcome.identityWithinFault = identity.withinFault
          value = identity.accuracy
        } else {
          let scorer = CWRUBearingwise.supConScorer(settings: SupConSettings(), seed: seed)
          value = try context.bearingwise(
            { embeddings[$0] }, task == .p5 ? CWRUBearingwise.fewLabels(draw: seed, scorer) : scorer)
        }
        outcome.results[task] = .success(value)
      } catch {
        outcome.results[task] = .failure(MethodGap(error))
      }
    }
  }

  private func sounds(_ seed: UInt64, _ context: MethodsContext) throws -> Double {
    if let objective, try Objectives.needs(of: Choice(objective)).labels {
      throw MethodGap.notApplicable("no labels")
    }
    var scores: [MachineSounds.EmbeddingScore] = []
    for fold in context.soundFolds(seed: seed) {
      let embedder = try CPCEmbedder(
        training: MachineSounds.recordings(fold),
        plan: context.plan(for: .sound, objective: objective, seed: seed, threads: context.threads),
        isTrained: objective != nil)
      scores += try MachineSounds.embeddingScores(fold, embedder: embedder, threads: context.threads)
    }
    guard let areas = MachineSounds.areas(scores) else { throw MethodGap.failed("no clips were judged") }
    return areas.area
  }
}

/// The embeddings of all segments, made once for all tasks.
private struct SegmentEmbeddings: Sendable {
  /// In the order of the segments.
  let rows: [[Float]]

  init(_ segments: [CWRUSegment], _ embedder: CPCEmbedder, threads: Int) {
    rows = Parallel.map(segments.count, threads: threads) {
      CWRUBearingwise.embedding(segments[$0], embedder: embedder)
    }
  }

  subscript(segment: CWRUSegment) -> [Float] {
    guard let signal = CWRUBearingwise.signals.firstIndex(of: segment.signal) else {
      preconditionFailure("\(segment.signal) is no signal of the protocol")
    }
    return rows[signal * CWRUBearingwise.segmentsPerSignal + segment.index]
  }
}
