import FaultDiag
import SignalIO

/// Labelled recordings, heard by the model that is to learn from them: what `fit` and `evaluate` begin with.
enum LabelledRecordings {
  /// For heads on a pretrained representation, the file `model`.
  static func embedded(
    _ options: TeachingOptions, model: String, settings: FitSettings, console: Console
  ) throws -> (fitter: Fitter, corpus: Fitter.Corpus) {
    // The model first: it is read at once, the recordings may take minutes.
    let fitter = Fitter(
      embedder: try ModelFiles.embedder(path: model), settings: settings, threads: options.work.count)
    let corpus = try hear(options, console: console) { recordings, reading, progress in
      try fitter.corpus(recordings, options: reading, progress: progress)
    }
    return (fitter, corpus)
  }

  /// For an aligned model.
  static func aligned(
    _ options: TeachingOptions, model: AlignedModel, console: Console
  ) throws -> AlignedCorpus {
    try hear(options, console: console) { recordings, reading, progress in
      try AlignedCorpus(
        recordings, for: model, options: reading, threads: options.work.count, progress: progress)
    }
  }

  /// Finds the labelled recordings, has `listen` hear them and says which were left out.
  private static func hear<Corpus>(
    _ options: TeachingOptions, console: Console,
    _ listen: ([FoundRecording], ReadOptions, (Fitter.Event) -> Void) throws -> Corpus
  ) throws -> Corpus {
    let metadata = options.metadata
    let reading = try options.reading.readOptions(sampleRate: metadata.sampleRate)
    let collection = try options.labels.collection(
      options.folders, flags: metadata.metadata, console: console)
    var progress = ProgressLine(console: console)
    var skipped: [String] = []
    defer { progress.finish() }
    let corpus = try listen(collection.labelled, reading) { event in
      switch event {
      case .embedded(_, _, let done, let of):
        progress.show(fraction: Double(done) / Double(max(of, 1)), "listening: \(done) of \(of)")
      case .skipped(_, let reason): skipped.append("\(reason)")
      case .training: break
      }
    }
    progress.finish()
    let shown = console.verbosity >= .verbose ? skipped.count : 3
    for reason in skipped.prefix(shown) { console.warning("left out: " + Format.harmless(reason)) }
    if skipped.count > shown {
      console.warning("and \(skipped.count - shown) more recordings left out (--verbose names all)")
    }
    return corpus
  }
}
