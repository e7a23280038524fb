import SignalIO

/// Protocol P2: what was learnt on one HIT-SM test rig, asked about the other.
///
/// Two rigs, each with a normal bearing and inner- and outer-race faults of three sizes at 600 and 1200 revolutions a
/// minute; one figure a recording. The level differs a hundredfold between files, so features must not depend on it:
/// aligned envelopes do not.
package struct RigTransfer: Sendable {
  package enum Rig: String, Sendable, Codable, CaseIterable {
    case selfbuilt, spectraquest

    /// What is trained on when this rig is the test.
    package var other: Rig { self == .selfbuilt ? .spectraquest : .selfbuilt }
  }

  /// What a method reached on the recordings of one rig.
  package struct Figures: Sendable, Equatable, Codable {
    package var rig: Rig
    /// One-vs-rest areas of inner and outer race, of the recordings' scores.
    package var macroAuroc: Double
    /// Over normal, inner and outer race; nil for a rule that ranks and does not decide.
    package var balancedAccuracy: Double?
    /// Recordings that were given another state than theirs.
    package var mistakes: [String]
  }

  package let corpora: [Rig: AlignedCorpus]
  /// In the order of the corpus.
  private let recordings: [Rig: [FoundRecording]]

  /// The rigs' recordings as an aligned model hears them.
  ///
  /// - `folder`: holds `hit_sm/<rig>/*.mat` and `INDEX.csv`, whose labels and speeds are used. The bearing is a
  ///   6205 on both (on the self-built one it is assumed; its envelope spectra agree).
  package init(folder: String, model: AlignedModel, threads: Int) throws(FaultDiagError) {
    var corpora: [Rig: AlignedCorpus] = [:]
    var recordings: [Rig: [FoundRecording]] = [:]
    for rig in Rig.allCases {
      let root = "\(folder)/hit_sm/\(rig.rawValue)"
      var options = RecordingCollection.Options(labelTable: "\(folder)/INDEX.csv")
      options.flags.bearing = Sourced("6205", from: .flag("protocol P2"))
      let found: RecordingCollection
      do throws(SignalIOError) { found = try .discover(roots: [root], options: options) } catch {
        throw .recording(error)
      }
      let corpus = try AlignedCorpus(found.recordings, for: model, threads: threads)
      guard corpus.items.count == 14 else {
        throw .protocolData(
          path: root, found: "\(corpus.items.count) usable recordings",
          expected: "14: 2 normal, 6 inner, 6 outer")
      }
      corpora[rig] = corpus
      recordings[rig] = found.recordings
    }
    self.corpora = corpora
    self.recordings = recordings
  }

  /// An aligned model on the recordings of `rig`.
  package func figures(of model: AlignedModel, on rig: Rig) -> Figures {
    figures(on: rig) { corpus, recording in
      let logits = model.recordingLogits(corpus.features[recording])
      let state = AlarmRule().stated(model.probabilities(logits: logits), healthy: AlignedModel.healthy)
      return (logits, state)
    }
  }

  /// A model adapted to the other rig as `fit` does it, on the recordings of `rig`.
  package func figures(of adaptation: AlignedAdaptation, on rig: Rig) throws(FaultDiagError) -> Figures {
    guard let training = corpora[rig.other] else { preconditionFailure("a rig without recordings") }
    return figures(of: try adaptation.fitted(to: training).model, on: rig)
  }

  /// The training-free rule (`LineScores`), averaged over a recording's seconds.
  package func lineRule(on rig: Rig) throws(FaultDiagError) -> Figures {
    guard let corpus = corpora[rig], let recordings = recordings[rig] else {
      preconditionFailure("a rig without recordings")
    }
    var scores: [[Double]] = []
    for recording in recordings {
      do throws(SignalIOError) {
        scores.append(try Self.lineScores(recording, families: corpus.envelope.families))
      } catch {
        throw .recording(error)
      }
    }
    var figures = figures(on: rig) { (scores[$1], RecordingJudgement.largest(scores[$1]) + 1) }
    // Without a threshold the rule never says normal: its accuracy means nothing.
    (figures.balancedAccuracy, figures.mistakes) = (nil, [])
    return figures
  }

  private static func lineScores(
    _ recording: FoundRecording, families: [FaultFamily]
  ) throws(SignalIOError) -> [Double] {
    let envelope = try AlignedEnvelope()
    let source = try recording.open()
    guard let machine = KnownMachine(source.metadata) else { return families.map { _ in 0 } }
    let plan = WindowPlan(length: envelope.settings.frameCount, sampleRate: envelope.settings.sampleRate)
    let windows = try source.windows(plan, channels: [0])
    var sums = families.map { _ in 0.0 }
    while let window = try windows.next() {
      let found = LineScores(
        envelope.lines(of: window.samples[0], shaftHz: machine.shaftHz), orders: machine.orders,
        families: families)
      for (place, family) in families.enumerated() { sums[place] += found[family]?.score ?? 0 }
    }
    return sums
  }

  /// - Parameter judge: the scores by family and the state of one recording.
  private func figures(
    on rig: Rig, judge: (AlignedCorpus, Int) -> (scores: [Double], state: Int)
  ) -> Figures {
    guard let corpus = corpora[rig] else { preconditionFailure("a rig without recordings") }
    let judged = corpus.items.indices.map { judge(corpus, $0) }
    let places = [FaultFamily.inner, .outer].compactMap { corpus.envelope.families.firstIndex(of: $0) }
    let areas = MacroAUROC(
      scores: judged.map { row in places.map { row.scores[$0] } },
      truth: corpus.states.map { state in places.map { $0 + 1 == state } })
    let confusion = ConfusionMatrix(
      classes: corpus.classes, truth: corpus.states, predicted: judged.map(\.state))
    return Figures(
      rig: rig, macroAuroc: areas.macro ?? 0.5, balancedAccuracy: confusion.balancedAccuracy,
      mistakes: corpus.items.indices.filter { judged[$0].state != corpus.states[$0] }.map {
        "\(FilePath.name(of: corpus.items[$0].path)) as \(corpus.classes[judged[$0].state])"
      })
  }
}
