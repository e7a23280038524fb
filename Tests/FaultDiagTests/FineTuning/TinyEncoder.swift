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
      encoder: Choice("spectral", ["sizes": .integers([6, 5])]), contextSize: 4,
      objective: Choice("cpc", ["stepsAhead": .integer(2)]))
  }

  static func embedder() throws -> CPCEmbedder {
    try CPCEmbedder(plan: plan, model: RepresentationModel<Float>(plan))
  }

  /// The class is in the sign of how two input channels go together, the bearing in their means: only a change of
  /// the encoder brings the former to the fore.
  static func corpus(bearings: Int = 3, windows: Int = 6, seed: UInt64 = 1) throws -> LabelledCorpus {
    var random = RandomSource(seed: seed)
    let embedder = try embedder()
    let (steps, channels) = (plan.features.inputLength, plan.features.inputSize)
    var (items, inputs): ([SplitItem], [[[Float]]]) = ([], [])
    for (sign, label) in [(1.0, "even"), (-1.0, "odd")] {
      for bearing in 0..<bearings {
        let identity = (0..<channels).map { _ in 2 * random.normal() }
        items.append(
          SplitItem(path: "\(label)\(bearing).wav", label: label, bearingID: "\(label)\(bearing)"))
        inputs.append(
          (0..<windows).map { _ in
            (0..<steps).flatMap { _ -> [Float] in
              let wave = random.normal()
              return (0..<channels).map { channel in
                let shared = channel == 0 ? wave : channel == 1 ? sign * wave : 0.3 * random.normal()
                return Float(shared + 0.5 * identity[channel])
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
