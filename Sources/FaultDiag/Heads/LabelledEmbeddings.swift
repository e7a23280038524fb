import NeuralNet
import Support

/// Pooled embeddings of labelled windows, what the heads are trained on.
package struct LabelledEmbeddings: Sendable {
  /// `[window, channel]`.
  package var embeddings: Tensor<Float>
  /// Class index of each window.
  package var classes: [Int]
  /// Which recording each window is from; equal numbers mean the same recording.
  package var recordings: [Int]

  package init(embeddings: Tensor<Float>, classes: [Int], recordings: [Int]) {
    precondition(
      embeddings.rank == 2 && embeddings.shape[0] == classes.count && classes.count == recordings.count,
      "embeddings \(embeddings.shape) with \(classes.count) classes and \(recordings.count) recordings do not match"
    )
    self.embeddings = embeddings
    self.classes = classes
    self.recordings = recordings
  }

  package var count: Int { classes.count }
  package var size: Int { embeddings.shape[1] }

  /// The rows of these recordings.
  package func restricted(to kept: Set<Int>) -> LabelledEmbeddings {
    let rows = recordings.indices.filter { kept.contains(recordings[$0]) }
    return LabelledEmbeddings(
      embeddings: embeddings.gathering(rows), classes: rows.map { classes[$0] },
      recordings: rows.map { recordings[$0] })
  }
}

/// Draws windows so that classes come equally often, and within a class its recordings.
///
/// A class recorded for hours must not drown one recorded for seconds.
package struct BalancedSampler: Sendable {
  /// Rows by class, then by recording, both in ascending order.
  private let rows: [[[Int]]]

  package init(classes: [Int], recordings: [Int]) {
    var table: [Int: [Int: [Int]]] = [:]
    for row in classes.indices { table[classes[row], default: [:]][recordings[row], default: []].append(row) }
    rows = table.keys.sorted().map { key in
      let byRecording = table[key]!
      return byRecording.keys.sorted().map { byRecording[$0]! }
    }
  }

  /// `views` rows of one recording, distinct while the recording has that many.
  package func draw(views: Int, _ random: inout RandomSource) -> [Int] {
    let ofClass = rows[random.integer(below: rows.count)]
    var pool = ofClass[random.integer(below: ofClass.count)]
    return (0..<views).map { view in
      let available = max(pool.count - view, 1)
      let pick = random.integer(below: available)
      let row = pool[pick]
      pool.swapAt(pick, available - 1)
      return row
    }
  }
}
