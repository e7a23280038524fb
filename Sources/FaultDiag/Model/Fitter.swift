import CPC
import NeuralNet
import SignalIO

/// Teaches a pretrained model a few labels: labelled recordings in, a ``DiagnosticModel`` out.
package struct Fitter {
  package enum Event: Sendable, Equatable {
    /// A recording was embedded.
    case embedded(path: String, windows: Int, done: Int, of: Int)
    /// A recording was left out, and why.
    case skipped(path: String, reason: FaultDiagError)
    case training(HeadProgress)
  }

  package var embedder: CPCEmbedder
  package var settings: FitSettings
  /// Channel to learn from, by name; nil takes the only or first one.
  package var channel: String?
  package var threads: Int

  package init(embedder: CPCEmbedder, settings: FitSettings, channel: String? = nil, threads: Int) {
    self.embedder = embedder
    self.settings = settings
    self.channel = channel
    self.threads = threads
  }

  /// Labelled recordings, embedded.
  package struct Corpus: Sendable {
    package var corpus: LabelledCorpus
    package var conditions: TrainingConditions
  }

  /// Embeds the labelled ones among `recordings`. A recording that cannot be used is left out with an event.
  package func corpus(
    _ recordings: [FoundRecording], options: ReadOptions = ReadOptions(), progress: (Event) -> Void = { _ in }
  ) throws(FaultDiagError) -> Corpus {
    try settings.validate()
    var gathered = Gathered(conditions: TrainingConditions(channel: channel))
    let listener = try Listener(self, recordings: recordings.count)
    for (index, recording) in recordings.enumerated() {
      do throws(FaultDiagError) {
        let source = try open(recording, options)
        guard let label = source.metadata.label?.value ?? recording.label else { continue }
        let (embedded, inputs) = try listener.hear(source, channel: gathered.conditions.channel)
        gathered.add(embedded, inputs, path: recording.path, label: label)
        progress(
          .embedded(
            path: recording.path, windows: embedded.starts.count, done: index + 1, of: recordings.count))
      } catch {
        progress(.skipped(path: recording.path, reason: error))
      }
    }
    guard !gathered.items.isEmpty else {
      throw .noLabels(found: recordings.count, example: recordings.first?.path)
    }
    return try gathered.corpus(embedder: settings.fineTune == nil ? nil : embedder)
  }

  private func open(_ recording: FoundRecording, _ options: ReadOptions) throws(FaultDiagError)
    -> RecordingSource
  {
    do throws(SignalIOError) {
      return try recording.open(options: options)
    } catch {
      throw .recording(error)
    }
  }

  /// Fits heads to an embedded corpus. Same corpus, settings and seed, same bytes.
  package func fit(
    _ corpus: Corpus, name: String, progress: (Event) -> Void = { _ in }
  ) throws(FaultDiagError) -> DiagnosticModel {
    let fitted = try HeadFitter.fitted(
      corpus.corpus, settings: settings, threads: threads, progress: { progress(.training($0)) })
    return DiagnosticModel(
      name: name, embedder: fitted.embedder ?? embedder, heads: fitted.heads, conditions: corpus.conditions,
      settings: settings)
  }
}

/// Embeds one recording after the other, and keeps encoder inputs where the encoder is to be tuned.
private struct Listener {
  private let fitter: Fitter
  private let extractor: (any FeatureExtractor)?
  private let limit: Int

  init(_ fitter: Fitter, recordings: Int) throws(FaultDiagError) {
    self.fitter = fitter
    guard let fineTune = fitter.settings.fineTune else {
      (extractor, limit) = (nil, 2)
      return
    }
    limit = TuningMaterial.windowLimit(fineTune, plan: fitter.embedder.plan, recordings: recordings)
    do throws(CPCError) {
      extractor = try fitter.embedder.plan.features.features.makeExtractor()
    } catch {
      throw .representation(error)
    }
  }

  func hear(
    _ source: RecordingSource, channel: String?
  ) throws(FaultDiagError) -> (embedded: EmbeddedRecording, inputs: [[Float]]) {
    var windows = ThinnedWindows<[Float]>(limit: limit)
    let embedded = try EmbeddedRecording(
      source, embedder: fitter.embedder, channel: channel, threads: fitter.threads
    ) { samples in
      if let extractor { windows.offer { extractor.features(of: samples) } }
    }
    return (embedded, windows.kept)
  }
}

/// What was embedded so far.
private struct Gathered {
  var items: [SplitItem] = []
  var conditions: TrainingConditions
  private var embeddings: [Tensor<Float>] = []
  private var inputs: [[[Float]]] = []
  private var rates: Set<Double> = []

  init(conditions: TrainingConditions) { self.conditions = conditions }

  mutating func add(_ embedded: EmbeddedRecording, _ kept: [[Float]], path: String, label: String) {
    // The first recording decides which channel is meant in the others.
    if conditions.channel == nil, embedded.channel.count > 1 { conditions.channel = embedded.channel.name }
    rates.insert(embedded.sampleRate)
    items.append(
      SplitItem(
        path: path, label: label, bearingID: embedded.metadata.bearingID?.value,
        machine: embedded.metadata.machine?.value))
    embeddings.append(embedded.embeddings)
    inputs.append(kept)
  }

  /// - Parameter embedder: of the inputs; nil where the encoder is frozen.
  func corpus(embedder: CPCEmbedder?) throws(FaultDiagError) -> Fitter.Corpus {
    var conditions = conditions
    conditions.sampleRates = rates.sorted()
    conditions.recordings = items.count
    var corpus = try LabelledCorpus(items: items, embeddings: embeddings)
    corpus.material = embedder.map { TuningMaterial(embedder: $0, inputs: inputs) }
    return Fitter.Corpus(corpus: corpus, conditions: conditions)
  }
}
