import SignalIO

/// A model that judges recordings window by window; what a ``Diagnoser`` asks of it.
///
/// Two kinds exist: heads fitted to labelled recordings (``FittedJudge``) and the aligned model that knows bearings from
/// simulation (``AlignedJudge``).
package protocol JudgingModel: Sendable {
  /// How recordings are cut; the rate is always given.
  var windowPlan: WindowPlan { get }
  /// Name of the channel to listen to, where training had one.
  var channel: String? { get }
  /// How the lines of ``JudgedWindow/lines`` are made; nil for models that see none.
  var lineSettings: AlignedEnvelopeSettings? { get }
  /// Whether probabilities were checked on recordings that no training saw.
  var isCalibrated: Bool { get }

  /// Begins the judgement of one recording of which `metadata` is known. Where the model knows a healthy state, `alarm`
  /// says when a fault is stated instead.
  func begin(_ metadata: RecordingMetadata, alarm: AlarmRule) -> any Judgement
}

/// The judgement of one recording, growing with its windows in memory that does not.
package protocol Judgement {
  /// Adds the next windows, each of the plan's length; `threads` never changes the result.
  ///
  /// - Returns: one a window, or none where none can be judged.
  mutating func add(_ windows: [[Float]], threads: Int) -> [JudgedWindow]
  /// Nil before any window came.
  func verdict(referenceCount: Int) -> JudgedRecording?
}

/// What a model says of one window alone.
package struct JudgedWindow: Sendable {
  /// `[state]`, in the order of ``JudgedRecording/probabilities``.
  package var probabilities: [Double]
  /// The lines it was judged by, for physics to look at; nil for models that see none.
  package var lines: EnvelopeLines?
}

/// What a model says of one recording.
package struct JudgedRecording: Sendable, Equatable {
  /// Every state the model knows; or the one state ``JudgedRecording/unknown`` with probability 0.
  package var probabilities: [StateProbability]
  package var windows: WindowAgreement
  /// The state that is stated where that is not the most probable one.
  package var stated: String?
  package var references: [ReferenceMatch] = []
  /// The networks' own probabilities, where ``probabilities`` weigh the bearing's lines as well.
  package var learned: [StateProbability] = []
  /// Conformal p-values of each state's probability and of its lines, in the order of ``probabilities``; empty where the
  /// model has no tables.
  package var confidences: [Double] = []
  package var plausibilities: [Double] = []

  /// Whether the lines fit no state that the model knows.
  package var isStrange: Bool {
    plausibilities.max().map { $0 < VerdictCalibration.leastPlausibility } ?? false
  }

  /// States that cannot be excluded at `coverage`, most probable first; nil where the model has no tables.
  package func predictionSet(coverage: Double) -> [String]? {
    guard !confidences.isEmpty, confidences.count == probabilities.count else { return nil }
    let ranked = probabilities.indices.sorted {
      (probabilities[$1].probability, probabilities[$0].state) < (
        probabilities[$0].probability, probabilities[$1].state
      )
    }
    return ranked.enumerated().filter { rank, index in rank == 0 || confidences[index] > 1 - coverage }
      .map { probabilities[$1].state }
  }

  /// The state of a recording that a model cannot judge.
  package static let unknown = "unknown"
}

/// Heads fitted to labelled recordings, on the embeddings of a representation model.
package struct FittedJudge: JudgingModel {
  package var embedder: any WindowEmbedder
  package var heads: DiagnosticHeads
  package var conditions: TrainingConditions

  package init(embedder: any WindowEmbedder, heads: DiagnosticHeads, conditions: TrainingConditions) {
    self.embedder = embedder
    self.heads = heads
    self.conditions = conditions
  }

  package var windowPlan: WindowPlan { embedder.windowPlan }
  package var channel: String? { conditions.channel }
  package var lineSettings: AlignedEnvelopeSettings? { nil }
  package var isCalibrated: Bool { heads.calibrationCount > 0 }

  /// The states are the user's own, and none is known to be healthy: the most probable one is stated.
  package func begin(_ metadata: RecordingMetadata, alarm: AlarmRule) -> any Judgement {
    FittedJudgement(judge: self, pooled: RecordingJudgement(heads: heads))
  }
}

private struct FittedJudgement: Judgement {
  let judge: FittedJudge
  var pooled: RecordingJudgement

  mutating func add(_ windows: [[Float]], threads: Int) -> [JudgedWindow] {
    pooled.add(judge.embedder.embeddings(of: windows, threads: threads))
      .map { JudgedWindow(probabilities: $0) }
  }

  func verdict(referenceCount: Int) -> JudgedRecording? {
    let heads = judge.heads
    return pooled.verdict(referenceCount: referenceCount).map { verdict in
      JudgedRecording(
        probabilities: zip(heads.classes, verdict.probabilities).map {
          StateProbability(state: $0, probability: $1)
        },
        windows: verdict.windows,
        references: verdict.nearest.map {
          ReferenceMatch(
            recording: heads.references.recordings[$0.reference],
            label: heads.classes[heads.references.classes[$0.reference]], distance: $0.distance)
        })
    }
  }
}
