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
  package var lineSettings: AlignedEnvelopeSettings? { model.plan.envelope }
  /// The default model was checked on simulated bearings, a fitted one keeps or corrects that.
  package var isCalibrated: Bool { true }

  package func begin(_ metadata: RecordingMetadata, alarm: AlarmRule) -> any Judgement {
    AlignedJudgement(model: model, machine: KnownMachine(metadata), alarm: alarm)
  }
}

private struct AlignedJudgement: Judgement {
  let model: AlignedModel
  /// Nil where the lines' places are unknown.
  let machine: KnownMachine?
  let alarm: AlarmRule
  private var sum: VerdictScores
  private var votes: [Int]
  private var count = 0

  init(model: AlignedModel, machine: KnownMachine?, alarm: AlarmRule) {
    self.model = model
    self.machine = machine
    self.alarm = alarm
    sum = VerdictScores(families: model.states.count - 1, watched: model.watchedFamilies.count)
    votes = [Int](repeating: 0, count: model.states.count)
  }

  mutating func add(_ windows: [[Float]], threads: Int) -> [JudgedWindow] {
    defer { count += windows.count }
    guard let machine else { return [] }
    let chunks = max(1, min(threads, windows.count))
    let model = model
    let rows = Parallel.map(chunks, threads: threads) { chunk in
      let part = stride(from: chunk, to: windows.count, by: chunks).map { windows[$0] }
      return model.withEnvelope { model.scoresAndLines(of: part, machine: machine, envelope: $0) }
    }
    return windows.indices.map { index in
      let (scores, lines) = rows[index % chunks][index / chunks]
      sum += scores
      let probabilities = model.verdict(scores)
      votes[stated(probabilities)] += 1
      return JudgedWindow(probabilities: probabilities, lines: lines)
    }
  }

  func verdict(referenceCount: Int) -> JudgedRecording? {
    guard count > 0 else { return nil }
    guard machine != nil else {
      return JudgedRecording(
        probabilities: [StateProbability(state: JudgedRecording.unknown, probability: 0)],
        windows: WindowAgreement(agreeing: 0, total: count))
    }
    let scores = sum / Double(count)
    let probabilities = model.verdict(scores)
    func named(_ values: [Double]) -> [StateProbability] {
      zip(model.states, values).map { StateProbability(state: $0, probability: $1) }
    }
    let stated = stated(probabilities)
    var result = JudgedRecording(
      probabilities: named(probabilities),
      windows: WindowAgreement(agreeing: votes[stated], total: count), stated: model.states[stated])
    if let combination = model.combination {
      result.learned = named(model.learned(scores))
      result.confidences = combination.confidences(probabilities: probabilities)
    }
    // Plausibility asks the lines alone, whatever the networks learned since.
    if let verdicts = model.verdicts { result.plausibilities = verdicts.plausibilities(scores) }
    return result
  }

  /// Place of the state that one recording's or window's probabilities make stated.
  private func stated(_ probabilities: [Double]) -> Int {
    alarm.stated(probabilities, healthy: AlignedModel.healthy)
  }
}

extension AlignedModel {
  /// Aligned envelopes of windows of the plan's length at its rate: `[window][family, band, position]`.
  func features(of windows: [[Float]], machine: KnownMachine, threads: Int) -> [[Float]] {
    let chunks = max(1, min(threads, windows.count))
    let parts = Parallel.map(chunks, threads: threads) { chunk in
      withEnvelope { envelope in
        stride(from: chunk, to: windows.count, by: chunks).map {
          envelope.features(
            of: windows[$0], sampleRate: plan.envelope.sampleRate, shaftHz: machine.shaftHz,
            orders: machine.orders)
        }
      }
    }
    return windows.indices.map { parts[$0 % chunks][$0 / chunks] }
  }

  /// The weights of networks and lines, which belong to the default model's networks: fitted ones have a calibration of
  /// their own, from held-out bearings.
  var combination: VerdictCalibration? { fitted == nil ? verdicts : nil }

  /// Probabilities of ``states``: of networks and lines together where the model was calibrated for that.
  func verdict(_ scores: VerdictScores) -> [Double] {
    combination?.probabilities(scores) ?? learned(scores)
  }

  /// Probabilities of ``states`` by ``logits(_:)`` alone.
  fileprivate func learned(_ scores: VerdictScores) -> [Double] {
    probabilities(logits: logits(networks: scores.networks, rule: scores.rule))
  }

  /// A diagnoser with this model.
  package func diagnoser(_ identity: ModelIdentity, threads: Int) -> Diagnoser {
    Diagnoser(model: AlignedJudge(self), identity: identity, threads: threads)
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
