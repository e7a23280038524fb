import SignalIO
import Support

/// From windows to ``VerdictScores``, and from simulated bearings to the calibration of an ``AlignedModel``.
extension AlignedModel {
  /// Families whose lines are measured: those the networks judge, then those that physics knows besides.
  var watchedFamilies: [FaultFamily] {
    plan.envelope.families + [.outer, .inner, .ball].filter { !plan.envelope.families.contains($0) }
  }

  /// Bands as ``LineScores`` wants them: the narrow ones are averaged, the whitened one is added.
  private var lineSettings: LineScores.Settings {
    var settings = LineScores.Settings()
    let bands = plan.envelope.bands
    // As in the plan's default the wide band stands behind the narrow ones, and the whitened one last.
    settings.averagedBands = 0..<max(1, bands.count - 2)
    settings.addedBand = bands.count - 1
    return settings
  }

  /// Networks and lines of windows of the plan's length at its rate, one a window.
  func scores(of windows: [[Float]], machine: KnownMachine, envelope: AlignedEnvelope) -> [VerdictScores] {
    scoresAndLines(of: windows, machine: machine, envelope: envelope).map(\.scores)
  }

  /// As ``scores(of:machine:envelope:)``, with the lines themselves.
  func scoresAndLines(
    of windows: [[Float]], machine: KnownMachine, envelope: AlignedEnvelope
  ) -> [(scores: VerdictScores, lines: EnvelopeLines)] {
    let (watched, settings) = (watchedFamilies, lineSettings)
    var lines: [(found: EnvelopeLines, strengths: [Double])] = []
    let features = windows.map { window in
      var values = [Float](repeating: 0, count: envelope.featureCount)
      let found = envelope.linesAndFeatures(
        of: window, shaftHz: machine.shaftHz, orders: machine.orders, into: &values)
      let scored = LineScores(found, orders: machine.orders, families: watched, settings: settings)
      lines.append((found, scored.families.map(\.strength)))
      return values
    }
    return zip(parts(features), lines).map {
      (VerdictScores(networks: $0.networks, rule: $0.rule, lines: $1.strengths), $1.found)
    }
  }

  /// Calls `body` with an extractor of the plan's features, which it must not keep.
  func withEnvelope<Result>(_ body: (AlignedEnvelope) -> Result) -> Result {
    do throws(SignalIOError) {
      return try AlignedEnvelopePool.shared.lend(plan.envelope, body)
    } catch {
      // They were checked when the model was read or trained.
      preconditionFailure("envelope settings that were valid no longer are: \(error)")
    }
  }

  /// Fits ``verdicts`` to the simulated bearings behind those of the training.
  package mutating func calibrateVerdicts(threads: Int) {
    let held = plan.simulations..<plan.simulations + plan.calibrationSimulations
    let (items, truth) = simulatedScores(held, threads: threads)
    verdicts = VerdictCalibration(items, truth: truth)
  }

  /// How far the fault orders of a calibration's bearing are taken wrongly, either way, as a share: real geometries and
  /// contact angles are never quite those that are stated, and probabilities must know that.
  static let calibrationMismatch = 0.02

  /// Scores and states of the simulated bearings `range` of the stream that the plan's seed names, whose orders are
  /// not quite what they are taken for (`calibrationMismatch`).
  package func simulatedScores(_ range: Range<Int>, threads: Int) -> (items: [VerdictScores], truth: [Int]) {
    let chunk = 50
    let chunks = (range.count + chunk - 1) / chunk
    let made = Parallel.map(chunks, threads: threads) { c -> [(VerdictScores, Int)] in
      let first = range.lowerBound + c * chunk
      return withEnvelope { envelope in
        (first..<min(first + chunk, range.upperBound)).map { simulated($0, envelope: envelope) }
      }
    }
    let all = made.flatMap { $0 }
    return (all.map { $0.0 }, all.map { $0.1 })
  }

  private func simulated(_ index: Int, envelope: AlignedEnvelope) -> (VerdictScores, Int) {
    let families = plan.envelope.families
    let classes = families.map { Optional($0) } + [nil]
    guard let recording = try? plan.draw.recording(seed: plan.seed, index: UInt64(index), classes: classes)
    else {
      preconditionFailure("simulation \(index) of seed \(plan.seed) drew settings that cannot be simulated")
    }
    var random = RandomSource(seed: plan.seed, path: [Self.mismatchStream, UInt64(index)])
    let mismatch = Self.calibrationMismatch
    let scale = 1 + random.uniform(in: -mismatch...mismatch)
    let (own, shaftHz) = (recording.settings.orders, recording.meanShaftHz)
    let machine = KnownMachine(
      shaftHz: shaftHz,
      orders: FaultOrders(
        outer: own.outer * scale, inner: own.inner * scale, ball: own.ball * scale, cage: own.cage * scale))
    let state = recording.settings.fault.flatMap { families.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    return (scores(of: [recording.samples], machine: machine, envelope: envelope)[0], state)
  }

  private static let mismatchStream: UInt64 = 0x4D49_534D
}
