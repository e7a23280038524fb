import Foundation
import NeuralNet
import Support

/// Everything that decides what a training makes of its recordings. Stored as JSON in every checkpoint.
///
/// The values of the initializer are those for vibration; see ``preset(for:)``.
package struct TrainingPlan: Codable, Sendable, Equatable {
  /// Of this structure; raised when a field's meaning changes.
  package static let currentVersion = 1
  package var version = TrainingPlan.currentVersion

  package var features: FeaturePlan
  /// Share of a window that the next one repeats, 0 ..< 1.
  package var overlap: Double
  package var encoder: Choice
  /// H, hidden units of the autoregressor.
  package var contextSize: Int
  package var objective: Choice
  /// What makes the augmented views of objectives that ask for them.
  package var augmentations: AugmentationPlan
  /// Windows a step, B.
  package var batchSize: Int
  package var steps: Int
  /// The highest rate of the schedule.
  package var learningRate: Double
  /// Steps over which the rate rises to its highest, at most half of all; then it falls along a cosine.
  package var warmUpSteps: Int
  package var weightDecay: Double
  /// Longest gradient that is not scaled down.
  package var gradientLimit: Double
  package var seed: UInt64
  /// Threads the work is split over. The same seed and thread count give the same bytes.
  package var threads: Int
  /// Steps between checkpoints.
  package var checkpointInterval: Int
  /// Steps between measurements of the representation.
  package var statisticsInterval: Int
  /// What the weights are before the first step, by name and hash; nil for random ones of ``seed``.
  package var start: String?

  package init(
    features: FeaturePlan = .spectral(SpectralFeatures(sampleRate: 12_000, frameLength: 128, hop: 64)),
    overlap: Double = 0.75,
    encoder: Choice = Choice("spectral"), contextSize: Int = 64, objective: Choice = Choice("cpc"),
    augmentations: AugmentationPlan = .preset(for: .vibration), batchSize: Int = 16, steps: Int = 2000,
    learningRate: Double = 1e-3, warmUpSteps: Int = 30,
    weightDecay: Double = 0.01, gradientLimit: Double = 10, seed: UInt64 = 1, threads: Int = 2,
    checkpointInterval: Int = 100, statisticsInterval: Int = 50
  ) {
    self.features = features
    self.overlap = overlap
    self.encoder = encoder
    self.contextSize = contextSize
    self.objective = objective
    self.augmentations = augmentations
    self.batchSize = batchSize
    self.steps = steps
    self.learningRate = learningRate
    self.warmUpSteps = warmUpSteps
    self.weightDecay = weightDecay
    self.gradientLimit = gradientLimit
    self.seed = seed
    self.threads = threads
    self.checkpointInterval = checkpointInterval
    self.statisticsInterval = statisticsInterval
  }

  /// The plan to begin with for a kind of signal, sized so that a hundred recordings of ten seconds take well below five
  /// minutes on two cores.
  ///
  /// Both hear 64 mel bands, four frames a step, 40 steps, with negatives from within the recording, so that what sets
  /// recordings apart (level, mounting, machine) does not help. Sound: frames of 1024 samples at 16 kHz, 128 ms a step;
  /// 250 steps of training served better than more on machine sounds. Vibration: frames of 128 samples at 12 kHz, 21 ms
  /// a step, since over a longer step vibration of a constant speed is stationary and leaves nothing to predict: of the
  /// lengths tried, the information bound was highest there.
  package static func preset(for kind: SignalKind) -> TrainingPlan {
    switch kind {
    case .vibration: TrainingPlan()
    case .sound:
      TrainingPlan(
        features: .spectral(SpectralFeatures(sampleRate: 16_000, frameLength: 1024, hop: 512)),
        augmentations: .preset(for: .sound), steps: 250)
    }
  }

  /// The plan for learning from samples instead of spectra: strided convolutions on 0.85 s at 12 kHz.
  package static var raw: TrainingPlan {
    TrainingPlan(
      features: .raw(RawFeatures(sampleRate: 12_000)), overlap: 0.5,
      encoder: Choice("raw", ["channels": .integer(64)]),
      objective: Choice("cpc", ["stepsAhead": .integer(12)]), steps: 600)
  }

  /// Samples from one window to the next.
  package var windowHop: Int { max(1, Int((Double(features.windowSamples) * (1 - overlap)).rounded())) }

  /// Throws for the first value that cannot be used.
  ///
  /// - Parameters:
  ///   - room: weights that a layer may have; a file cannot hold a larger one than itself.
  ///   - windows: of a file that holds the objective too, the windows that it learnt from: then the room is also for all
  ///     that the objective keeps. Nil where it holds none.
  package func validate(
    room: Int = TrainingPlan.mostWeights, windows: Int? = nil
  ) throws(CPCError) {
    guard version == Self.currentVersion else {
      throw .badSetting(
        name: "plan version", found: "\(version)", expected: "\(Self.currentVersion); update the program")
    }
    try features.features.validate()
    for (name, value, range) in [
      ("contextSize", contextSize, 1...4096), ("batchSize", batchSize, 2...65536),
      ("steps", steps, 1...100_000_000),
      ("warmUpSteps", warmUpSteps, 0...100_000_000), ("threads", threads, 1...1024),
      ("checkpointInterval", checkpointInterval, 1...Int.max),
      ("statisticsInterval", statisticsInterval, 1...Int.max),
    ] where !range.contains(value) {
      throw .badSetting(name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    for (name, value, holds, expected) in [
      ("overlap", overlap, (0..<0.99).contains(overlap), "0 to below 0.99"),
      ("learningRate", learningRate, learningRate > 0 && learningRate.isFinite, "a positive number"),
      ("weightDecay", weightDecay, weightDecay >= 0 && weightDecay.isFinite, "0 or a positive number"),
      ("gradientLimit", gradientLimit, gradientLimit > 0, "a positive number"),
    ] where !holds {
      throw .badSetting(name: name, found: "\(value)", expected: expected)
    }
    try validateSize(room)
    try validateParts(room: windows == nil ? Self.mostWeights : room, windows: windows ?? 0)
  }

  /// Of one layer: half a gigabyte in single precision.
  package static let mostWeights = 1 << 27

  /// Whether the largest layers of encoder and context network are not absurd.
  private func validateSize(_ room: Int) throws(CPCError) {
    let encoder = try Encoders.largestLayer(encoder, inputSize: features.inputSize)
    for (name, weights) in [("encoder", encoder), ("contextSize", 3 * contextSize * contextSize)]
    where weights > room {
      throw .badSetting(name: name, found: "\(weights) weights in a layer", expected: "at most \(room)")
    }
  }

  /// Whether encoder and objective exist, take their settings, and have room and steps enough.
  private func validateParts(room: Int, windows: Int) throws(CPCError) {
    try augmentations.validate()
    let needs = try Objectives.needs(of: objective)
    let model = try RepresentationModel<Float>(self)
    try Objectives.validate(
      objective, room: room,
      sizes: ObjectiveSizes(
        latent: model.latentSize, context: model.contextSize, windows: max(0, min(windows, room))))
    let steps = model.encoder.stepCount(of: features.inputLength)
    guard steps >= needs.steps else {
      throw .badSetting(
        name: "window", found: "\(steps) steps",
        expected: "at least \(needs.steps), which the objective needs")
    }
  }

  /// A fresh objective for a model of this plan.
  package func makeObjective<Scalar: TensorScalar>(
    for model: RepresentationModel<Scalar>
  ) throws(CPCError) -> any Objective<Scalar> {
    var random = RandomSource(seed: seed, path: [RandomPurpose.objective.rawValue])
    return try Objectives.make(
      objective, latentSize: model.latentSize, contextSize: model.contextSize, random: &random,
      as: Scalar.self)
  }
}

// MARK: JSON

extension TrainingPlan {
  /// The plan as JSON with sorted keys: equal plans give equal text.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    // Invariant: a validated plan has finite numbers only, which is all that JSON refuses.
    guard let data = try? encoder.encode(self) else { preconditionFailure("the plan \(self) is not finite") }
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads a plan and validates it. `path` is for messages; the others as in ``validate(room:windows:)``.
  package init(
    json: String, path: String, room: Int = TrainingPlan.mostWeights, windows: Int? = nil
  ) throws(CPCError) {
    do {
      self = try JSONDecoder().decode(TrainingPlan.self, from: Data(json.utf8))
    } catch {
      throw .malformedPlan(path: path, reason: Self.reason(error))
    }
    try validate(room: room, windows: windows)
  }

  private static func reason(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, _): "field '\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "field '\(context.codingPath.map { $0.stringValue }.joined(separator: "."))' has another type than expected"
    case .dataCorrupted(let context): context.debugDescription
    default: "\(error)"
    }
  }
}
