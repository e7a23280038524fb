import NeuralNet
import Support

@testable import FaultDiag

/// Embeddings whose answer is known: a class moves the first coordinates, a bearing the others, a window everything
/// a little.
enum SyntheticCorpus {
  static let classes = ["inner", "normal", "outer"]

  static func make(
    bearings: Int, recordings: Int = 2, windows: Int = 8, separation: Double = 3, seed: UInt64 = 1
  ) throws -> LabelledCorpus {
    var random = RandomSource(seed: seed)
    var (items, embeddings): ([SplitItem], [Tensor<Float>]) = ([], [])
    for (c, label) in classes.enumerated() {
      for bearing in 0..<bearings {
        let identity = (0..<6).map { _ in random.normal() }
        for recording in 0..<recordings {
          items.append(
            SplitItem(
              path: "\(label)\(bearing)_\(recording).wav", label: label, bearingID: "\(label)\(bearing)"))
          var storage: [Float] = []
          for _ in 0..<windows {
            for channel in 0..<6 {
              let mean = channel == c ? separation : 0
              let own = channel < 3 ? 0.3 * identity[channel] : 3 * identity[channel]
              storage.append(Float(mean + own + 0.3 * random.normal()))
            }
          }
          embeddings.append(Tensor(storage, shape: [windows, 6]))
        }
      }
    }
    return try LabelledCorpus(items: items, embeddings: embeddings)
  }

  /// Small heads that train in a blink.
  static var settings: FitSettings {
    var settings = FitSettings()
    settings.supcon.hiddenSize = 16
    settings.supcon.projectionSize = 8
    settings.supcon.batch = 16
    settings.supcon.contrastiveSteps = 60
    settings.supcon.classifierSteps = 80
    settings.supcon.classifierBatch = 32
    settings.supcon.classifierRate = 2e-2
    settings.supcon.contrastiveRate = 5e-3
    settings.siamese.hiddenSize = 16
    settings.siamese.projectionSize = 4
    settings.siamese.batch = 32
    settings.siamese.steps = 80
    settings.siamese.rate = 5e-3
    return settings
  }
}
