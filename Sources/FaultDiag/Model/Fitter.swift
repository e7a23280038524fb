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
    var items: [SplitItem] = []
    var embeddings: [Tensor<Float>] = []
    var conditions = TrainingConditions(channel: channel)
    var rates: Set<Double> = []
    for (index, recording) in recordings.enumerated() {
      do throws(FaultDiagError) {
        let source = try open(recording, options)
        guard let label = source.metadata.label?.value ?? recording.label else { continue }
        let embedded = try EmbeddedRecording(
          source, embedder: embedder, channel: conditions.channel, threads: threads)
        // The first recording decides which channel is meant in the others.
        if conditions.channel == nil, embedded.channel.count > 1 {
          conditions.channel = embedded.channel.name
        }
        rates.insert(embedded.sampleRate)
        items.append(
          SplitItem(
            path: recording.path, label: label, bearingID: embedded.metadata.bearingID?.value,
            machine: embedded.metadata.machine?.value))
        embeddings.append(embedded.embeddings)
        progress(
          .embedded(
            path: recording.path, windows: embedded.starts.count, done: index + 1, of: recordings.count))
      } catch {
        progress(.skipped(path: recording.path, reason: error))
      }
    }
    guard !items.isEmpty else { throw .noLabels(found: recordings.count, example: recordings.first?.path) }
    conditions.sampleRates = rates.sorted()
    conditions.recordings = items.count
    return Corpus(corpus: try LabelledCorpus(items: items, embeddings: embeddings), conditions: conditions)
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
    let heads = try HeadFitter.fit(
      corpus.corpus, settings: settings, threads: threads, progress: { progress(.training($0)) })
    return DiagnosticModel(
      name: name, embedder: embedder, heads: heads, conditions: corpus.conditions, settings: settings)
  }
}
