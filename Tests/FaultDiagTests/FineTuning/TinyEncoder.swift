import CPC
import NeuralNet
import SignalIO
import Support

@testable import FaultDiag

/// An encoder of a few weights on windows of 160 samples in two steps of band energies, and inputs whose class shows.
enum TinyEncoder {
  static var plan: TrainingPlan {
    TrainingPlan(
      features: .spectral(
        SpectralFeatures(
          sampleRate: 1000, bands: 4, frameLength: 32, hop: 16, scale: .linear, stack: 2, steps: 5)),
      encoder: Choice("spectral", ["sizes": .integers([12, 6])]), contextSize: 4,
      objective: Choice("cpc", ["stepsAhead": .integer(2)]))
  }

  static func embedder() throws -> CPCEmbedder {
    try CPCEmbedder(plan: plan, model: RepresentationModel<Float>(plan))
  }

  /// The class shifts one input channel a little, the bearing all others more: a random encoder mixes the two, a
  /// tuned one need not.
  static func corpus(bearings: Int = 3, windows: Int = 6, seed: UInt64 = 1) throws -> LabelledCorpus {
    var random = RandomSource(seed: seed)
    let embedder = try embedder()
    let (steps, channels) = (plan.features.inputLength, plan.features.inputSize)
    var (items, inputs): ([SplitItem], [[[Float]]]) = ([], [])
    for (sign, label) in [(1.0, "even"), (-1.0, "odd")] {
      for bearing in 0..<bearings {
        let identity = (0..<channels).map { _ in random.normal() }
        items.append(
          SplitItem(path: "\(label)\(bearing).wav", label: label, bearingID: "\(label)\(bearing)"))
        inputs.append(
          (0..<windows).map { _ in
            (0..<steps).flatMap { _ in
              (0..<channels).map { channel in
                channel == 0
                  ? Float(0.5 * sign + 0.1 * random.normal())
                  : Float(identity[channel] + random.normal())
              }
            }
          })
      }
    }
    var corpus = try LabelledCorpus(
      items: items, embeddings: inputs.map { embedder.embeddings(ofInputs: $0, threads: 1) })
    corpus.material = TuningMaterial(embedder: embedder, inputs: inputs)
    return corpus
  }

  static var settings: FitSettings {
    var settings = SyntheticCorpus.settings
    settings.fineTune = FineTuneSettings()
    settings.fineTune?.steps = 40
    settings.fineTune?.batch = 12
    settings.fineTune?.learningRate = 1e-2
    settings.supcon.reads = .embedding
    return settings
  }
}
