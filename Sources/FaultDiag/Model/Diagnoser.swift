import NeuralNet
import SignalIO

/// Listens to one recording at a time and says what is wrong with it.
///
/// The recording is read once, as a stream: the same samples pass the quality gate, the model's windows and the search
/// for the bearing's lines. Memory is a batch of windows, however long the recording is.
package struct Diagnoser: Sendable {
  package var model: any JudgingModel
  package var identity: ModelIdentity
  package var threads: Int
  package var referenceCount = 3

  /// Windows judged together: enough to fill threads, few enough to bound memory.
  static let batch = 32

  package init(model: any JudgingModel, identity: ModelIdentity, threads: Int) {
    self.model = model
    self.identity = identity
    self.threads = threads
  }

  /// Opens and diagnoses the recording at `path`; `-` is standard input.
  ///
  /// - Parameters:
  ///   - flags: metadata from the command line; wins over everything.
  ///   - root: no folder settings above it count; nil for no limit.
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
    let choice = ChannelChoice(source.info.channels, trained: model.channel)
    var listening = Listening(diagnoser: self, metadata: source.metadata)
    let scan = SignalQualityScan(channelNames: [choice.name], sampleRate: source.sampleRate)
    let seconds: Double
    do throws(SignalIOError) {
      let windows = try source.windows(model.windowPlan, channels: [choice.index], quality: scan)
      while let window = try windows.next() { listening.hear(window) }
      seconds = Double(windows.nativeFramesRead) / source.sampleRate
    } catch {
      throw .recording(error)
    }
    listening.flush()
    guard let verdict = listening.judgement.verdict(referenceCount: referenceCount) else {
      throw .noFiniteWindow(path: source.path, windows: listening.windowCount)
    }
    return diagnosis(source, choice, seconds, listening, verdict, quality: scan.finish())
  }

  private func diagnosis(
    _ source: RecordingSource, _ choice: ChannelChoice, _ seconds: Double, _ listening: Listening,
    _ verdict: JudgedRecording, quality: SignalQuality
  ) -> Diagnosis {
    let modelRate = model.windowPlan.sampleRate ?? source.sampleRate
    let evidence = listening.examination.evidence?.findings() ?? []
    var diagnosis = Diagnosis(
      recording: DiagnosedRecording(
        path: source.path, format: source.info.format, channel: choice.name, channelCount: choice.count,
        sampleRate: source.sampleRate, seconds: seconds),
      probabilities: verdict.probabilities, windows: verdict.windows, references: verdict.references,
      evidence: evidence,
      quality: quality.findings.map { QualityNote(kind: $0.kind.rawValue, message: "\($0)") },
      metadata: MetadataEntry.entries(source.metadata), model: identity,
      resampling: modelRate == source.sampleRate
        ? nil : ResamplingNote(from: source.sampleRate, to: modelRate))
    diagnosis.warnings =
      dataWarnings(source, choice, quality, listening, verdict)
      + evidenceWarnings(diagnosis, listening.examination, seconds: seconds)
    return diagnosis
  }

  private func dataWarnings(
    _ source: RecordingSource, _ choice: ChannelChoice, _ quality: SignalQuality, _ listening: Listening,
    _ verdict: JudgedRecording
  ) -> [DiagnosisWarning] {
    var warnings = source.warnings.map { DiagnosisWarning.ingest($0) }
    warnings += source.stream.warnings.map { DiagnosisWarning.reader($0) }
    if let worst = quality.findings.first(where: { $0.severity == .unusable }) {
      warnings.append(.unusable(worst))
    }
    if !choice.isCertain { warnings.append(.otherChannels(choice, trained: model.channel)) }
    if let rate = model.windowPlan.sampleRate, source.sampleRate < 0.99 * rate {
      warnings.append(.lowRate(native: source.sampleRate, model: rate))
    }
    if listening.skipped > 0 {
      warnings.append(.skippedWindows(listening.skipped, of: listening.windowCount))
    }
    if verdict.windows.total < 3 { warnings.append(.fewWindows(verdict.windows.total)) }
    if !model.isCalibrated { warnings.append(.uncalibrated) }
    return warnings
  }

  /// Where learned verdict and physics disagree, or physics could not be asked.
  private func evidenceWarnings(
    _ diagnosis: Diagnosis, _ examination: Examination, seconds: Double
  ) -> [DiagnosisWarning] {
    guard !diagnosis.evidence.isEmpty else {
      return [examination.obstacle ?? .noEvidence(seconds: seconds)]
    }
    return DiagnosisWarning.disagreement(of: diagnosis.state, with: diagnosis.evidence).map { [$0] } ?? []
  }
}

/// Whether a recording's metadata allow a search for the bearing's lines.
struct Examination {
  var evidence: BearingEvidence?
  /// Why there is no search.
  let obstacle: DiagnosisWarning?

  init(_ metadata: RecordingMetadata, plan: WindowPlan) {
    var orders = metadata.geometry?.value.faultOrders
    var problem: DiagnosisWarning? = orders == nil ? .noBearing : nil
    if orders == nil, let name = metadata.bearing?.value {
      do throws(SignalIOError) {
        orders = try BearingCatalogue.entry(named: name).orders
        problem = nil
      } catch {
        problem = .unknownBearing(error)
      }
    }
    guard let orders, let speed = metadata.speed?.value, let rate = plan.sampleRate else {
      obstacle = problem ?? .noSpeed
      return
    }
    evidence = BearingEvidence(sampleRate: rate, shaftHz: speed / 60, orders: orders)
    obstacle = nil
  }
}

/// The state of one pass over a recording.
private struct Listening {
  let diagnoser: Diagnoser
  var examination: Examination
  var judgement: any Judgement
  private var waiting: [[Float]] = []
  private(set) var windowCount = 0
  private(set) var skipped = 0

  init(diagnoser: Diagnoser, metadata: RecordingMetadata) {
    self.diagnoser = diagnoser
    examination = Examination(metadata, plan: diagnoser.model.windowPlan)
    judgement = diagnoser.model.begin(metadata)
  }

  mutating func hear(_ window: Window) {
    windowCount += 1
    examine(window)
    guard window.isFinite else {
      skipped += 1
      return
    }
    waiting.append(window.samples[0])
    if waiting.count == Diagnoser.batch { flush() }
  }

  mutating func flush() {
    guard !waiting.isEmpty else { return }
    judgement.add(waiting, threads: diagnoser.threads)
    waiting.removeAll(keepingCapacity: true)
  }

  /// Hands on the samples that no window before this one had, so that the evidence hears each once and in order.
  private mutating func examine(_ window: Window) {
    guard examination.evidence != nil else { return }
    let plan = diagnoser.model.windowPlan
    let fresh = window.index == 0 ? 0 : max(0, plan.length - plan.hop)
    if plan.hop > plan.length { examination.evidence?.gap() }
    let end = window.length - window.paddedFrames
    if fresh < end { examination.evidence?.add(window.samples[0][fresh..<end]) }
  }
}
