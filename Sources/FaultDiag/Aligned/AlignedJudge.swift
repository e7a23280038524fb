import SignalIO
import Support

/// Judges recordings with an ``AlignedModel``: needs the shaft speed and the bearing, and says unknown without them.
package struct AlignedJudge: JudgingModel {
  package let model: AlignedModel

  package init(_ model: AlignedModel) { self.model = model }

  package var windowPlan: WindowPlan {
    let settings = model.plan.envelope
    return WindowPlan(length: settings.frameCount, hop: settings.frameCount, sampleRate: settings.sampleRate)
  }

  package var channel: String? { model.fitted?.conditions.channel }
  /// The default model was checked on simulated bearings, a fitted one keeps or corrects that.
  package var isCalibrated: Bool { true }

  package func begin(_ metadata: RecordingMetadata) -> any Judgement {
    AlignedJudgement(model: model, machine: KnownMachine(metadata))
  }
}

private struct AlignedJudgement: Judgement {
  let model: AlignedModel
  /// Nil where the lines' places are unknown.
  let machine: KnownMachine?
  private var sums: [Double]
  private var votes: [Int]
  private var count = 0

  init(model: AlignedModel, machine: KnownMachine?) {
    self.model = model
    self.machine = machine
    sums = [Double](repeating: 0, count: model.states.count - 1)
    votes = [Int](repeating: 0, count: model.states.count)
  }

  mutating func add(_ windows: [[Float]], threads: Int) {
    defer { count += windows.count }
    guard let machine else { return }
    for logits in model.logits(model.features(of: windows, machine: machine, threads: threads)) {
      for family in logits.indices { sums[family] += logits[family] }
      votes[RecordingJudgement.largest(model.probabilities(logits: logits))] += 1
    }
  }

  func verdict(referenceCount: Int) -> JudgedRecording? {
    guard count > 0 else { return nil }
    guard machine != nil else {
      return JudgedRecording(
        probabilities: [StateProbability(state: JudgedRecording.unknown, probability: 0)],
        windows: WindowAgreement(agreeing: 0, total: count))
    }
    let probabilities = model.probabilities(logits: sums.map { $0 / Double(count) })
    return JudgedRecording(
      probabilities: zip(model.states, probabilities).map { StateProbability(state: $0, probability: $1) },
      windows: WindowAgreement(agreeing: votes[RecordingJudgement.largest(probabilities)], total: count))
  }
}

extension AlignedModel {
  /// Aligned envelopes of windows of the plan's length at its rate: `[window][family, band, position]`.
  func features(of windows: [[Float]], machine: KnownMachine, threads: Int) -> [[Float]] {
    let chunks = max(1, min(threads, windows.count))
    let parts = Parallel.map(chunks, threads: threads) { chunk in
      // The settings were checked when the model was read or trained.
      guard let envelope = try? AlignedEnvelope(plan.envelope) else {
        preconditionFailure("envelope settings that were valid no longer are")
      }
      return stride(from: chunk, to: windows.count, by: chunks).map {
        envelope.features(
          of: windows[$0], sampleRate: plan.envelope.sampleRate, shaftHz: machine.shaftHz,
          orders: machine.orders)
      }
    }
    return windows.indices.map { parts[$0 % chunks][$0 / chunks] }
  }

  /// A diagnoser with this model; its identity carries the hash of the model's file.
  package func diagnoser(name: String, threads: Int, programVersion: String) -> Diagnoser {
    let hash = ContentHash.sha256(checkpoint(programVersion: programVersion).bytes)
    return Diagnoser(
      model: AlignedJudge(self), identity: ModelIdentity(name: name, hash: hash), threads: threads)
  }
}

/// A machine whose lines have known places.
package struct KnownMachine: Sendable, Equatable {
  /// Revolutions a second.
  package var shaftHz: Double
  package var orders: FaultOrders

  package init(shaftHz: Double, orders: FaultOrders) {
    self.shaftHz = shaftHz
    self.orders = orders
  }

  /// Nil where speed or bearing is not stated or not known.
  init?(_ metadata: RecordingMetadata) {
    let orders =
      metadata.geometry?.value.faultOrders
      ?? metadata.bearing.flatMap { BearingCatalogue.orders(named: $0.value) }
    guard let orders, let speed = metadata.speed?.value, speed > 0 else { return nil }
    self.init(shaftHz: speed / 60, orders: orders)
  }
}
