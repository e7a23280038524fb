import CPC
import NeuralNet
import SignalIO
import Support

/// Learns healthy states from recordings: trains the encoders, listens, calibrates.
package struct BaselineFitter: Sendable {
  package var settings: BaselineSettings
  package var threads: Int

  package enum Event: Sendable {
    /// An encoder is being trained.
    case training(fold: Int, folds: Int, step: Int, steps: Int)
    case listening(done: Int, of: Int)
    /// A recording is of no use.
    case skipped(name: String, reason: FaultDiagError)
  }

  package init(settings: BaselineSettings, threads: Int) {
    self.settings = settings
    self.threads = threads
  }

  /// What was decided before anything is trained.
  struct Layout {
    var machines: [Machine]
    var unit: BaselineUnit
    var folds: BaselineFolds
    var kind: SignalKind

    struct Machine {
      var name: String
      var recordings: Int
      var order: RecordingOrder
      var pieces: [BaselineRecording]
    }
  }

  /// - `recordings`: healthy ones, of one or more machines.
  /// - `pretrained`: a plan and an encoder that serve every fold, instead of training.
  package func fit(
    _ recordings: [BaselineRecording], name: String,
    pretrained: (plan: TrainingPlan, encoder: BaselineEncoder)? = nil, report: (Event) -> Void = { _ in }
  ) throws(FaultDiagError) -> HealthyBaseline {
    try settings.validate()
    guard let first = recordings.first else { throw .tooFewHealthy(machine: name, found: 0, expected: 4) }
    let layout = try layout(recordings)
    let plan: TrainingPlan
    var encoders: [BaselineEncoder] = []
    if let pretrained {
      plan = pretrained.plan
      encoders = [pretrained.encoder]
    } else {
      plan = try self.plan(layout)
      for fold in 0..<layout.folds.count { encoders.append(try encoder(layout, plan, fold: fold, report)) }
    }
    var baseline = HealthyBaseline(
      name: name, plan: plan, unit: layout.unit,
      channel: first.channels.count > 1 ? ChannelChoice.plain(first.channels[0]) : nil,
      falseAlarmRate: settings.falseAlarmRate, encoders: encoders, machines: [], adjustments: [], used: [],
      surprise: 0)
    let heard = try listen(layout, baseline, report)
    try BaselineAssembly(
      folds: layout.folds, usesLevel: settings.usesLevel ?? (layout.kind == .vibration)
    ).fill(&baseline, with: heard)
    return baseline
  }

  // MARK: Layout

  func layout(_ recordings: [BaselineRecording]) throws(FaultDiagError) -> Layout {
    var names: [String] = []
    for recording in recordings where !names.contains(recording.machine) { names.append(recording.machine) }
    let groups = names.map { name in recordings.filter { $0.machine == name } }
    let fewest = groups.map { $0.count }.min() ?? 0
    let unit = settings.unit ?? (fewest >= BaselineSettings.fewRecordings ? .recording : .window)
    let machines = zip(names, groups).map { name, group in
      let (order, basis) = RecordingOrder.sorted(paths: group.map { $0.name }, times: group.map { $0.time })
      let pieces = (BaselineSettings.fewRecordings + group.count - 1) / group.count
      return Layout.Machine(
        name: name, recordings: group.count, order: group.count == 1 ? .time : basis,
        pieces: order.flatMap { unit == .window ? group[$0].cut(into: pieces) : [group[$0]] })
    }
    let folds = folds(machines)
    for machine in machines where machine.pieces.count < folds.fewestPieces {
      throw .tooFewHealthy(
        machine: machine.name, found: machine.pieces.count, expected: folds.fewestPieces)
    }
    return Layout(
      machines: machines, unit: unit, folds: folds,
      kind: SignalKind(majorityOf: recordings.map { $0.summary }))
  }

  private func folds(_ machines: [Layout.Machine]) -> BaselineFolds {
    let fewest = machines.map { $0.pieces.count }.min() ?? 0
    let isOrdered = machines.allSatisfy { $0.order != .none }
    return switch settings.order {
    case .time: .chronological
    case .automatic where isOrdered && fewest >= BaselineSettings.enoughInTime: .chronological
    case .automatic, .blocks: .blocks(max(2, min(settings.folds, fewest)))
    }
  }

  // MARK: Learning

  /// The preset for what the recordings seem to be, with windows that fit them.
  func plan(_ layout: Layout) throws(FaultDiagError) -> TrainingPlan {
    var plan = TrainingPlan.preset(for: layout.kind)
    plan.steps = settings.steps
    plan.seed = settings.seed
    plan.threads = threads
    plan.warmUpSteps = min(plan.warmUpSteps, plan.steps / 10)
    if let seconds = settings.windowSeconds, case .spectral(var features) = plan.features {
      let step = Double(features.stack * features.hop) / features.sampleRate
      features.steps = max(1, Int((seconds / step).rounded()))
      plan.features = .spectral(features)
    }
    let summaries = layout.machines.flatMap { $0.pieces.map { $0.summary } }
    let shortest = summaries.compactMap { $0.seconds }.min() ?? 0
    do throws(CPCError) {
      let (adapted, _) = try plan.adapted(to: summaries)
      // Snapshots of a tenth of a second: single frames are steps, and fewer of them are predicted.
      guard adapted.features.windowSeconds > shortest, case .spectral(var features) = adapted.features else {
        return adapted
      }
      features.stack = 1
      plan = adapted
      plan.features = .spectral(features)
      plan.objective.settings[InfoNCEFamily.stepsAhead.description.name] = .integer(3)
      return try plan.adapted(to: summaries).plan
    } catch {
      throw .representation(error)
    }
  }

  private func encoder(
    _ layout: Layout, _ plan: TrainingPlan, fold: Int, _ report: (Event) -> Void
  ) throws(FaultDiagError) -> BaselineEncoder {
    let pieces = layout.machines.flatMap { machine in
      machine.pieces.indices.filter { layout.folds.learns(fold, from: $0, of: machine.pieces.count) }
        .map { machine.pieces[$0].training }
    }
    do throws(CPCError) {
      let source = try WindowSource(pieces, plan: plan, adapts: false)
      let trained = try Trainer(source, checkpointPath: nil, programVersion: ProgramVersion.text).run(
        report: { event in
          guard case .step(let step) = event else { return }
          report(.training(fold: fold, folds: layout.folds.count, step: step.step, steps: step.steps))
        })
      return try BaselineEncoder(model: trained.model, objective: trained.objective)
    } catch {
      throw .representation(error)
    }
  }

  /// Hears every piece under every encoder. A piece that gives nothing is told and left out.
  private func listen(
    _ layout: Layout, _ baseline: HealthyBaseline, _ report: (Event) -> Void
  ) throws(FaultDiagError) -> [BaselineAssembly.HeardMachine] {
    let listener = try baseline.listener(threads: threads)
    let total = layout.machines.reduce(0) { $0 + $1.pieces.count }
    var done = 0
    var result: [BaselineAssembly.HeardMachine] = []
    for machine in layout.machines {
      var pieces: [[HeardItem]] = []
      for piece in machine.pieces {
        do throws(FaultDiagError) {
          pieces.append(try listener.items(opening: piece))
        } catch {
          report(.skipped(name: piece.name, reason: error))
        }
        done += 1
        report(.listening(done: done, of: total))
      }
      result.append(
        BaselineAssembly.HeardMachine(
          name: machine.name, recordings: machine.recordings, order: machine.order, pieces: pieces))
    }
    return result
  }
}

extension BaselineListener {
  /// The items of a piece that is yet to be opened.
  func items(opening piece: BaselineRecording) throws(FaultDiagError) -> [HeardItem] {
    let source: RecordingSource
    do throws(SignalIOError) { source = try piece.open() } catch { throw .recording(error) }
    return try items(of: source)
  }
}
