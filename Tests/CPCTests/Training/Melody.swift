import Foundation
import Support

@testable import CPC

/// Recordings with something to predict: tones that follow each other in a fixed order from a random start, in noise.
enum Melody {
  static let pitches = [300.0, 900, 1500, 2100, 2700, 3300]

  /// `count` notes of 128 samples at 8 kHz.
  static func samples(notes count: Int, seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    let start = random.integer(below: pitches.count)
    return (0..<count).flatMap { note in
      let pitch = pitches[(start + note) % pitches.count]
      let phase = random.uniform(in: 0...(2 * .pi))
      return (0..<128).map {
        Float(sin(2 * .pi * pitch * Double($0) / 8000 + phase) + 0.05 * random.normal())
      }
    }
  }

  static func recordings(_ count: Int, notes: Int = 96) -> [TrainingRecording] {
    (0..<count).map {
      TrainingRecording(
        name: "melody \($0)", samples: [samples(notes: notes, seed: UInt64($0) + 100)], sampleRate: 8000)
    }
  }

  /// A plan whose steps are notes.
  static func plan(
    steps: Int = 12, threads: Int = 2, seed: UInt64 = 3, objective: [String: SettingValue] = [:]
  ) -> TrainingPlan {
    TrainingPlan(
      features: .spectral(
        SpectralFeatures(
          sampleRate: 8000, bands: 16, frameLength: 128, hop: 128, scale: .linear, stack: 1, steps: 24)),
      overlap: 0.5, encoder: Choice("spectral", ["sizes": .integers([24, 12])]), contextSize: 16,
      objective: Choice(
        "cpc",
        ["stepsAhead": .integer(3), "negatives": .integer(9)].merging(objective) { _, given in given }),
      batchSize: 8, steps: steps, learningRate: 5e-3, warmUpSteps: 3, seed: seed, threads: threads,
      checkpointInterval: 5, statisticsInterval: 4)
  }
}
