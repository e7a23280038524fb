import FaultDiag
import Foundation

/// A step of CPC training beside PyTorch's best variants.
struct TrainingStepRace: SpeedRace {
  static let name = "step"
  static let title = "a step of CPC training, forward, backward and Adam"

  private struct PeerLine: Decodable {
    var stepMsMed: Double
    var peakRssMib: Double
  }

  /// One configuration, what PyTorch has for it, and how long we may take in units of its best.
  private struct Work {
    var name: String
    var threads: Int
    var variants: [String: [String]]
    var goal: Double
    /// The same in units of the step's products alone.
    var limitGoal: Double

    static func shared(_ encoder: String, _ threads: Int, _ goal: Double, limit: Double) -> Work {
      var variants = [
        "batched": ["--nce", "batched"], "batched, compiled": ["--nce", "batched", "--compile", "--fused"],
      ]
      if encoder == "raw" { variants["batched, plain norm"] = ["--nce", "batched", "--style", "plain"] }
      return Work(
        name: encoder + "-shared", threads: threads, variants: variants, goal: goal, limitGoal: limit)
    }

    static func fresh(_ encoder: String, _ goal: Double, limit: Double) -> Work {
      Work(
        name: encoder + "-fresh", threads: 2,
        variants: ["full": ["--nce", "full"], "full, compiled": ["--nce", "full", "--compile", "--fused"]],
        goal: goal, limitGoal: limit)
    }
  }

  // A goal in units of the limit is that of the peer, on the machine on which both peer and limit were measured: raw
  // 0.38 x 272 ms of 56 ms, and so on. It holds where sgemm is slower than there, beside a peer that is not.
  private static let works: [Work] = [
    .shared("raw", 2, 0.38, limit: 1.85), .shared("raw", 1, 0.45, limit: 1.53),
    .shared("spectral", 2, 0.25, limit: 1.9), .shared("spectral", 1, 0.33, limit: 1.7),
    .fresh("raw", 0.30, limit: 2.5), .fresh("spectral", 0.12, limit: 4.2),
  ]

  /// MiB.
  private static let memoryGoal = 300.0

  private struct Difference: Decodable {
    var lossDifference: Double
    var gradientDifference: Double
    var tensor: String
  }

  /// Largest difference of loss and gradients from the peer's, for the same weights, input and negatives: parts in a
  /// million of the loss, and of the largest element of a gradient.
  private static let differenceGoal = 100.0

  /// Whether both sides compute the same thing: what is not the same cannot be raced.
  private func differences(from peer: Peer) throws -> [Figure] {
    try TrainingStepTask.Encoder.allCases.flatMap { encoder in
      try ["shared", "fresh"].map { sharing in
        let name = "\(encoder.rawValue)-\(sharing)"
        let file =
          FileManager.default.temporaryDirectory.path + "/fault-diag-step-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: file) }
        _ = try ChildProcess(
          program: CommandLine.arguments[0], arguments: ["step-example", name, file]
        ).run()
        let found = try peer.runExample(file, encoder: encoder.rawValue, as: Difference.self)
        let (loss, gradient) = (1e6 * found.lossDifference, 1e6 * found.gradientDifference)
        print(
          "\(name): differs from the peer's by \(Format.fixed(loss, digits: 2)) ppm in the loss, at most "
            + "\(Format.fixed(gradient, digits: 2)) ppm in the gradients (\(found.tensor))")
        return Figure(
          name: "step_\(encoder.rawValue)_\(sharing)_difference_ppm", value: max(loss, gradient),
          goal: .atMost(Self.differenceGoal))
      }
    }
  }

  func run(_ context: SpeedContext) throws -> RaceOutcome {
    var figures = try context.peer.map(differences) ?? []
    var rows: [RaceRow] = []
    var medians: [String: [Int: Double]] = [:]
    for work in Self.works {
      let race = try race(work, context)
      let ours = race.ours
      medians[work.name, default: [:]][work.threads] = ours.median
      let label = "\(work.name.replacing("-", with: "_"))_\(work.threads)"
      if let best = race.theirs.map(\.median).min() {
        figures.append(
          Figure(name: "step_\(label)_over_best_peer", value: ours.median / best, goal: .atMost(work.goal)))
      }
      figures.append(
        Figure(
          name: "step_\(label)_over_limit", value: ours.median / race.limit.median,
          goal: .atMost(work.limitGoal)))
      figures.append(
        Figure(
          name: "step_\(label)_mib", value: ours.peakMemory ?? .nan, goal: .atMost(Self.memoryGoal)))
      rows += [ours] + race.theirs + [race.limit]
    }
    for (name, byThreads) in medians.sorted(by: { $0.key < $1.key }) {
      guard let one = byThreads[1], let two = byThreads[2] else { continue }
      figures.append(
        Figure(
          name: "step_\(name.replacing("-", with: "_"))_two_over_one", value: one / two, goal: .atLeast(1.85))
      )
    }
    return RaceOutcome(figures: figures, rows: rows)
  }

  /// Our row, those of the peer's variants, and the limit: the step's operations at the speed of sgemm in a process between.
  private func race(
    _ work: Work, _ context: SpeedContext
  ) throws -> (ours: RaceRow, theirs: [RaceRow], limit: RaceRow) {
    let label = "\(work.name), \(work.threads) thread\(work.threads == 1 ? "" : "s")"
    var ours = RaceRow(work: label, side: "ours", values: [], unit: "s", peakMemory: 0)
    var theirs = work.variants.keys.sorted().map {
      RaceRow(work: label, side: $0, values: [], unit: "s", peakMemory: 0)
    }
    var limit = RaceRow(work: label, side: "its products alone", values: [], unit: "s")
    let operations = try TrainingStepTask(work.name).operations / Double(work.threads)
    for _ in 0..<context.pairs {
      limit.values.append(operations * (try Worker.measure(.product).value))
      let own = try Worker.measure(
        .trainingStep, ["--configuration-name", work.name, "--threads", "\(work.threads)"])
      ours.values.append(own.value)
      ours.peakMemory = max(ours.peakMemory ?? 0, own.peakMemory)
      guard let peer = context.peer else { continue }
      for index in theirs.indices {
        let arguments = [
          "--config", String(work.name.prefix { $0 != "-" }), "--threads", "\(work.threads)", "--steps", "20",
        ]
        let line = try peer.runStep(
          arguments + (work.variants[theirs[index].side] ?? []), as: PeerLine.self)
        theirs[index].values.append(line.stepMsMed / 1000)
        theirs[index].peakMemory = max(theirs[index].peakMemory ?? 0, line.peakRssMib)
      }
    }
    return (ours, theirs.filter { !$0.values.isEmpty }, limit)
  }
}
