import NeuralNet
import SignalIO
import Support

/// Aligned envelopes with their truth, one row a window.
package struct AlignedExamples: Sendable {
  let shape: AlignedShape
  /// `[example]`, each as `AlignedEnvelope` gives it.
  package private(set) var features: [[Float]]
  /// `[example][family]`: 1 where the bearing has that fault.
  package private(set) var targets: [[Float]]

  package init(settings: AlignedEnvelopeSettings, features: [[Float]] = [], targets: [[Float]] = []) {
    precondition(features.count == targets.count, "\(features.count) windows with \(targets.count) targets")
    shape = AlignedShape(settings)
    self.features = features
    self.targets = targets
  }

  package var count: Int { features.count }

  /// Adds one window.
  mutating func append(features window: [Float], target: [Float]) {
    precondition(
      window.count == shape.featureCount && target.count == shape.families,
      "\(window.count) values and \(target.count) targets for \(shape)")
    features.append(window)
    targets.append(target)
  }

  /// Simulated windows `range` of the stream that the plan's seed names; the same whatever the thread count.
  package static func simulated(
    _ range: Range<Int>, plan: AlignedPlan, threads: Int
  ) throws(FaultDiagError) -> AlignedExamples {
    _ = try plan.validated()
    do throws(SignalIOError) { _ = try AlignedEnvelope(plan.envelope) } catch { throw .recording(error) }
    let chunk = 64
    let chunks = (range.count + chunk - 1) / chunk
    let made = Parallel.map(chunks, threads: threads) { c in
      let first = range.lowerBound + c * chunk
      return simulatedChunk(first..<min(first + chunk, range.upperBound), plan: plan)
    }
    return AlignedExamples(
      settings: plan.envelope, features: made.flatMap { $0.features }, targets: made.flatMap { $0.targets })
  }

  private static func simulatedChunk(_ range: Range<Int>, plan: AlignedPlan) -> AlignedExamples {
    // The settings were checked before, and drawn bearings are valid by construction.
    guard let envelope = try? AlignedEnvelope(plan.envelope) else {
      preconditionFailure("envelope settings that were valid no longer are")
    }
    var result = AlignedExamples(settings: plan.envelope)
    for index in range {
      guard let recording = try? plan.draw.recording(seed: plan.seed, index: UInt64(index)) else {
        preconditionFailure("simulation \(index) of seed \(plan.seed) drew settings that cannot be simulated")
      }
      result.append(
        features: envelope.features(
          of: recording.samples, sampleRate: plan.envelope.sampleRate, shaftHz: recording.meanShaftHz,
          orders: recording.settings.orders),
        target: plan.envelope.families.map { $0 == recording.settings.fault ? 1 : 0 })
    }
    return result
  }

  /// The class of a window: 0 for none, else 1 + the family that is set.
  package func state(_ index: Int) -> Int {
    (targets[index].firstIndex(of: 1) ?? -1) + 1
  }
}
