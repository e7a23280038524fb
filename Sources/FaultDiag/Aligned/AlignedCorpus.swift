import SignalIO

/// Labelled recordings of known machines as an ``AlignedModel`` hears them.
package struct AlignedCorpus: Sendable {
  package let envelope: AlignedEnvelopeSettings
  /// One a recording, in a fixed order; labels are the model's states, whatever words the recordings were filed under.
  package private(set) var items: [SplitItem] = []
  /// Of each recording: 0 for normal, else 1 + the place of its family.
  package private(set) var states: [Int] = []
  /// `[recording][window][family, band, position]`.
  package private(set) var features: [[[Float]]] = []
  package private(set) var conditions: TrainingConditions

  /// Windows of one recording that are learnt from: enough to know it, few enough that a long one outweighs no other.
  static let windowLimit = 24

  package init(envelope: AlignedEnvelopeSettings, channel: String? = nil) {
    self.envelope = envelope
    conditions = TrainingConditions(channel: channel)
  }

  /// The states that a recording may be labelled with.
  package var classes: [String] { AlignedModel.states(of: envelope) }

  /// Adds a recording with its windows' aligned envelopes.
  package mutating func add(_ item: SplitItem, state: Int, features windows: [[Float]], sampleRate: Double) {
    precondition(classes.indices.contains(state), "state \(state) of \(classes.count)")
    precondition(!windows.isEmpty, "a recording without windows")
    var item = item
    item.label = classes[state]
    items.append(item)
    states.append(state)
    features.append(windows)
    conditions.recordings = items.count
    conditions.sampleRates = Set(conditions.sampleRates + [sampleRate]).sorted()
  }

  /// The windows of some recordings with their truth.
  package func examples(of recordings: [Int]) -> AlignedExamples {
    let targets = recordings.flatMap { recording in
      features[recording].map { _ in
        envelope.families.indices.map { Float($0 + 1 == states[recording] ? 1 : 0) }
      }
    }
    return AlignedExamples(
      settings: envelope, features: recordings.flatMap { features[$0] }, targets: targets)
  }

  /// The state that a label means, as people file recordings.
  ///
  /// - Throws: ``FaultDiagError/noBearingState(path:label:states:)`` for labels that name no state of a bearing, or one
  ///   that the model does not judge.
  static func state(
    of label: String, envelope: AlignedEnvelopeSettings, path: String
  ) throws(FaultDiagError) -> Int {
    if HealthyNames.contains(label) { return 0 }
    guard let family = FaultFamily.named(in: label), let place = envelope.families.firstIndex(of: family)
    else {
      throw .noBearingState(path: path, label: label, states: AlignedModel.states(of: envelope))
    }
    return place + 1
  }
}

// MARK: - From recordings

extension AlignedCorpus {
  /// Hears the labelled ones among `recordings`. One that cannot be used is left out with an event.
  ///
  /// - Throws: ``FaultDiagError/noLabels(found:example:)``, and ``FaultDiagError/nothingToAdapt(found:first:)`` where
  ///   every labelled recording was left out.
  package init(
    _ recordings: [FoundRecording], for model: AlignedModel, options: ReadOptions = ReadOptions(),
    threads: Int,
    progress: (Fitter.Event) -> Void = { _ in }
  ) throws(FaultDiagError) {
    self.init(envelope: model.plan.envelope, channel: model.fitted?.conditions.channel)
    var firstReason: FaultDiagError?
    var labelled = 0
    for (index, recording) in recordings.enumerated() {
      do throws(FaultDiagError) {
        guard let label = recording.label else { continue }
        labelled += 1
        let state = try Self.state(of: label, envelope: envelope, path: recording.path)
        let windows = try hear(recording, state: state, model: model, options: options, threads: threads)
        progress(
          .embedded(path: recording.path, windows: windows, done: index + 1, of: recordings.count))
      } catch {
        firstReason = firstReason ?? error
        progress(.skipped(path: recording.path, reason: error))
      }
    }
    guard items.isEmpty else { return }
    guard let firstReason else {
      throw .noLabels(found: recordings.count, example: recordings.first?.path)
    }
    throw .nothingToAdapt(found: labelled, first: "\(firstReason)")
  }

  /// Adds one recording; returns the number of its windows.
  private mutating func hear(
    _ recording: FoundRecording, state: Int, model: AlignedModel, options: ReadOptions, threads: Int
  ) throws(FaultDiagError) -> Int {
    let source: RecordingSource
    do throws(SignalIOError) { source = try recording.open(options: options) } catch {
      throw .recording(error)
    }
    guard let machine = KnownMachine(source.metadata) else {
      throw .unknownMachine(
        path: recording.path, hasSpeed: source.metadata.speed != nil,
        hasBearing: source.metadata.geometry != nil || source.metadata.bearing != nil)
    }
    let choice = ChannelChoice(source.info.channels, trained: conditions.channel)
    var kept = ThinnedWindows<[Float]>(limit: Self.windowLimit)
    var skipped = 0
    do throws(SignalIOError) {
      let windows = try source.windows(AlignedJudge(model).windowPlan, channels: [choice.index])
      while let window = try windows.next() {
        if window.isFinite { kept.offer { window.samples[0] } } else { skipped += 1 }
      }
    } catch {
      throw .recording(error)
    }
    guard !kept.kept.isEmpty else { throw .noFiniteWindow(path: recording.path, windows: skipped) }
    // The first recording decides which channel is meant in the others.
    if conditions.channel == nil, choice.count > 1 { conditions.channel = choice.name }
    let metadata = source.metadata
    add(
      SplitItem(
        path: recording.path, label: "", bearingID: metadata.bearingID?.value,
        machine: metadata.machine?.value),
      state: state, features: model.features(of: kept.kept, machine: machine, threads: threads),
      sampleRate: source.sampleRate)
    return kept.kept.count
  }
}
