import NeuralNet
import Support

/// Everything that turns embeddings of windows into a verdict on a recording: both heads, labelled references and
/// calibration.
package struct DiagnosticHeads: Sendable {
  /// Which head decides; the other one still reports.
  package enum Decision: String, Sendable, Codable, CaseIterable {
    /// The linear softmax of the ``SupConClassifier``.
    case supcon
    /// The nearest references of the ``SiameseHead``; for a handful of labels.
    case siamese
  }

  /// Names of the states, ascending.
  package var classes: [String]
  package var classifier: SupConClassifier<Float>
  package var siamese: SiameseHead<Float>
  package var references: SiameseReferences
  package var decision: Decision
  package var calibration = TemperatureCalibration()
  /// Recordings of held-out groups on which the temperature was found; 0 when nothing could be held out.
  package var calibrationCount = 0

  /// Pooled logits of windows that all come from one recording, `[window, E]`.
  package func verdict(embeddings: Tensor<Float>, referenceCount: Int = 3) -> Verdict? {
    var judgement = RecordingJudgement(heads: self)
    judgement.add(embeddings)
    return judgement.verdict(referenceCount: referenceCount)
  }
}

/// What the heads say of one recording.
package struct Verdict: Sendable, Equatable {
  /// Before calibration, one a class.
  package var logits: [Double]
  /// Calibrated, summing to one.
  package var probabilities: [Double]
  /// The most probable class.
  package var state: Int
  package var windows: WindowAgreement
  /// Indices into the references with distances, nearest first.
  package var nearest: [Nearest]

  package struct Nearest: Sendable, Equatable {
    package var reference: Int
    package var distance: Double
  }
}

/// Pools window after window into one verdict, in memory that does not grow with the recording.
///
/// The recording's logits are the mean of its windows' logits: the product of their likelihoods to the power of one over
/// their number, so that many dependent windows do not pile up false certainty. Its position among the references is
/// the mean of its windows' positions.
package struct RecordingJudgement: Sendable {
  private let heads: DiagnosticHeads
  private var logitSums: [Double]
  private var positionSums: [Double]
  /// Windows that choose each class by themselves.
  private var votes: [Int]
  package private(set) var windowCount = 0

  package init(heads: DiagnosticHeads) {
    self.heads = heads
    logitSums = [Double](repeating: 0, count: heads.classes.count)
    votes = [Int](repeating: 0, count: heads.classes.count)
    positionSums = [Double](repeating: 0, count: heads.references.positions.shape[1])
  }

  /// Adds windows by their embeddings `[window, E]`.
  ///
  /// - Returns: the calibrated probabilities of each window alone, `[window][class]`.
  @discardableResult
  package mutating func add(_ embeddings: Tensor<Float>) -> [[Double]] {
    guard embeddings.shape[0] > 0 else { return [] }
    var probabilities: [[Double]] = []
    let positions = heads.siamese.positions(embeddings)
    let logits = heads.decision == .supcon ? heads.classifier.logits(embeddings) : nil
    for row in 0..<embeddings.shape[0] {
      let position = positions.item(row).storage
      let own: [Double]
      if let logits {
        own = logits.item(row).storage.map { Double($0) }
      } else {
        own = heads.references.logits(of: position, classCount: votes.count)
      }
      for c in own.indices { logitSums[c] += own[c] }
      for i in position.indices { positionSums[i] += Double(position[i]) }
      votes[Self.largest(own)] += 1
      windowCount += 1
      probabilities.append(heads.calibration.probabilities(own))
    }
    return probabilities
  }

  /// Nil before any window came.
  package func verdict(referenceCount: Int) -> Verdict? {
    guard windowCount > 0 else { return nil }
    let logits = logitSums.map { $0 / Double(windowCount) }
    let probabilities = heads.calibration.probabilities(logits)
    let state = Self.largest(probabilities)
    let position = positionSums.map { Float($0 / Double(windowCount)) }
    return Verdict(
      logits: logits, probabilities: probabilities, state: state,
      windows: WindowAgreement(agreeing: votes[state], total: windowCount),
      nearest: heads.references.nearest(to: position, count: referenceCount).map {
        .init(reference: $0.index, distance: $0.distance)
      })
  }

  /// The first of the largest.
  static func largest(_ values: [Double]) -> Int {
    values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
  }
}
