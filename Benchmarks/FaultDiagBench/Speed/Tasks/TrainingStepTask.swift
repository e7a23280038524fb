import CPC
import Foundation
import NeuralNet
import Support

/// One step of CPC training: forward, loss, backward, Adam, negatives drawn and batch gathered within it.
///
/// The two configurations are the peer's. Raw: 32 windows of 10,240 samples, five strided convolutions of 128 channels,
/// GRU 128, twelve steps ahead. Spectral: 64 windows of 64 frames of 80 bands, 80-256-128, GRU 128, eight steps ahead.
/// Both: 64 negatives from the batch, drawn for each step ahead (`fresh`) or shared by them.
struct TrainingStepTask {
  enum Encoder: String, CaseIterable { case raw, spectral }

  let encoder: Encoder
  let sharing: NegativeSampler.Sharing
  /// What differs from the peer's configuration: `batch`, `negatives`, `steps` (frames), `channels` (raw).
  private var sizes: [String: Int] = [:]

  private var stepsAhead: Int { encoder == .raw ? 12 : 8 }
  private var negatives: Int { sizes["negatives"] ?? 64 }
  private var channels: Int { sizes["channels"] ?? 128 }
  private var frames: Int { sizes["steps"] ?? 64 }

  /// `raw-shared`, `spectral-fresh` and so on; `spectral-shared:batch=128,negatives=16` changes sizes.
  init(_ name: String) throws {
    let halves = name.split(separator: ":").map(String.init)
    for size in halves.dropFirst().flatMap({ $0.split(separator: ",") }) {
      let pair = size.split(separator: "=")
      if pair.count == 2, let value = Int(pair[1]) { sizes[String(pair[0])] = value }
    }
    let parts = (halves.first ?? "").split(separator: "-").map(String.init)
    guard parts.count == 2, let encoder = Encoder(rawValue: parts[0]),
      let sharing = NegativeSampler.Sharing(rawValue: parts[1])
    else {
      throw CPCError.unknownName(
        kind: "training step", found: name,
        available: Encoder.allCases.flatMap { encoder in
          NegativeSampler.Sharing.allCases.map { "\(encoder.rawValue)-\($0.rawValue)" }
        })
    }
    (self.encoder, self.sharing) = (encoder, sharing)
  }

  /// Median over `steps` steps after five that warm up.
  func secondsPerStep(threads: Int, steps: Int) throws -> Double {
    let warmUp = 5
    let source = try source(threads: threads, steps: warmUp + steps)
    var ends: [ContinuousClock.Instant] = []
    _ = try Trainer(source, checkpointPath: nil, programVersion: ProgramVersion.text).run(report: { event in
      if case .step = event { ends.append(.now) }
    })
    return RaceRow.median(
      (warmUp..<ends.count).map { (ends[$0] - ends[$0 - 1]) / .seconds(1) })
  }

  /// Noise, twice as many windows as a batch.
  func source(threads: Int, steps: Int) throws -> WindowSource {
    let plan = plan(threads: threads, steps: steps)
    let recordings = (0..<4).map { index in
      var random = RandomSource(seed: 1, path: [UInt64(index)])
      var samples = [Float](repeating: 0, count: plan.features.windowSamples * plan.batchSize / 2)
      random.fillNormal(&samples)
      return TrainingRecording(
        name: "noise \(index)", samples: [samples], sampleRate: plan.features.sampleRate)
    }
    return try WindowSource(recordings, plan: plan, adapts: false)
  }

  /// Additions and multiplications of a step's products: forward once and backward twice, but for the gradient of the
  /// input, which nobody asks for.
  var operations: Double {
    let plan = plan(threads: 1, steps: 1)
    let width = plan.contextSize
    var (inner, first, steps) = (0, 0, inputShape(plan)[1])
    switch encoder {
    case .raw:
      for (index, kernel) in RawEncoder<Float>.kernels.enumerated() {
        steps /= RawEncoder<Float>.strides[index]
        let products = steps * kernel * (index == 0 ? 1 : channels) * channels
        if index == 0 { first = products } else { inner += products }
      }
    case .spectral:
      first = steps * 80 * 256
      inner += steps * 256 * width
    }
    let recurrence = steps * 3 * width * (width + width)
    let scores = (steps - stepsAhead) * stepsAhead * width * (width + negatives + 1)
    return Double(2 * plan.batchSize * (2 * first + 3 * (inner + recurrence + scores)))
  }

  /// Of a batch: windows of samples, or of frames of bands.
  func inputShape(_ plan: TrainingPlan) -> [Int] {
    switch encoder {
    case .raw: [plan.batchSize, 10_240, 1]
    case .spectral: [plan.batchSize, frames, 80]
    }
  }

  private func plan(threads: Int, steps: Int) -> TrainingPlan {
    let objective = Choice(
      "cpc",
      [
        "stepsAhead": .integer(stepsAhead), "negatives": .integer(negatives),
        "negativesFrom": .text("acrossBatch"), "negativesFor": .text(sharing.rawValue),
      ])
    var plan =
      switch encoder {
      case .raw:
        TrainingPlan(
          features: .raw(RawFeatures(sampleRate: 12_000)), overlap: 0,
          encoder: Choice(
            "raw", ["channels": .integer(channels), "standardized": .flag(false)]),
          objective: objective, batchSize: sizes["batch"] ?? 32)
      case .spectral:
        TrainingPlan(
          features: .spectral(SpectralFeatures(bands: 80, stack: 1, steps: frames)), overlap: 0,
          encoder: Choice("spectral", ["sizes": .integers([256, 128])]), objective: objective,
          batchSize: sizes["batch"] ?? 64)
      }
    plan.contextSize = 128
    plan.learningRate = 2e-4
    plan.weightDecay = 0
    plan.steps = steps
    plan.threads = threads
    (plan.checkpointInterval, plan.statisticsInterval) = (Int.max, Int.max)
    return plan
  }
}
