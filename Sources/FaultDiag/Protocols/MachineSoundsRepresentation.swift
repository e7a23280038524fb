import CPC
import NeuralNet
import SignalIO

extension MachineSounds {
  /// How strange an embedding of a clip is among those of its machine's training clips.
  package struct EmbeddingScore: Sendable, Equatable {
    package var isAbnormal: Bool
    package var strangeness: Double
  }

  /// A fold's training clips, to learn a representation from. They carry no label: that all are normal is no class.
  package static func recordings(_ fold: Fold) -> [TrainingRecording] {
    fold.training.map { clip in
      TrainingRecording(name: clip.path) { () throws(SignalIOError) in
        var opened = TrainingRecording.Opened(try source(clip))
        opened.label = nil
        return opened
      }
    }
  }

  /// Judges a fold's test clips by any encoder: the mean embedding of a clip's windows, compared with the nearest of its
  /// machine's training clips, see ``HealthyRange``.
  ///
  /// One measure for all encoders; ``scores(_:settings:seed:threads:progress:)`` combines more and needs predictions.
  package static func embeddingScores(
    _ fold: Fold, embedder: CPCEmbedder, threads: Int
  ) throws(FaultDiagError) -> [EmbeddingScore] {
    var healthy: [String: [[Float]]] = [:]
    for clip in fold.training {
      healthy[clip.machine, default: []].append(try meanEmbedding(clip, embedder, threads))
    }
    let ranges = healthy.mapValues { HealthyRange($0, measure: .nearest) }
    var result: [EmbeddingScore] = []
    for clip in fold.test {
      guard let range = ranges[clip.machine] else { continue }
      result.append(
        EmbeddingScore(
          isAbnormal: clip.isAbnormal,
          strangeness: range.strangeness(try meanEmbedding(clip, embedder, threads))))
    }
    return result
  }

  /// Area under the curve of pooled scores; nil without normal or abnormal clips.
  package static func areas(_ scores: [EmbeddingScore]) -> Areas? {
    Areas(scores.map(\.strangeness), isAbnormal: scores.map(\.isAbnormal))
  }

  private static func meanEmbedding(
    _ clip: Clip, _ embedder: CPCEmbedder, _ threads: Int
  ) throws(FaultDiagError) -> [Float] {
    let opened: RecordingSource
    do throws(SignalIOError) { opened = try source(clip) } catch { throw .recording(error) }
    let windows = try EmbeddedRecording(opened, embedder: embedder, threads: threads).embeddings
    return windows.columnSums.storage.map { $0 / Float(windows.shape[0]) }
  }
}
