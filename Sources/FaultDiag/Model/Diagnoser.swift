import SignalIO

/// Listens to one recording at a time and says what is wrong with it.
///
/// The recording is read once, as a stream: the same samples pass the quality gate, the model's windows and the search
/// for the bearing's lines. Its beginning is held back until the shaft speed has been looked for in it. Memory is that
/// beginning and a batch of windows, however long the recording is.
package struct Diagnoser: Sendable {
  package var model: any JudgingModel
  package var identity: ModelIdentity
  package var threads: Int
  package var speedFinder = SpeedFinder()
  package var referenceCount = 3
  /// When a fault is stated.
  package var alarm = AlarmRule()
  /// Of prediction sets, in 0...1.
  package var coverage = 0.9

  /// Windows judged together: enough to fill threads, few enough to bound memory.
  static let batch = 32

  package init(model: any JudgingModel, identity: ModelIdentity, threads: Int) {
    self.model = model
    self.identity = identity
    self.threads = threads
  }

  /// Opens and diagnoses the recording at `path`; `-` is standard input.
  ///
  /// - `flags`: metadata from the command line; wins over everything.
  /// - `root`: no folder settings above it count; nil for no limit.
  package func diagnose(
    path: String, flags: RecordingMetadata = RecordingMetadata(), options: ReadOptions = ReadOptions(),
    root: String? = nil
  ) throws(FaultDiagError) -> Diagnosis {
    let source: RecordingSource
    do throws(SignalIOError) {
      source = try RecordingSource.open(path: path, flags: flags, options: options, root: root)
    } catch {
      throw .recording(error)
    }
    return try diagnose(source)
  }

  /// Diagnoses an opened recording; its stream is read to the end.
  ///
  /// - Throws: ``FaultDiagError/recording(_:)`` for what cannot be read or is shorter than one window, and
  ///   ``FaultDiagError/noFiniteWindow(path:windows:)``.
  package func diagnose(_ source: RecordingSource) throws(FaultDiagError) -> Diagnosis {
    var source = source
    let result: Result<Diagnosis, FaultDiagError>
    do throws(SignalIOError) {
      let tacho = try TachoChoice(source)
      let choice = ChannelChoice(source.info.channels, trained: model.channel, tacho: tacho.index)
      let head = try source.readAhead(
        frames: SpeedFinder.headFrames(channels: choice.count, sampleRate: source.sampleRate))
      var speed = speedFinder.find(
        source.metadata, samples: head[choice.index],
        tacho: tacho.index.map { (source.info.channels[$0].name, head[$0]) }, sampleRate: source.sampleRate)
      speed.warnings += tacho.warnings
      result = try listen(to: source, choice, speed)
    } catch {
      throw .recording(error)
    }
    return try result.get()
  }

  /// Reads the windows to the end; the result's failure is what the recording as a whole lacks.
  private func listen(
    to source: RecordingSource, _ choice: ChannelChoice, _ speed: SpeedFinder.Finding
  ) throws(SignalIOError) -> Result<Diagnosis, FaultDiagError> {
    var metadata = source.metadata
    metadata.speed = speed.sourced
    var listening = Listening(diagnoser: self, metadata: metadata)
    let scan = SignalQualityScan(channelNames: [choice.name], sampleRate: source.sampleRate)
    let windows = try source.windows(model.windowPlan, channels: [choice.index], quality: scan)
    while let window = try windows.next() { listening.hear(window) }
    let seconds = Double(windows.nativeFramesRead) / source.sampleRate
    listening.flush()
    guard let verdict = listening.judgement.verdict(referenceCount: referenceCount) else {
      return .failure(.noFiniteWindow(path: source.path, windows: listening.windowCount))
    }
    let heard = Heard(
      source: source, metadata: metadata, choice: choice, speed: speed, seconds: seconds,
      listening: listening,
      verdict: verdict, quality: scan.finish())
    return .success(diagnosis(heard))
  }

  /// Everything that one pass over a recording brought to light.
  private struct Heard {
    let source: RecordingSource
    /// With the speed that was found.
    let metadata: RecordingMetadata
    let choice: ChannelChoice
    let speed: SpeedFinder.Finding
    let seconds: Double
    let listening: Listening
    let verdict: JudgedRecording
    let quality: SignalQuality
  }

  private func diagnosis(_ heard: Heard) -> Diagnosis {
    let (source, verdict) = (heard.source, heard.verdict)
    let modelRate = model.windowPlan.sampleRate ?? source.sampleRate
    var diagnosis = Diagnosis(
      recording: DiagnosedRecording(
        path: source.path, format: source.info.format, channel: heard.choice.name,
        channelCount: heard.choice.count, sampleRate: source.sampleRate, seconds: heard.seconds),
      probabilities: verdict.probabilities, windows: verdict.windows, references: verdict.references,
      evidence: heard.listening.examination.evidenceFindings,
      quality: heard.quality.findings.map { QualityNote(kind: $0.kind.rawValue, message: "\($0)") },
      metadata: MetadataEntry.entries(heard.metadata, speed: heard.speed.speed), model: identity,
      resampling: modelRate == source.sampleRate
        ? nil : ResamplingNote(from: source.sampleRate, to: modelRate))
    diagnosis.windowScores = heard.listening.trace.scores(
      states: verdict.probabilities.map(\.state), plan: model.windowPlan, sampleRate: modelRate)
    addJudgement(verdict, to: &diagnosis)
    diagnosis.speed = heard.speed.speed
    diagnosis.blind = heard.listening.examination.blindFindings
    diagnosis.warnings =
      dataWarnings(heard) + verdictWarnings(diagnosis, heard.verdict) + heard.speed.warnings
      + evidenceWarnings(diagnosis, heard.listening.examination)
    return diagnosis
  }

  /// What a model says besides its probabilities.
  private func addJudgement(_ verdict: JudgedRecording, to diagnosis: inout Diagnosis) {
    if let stated = verdict.stated { diagnosis.state(stated) }
    if !verdict.learned.isEmpty {
      diagnosis.learned = verdict.learned.sorted {
        ($1.probability, $0.state) < ($0.probability, $1.state)
      }
    }
    diagnosis.predictionSet = verdict.predictionSet(coverage: coverage).map {
      PredictionSet(coverage: coverage, states: $0)
    }
    guard !verdict.plausibilities.isEmpty else { return }
    diagnosis.plausibility = zip(verdict.probabilities, verdict.plausibilities).map {
      StateProbability(state: $0.state, probability: $1)
    }
    if verdict.isStrange { diagnosis.withholdState() }
  }

  private func dataWarnings(_ heard: Heard) -> [DiagnosisWarning] {
    let (source, listening) = (heard.source, heard.listening)
    var warnings = source.warnings.map { DiagnosisWarning.ingest($0) }
    warnings += source.stream.warnings.map { DiagnosisWarning.reader($0) }
    if let worst = heard.quality.findings.first(where: { $0.severity == .unusable }) {
      warnings.append(.unusable(worst))
    }
    if !heard.choice.isCertain { warnings.append(.otherChannels(heard.choice, trained: model.channel)) }
    if let rate = model.windowPlan.sampleRate, source.sampleRate < 0.99 * rate {
      warnings.append(.lowRate(native: source.sampleRate, model: rate))
    }
    if listening.skipped > 0 {
      warnings.append(.skippedWindows(listening.skipped, of: listening.windowCount))
    }
    if heard.verdict.windows.total < 3 { warnings.append(.fewWindows(heard.verdict.windows.total)) }
    if !model.isCalibrated { warnings.append(.uncalibrated) }
    return warnings
  }

  /// What keeps a fault from being stated.
  private func verdictWarnings(_ diagnosis: Diagnosis, _ verdict: JudgedRecording) -> [DiagnosisWarning] {
    if verdict.isStrange { return [.strangeLines] }
    return diagnosis.suspected.map { [.suspected($0, healthy: diagnosis.probability, alarm: alarm)] } ?? []
  }

  /// Where learned verdict and physics disagree, or physics could not be asked.
  private func evidenceWarnings(_ diagnosis: Diagnosis, _ examination: Examination) -> [DiagnosisWarning] {
    guard !diagnosis.evidence.isEmpty else {
      // A missing speed was told with its reason already.
      if diagnosis.speed == nil { return examination.obstacle.map { [$0] } ?? [] }
      return [examination.obstacle ?? .noEvidence(seconds: diagnosis.recording.seconds)]
    }
    return DiagnosisWarning.disagreement(of: diagnosis.state, with: diagnosis.evidence).map { [$0] } ?? []
  }
}

/// Which channel of a recording pulses with the shaft: the one that is stated, else one that is called so.
struct TachoChoice {
  let index: Int?
  private(set) var warnings: [DiagnosisWarning] = []

  /// Throws ``SignalIOError/noSuchChannel(path:wanted:available:)`` for a flag that names no channel. A side-car may
  /// name one that was not asked for with `--channel`: that is a warning.
  init(_ source: RecordingSource) throws(SignalIOError) {
    let channels = source.info.channels
    guard let stated = source.metadata.tacho else {
      index = TachometerChannel.index(in: channels)
      return
    }
    do throws(SignalIOError) {
      index = try ChannelSelection.indices(
        of: [stated.value], in: channels.map { $0.name }, path: source.path
      ).first
    } catch {
      if case .flag = stated.source { throw error }
      index = nil
      warnings = [.missingTacho(stated.value)]
    }
  }
}
