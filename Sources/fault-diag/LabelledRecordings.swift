import FaultDiag
import SignalIO

/// Labelled recordings, embedded by a pretrained model: what `fit` and `evaluate` begin with.
struct LabelledRecordings {
  let fitter: Fitter
  let corpus: Fitter.Corpus

  init(
    _ roots: [String], labels: LabelOptions, model: String, settings: FitSettings, reading: ReadingOptions,
    metadata: MetadataOptions, threads: Int, console: Console
  ) throws {
    // The model first: it is read at once, the recordings may take minutes.
    let fitter = Fitter(embedder: try ModelFiles.embedder(path: model), settings: settings, threads: threads)
    let options = try reading.readOptions(sampleRate: metadata.sampleRate)
    let collection = try labels.collection(roots, flags: metadata.metadata, console: console)
    var progress = ProgressLine(console: console)
    var skipped: [String] = []
    defer { progress.finish() }
    corpus = try fitter.corpus(collection.labelled, options: options) { event in
      switch event {
      case .embedded(_, _, let done, let of):
        progress.show(fraction: Double(done) / Double(max(of, 1)), "listening: \(done) of \(of)")
      case .skipped(_, let reason): skipped.append("\(reason)")
      case .training: break
      }
    }
    progress.finish()
    self.fitter = fitter
    let shown = console.verbosity >= .verbose ? skipped.count : 3
    for reason in skipped.prefix(shown) { console.warning("left out: " + Format.harmless(reason)) }
    if skipped.count > shown { console.warning("and \(skipped.count - shown) more recordings left out") }
  }
}
