import NeuralNet
import Support

/// How heads are fitted to labelled recordings.
package struct FitSettings: Sendable, Equatable, Codable {
  package var supcon = SupConSettings()
  package var siamese = SiameseSettings()
  /// How labels move the encoder; nil leaves it as pretraining left it.
  package var fineTune: FineTuneSettings?
  package var decision = DiagnosticHeads.Decision.supcon
  /// Most folds used to find the temperature; fewer when there are fewer groups, none below two.
  package var calibrationFolds = 5
  package var splitUnit = SplitUnit.automatic
  package var seed: UInt64 = 1

  package init() {}

  /// The defaults with an encoder tuned for so many steps, or frozen where that is 0.
  ///
  /// A classifier on a tuned encoder reads its embedding, as in the paper.
  package static func tuning(steps: Int) -> FitSettings {
    var settings = FitSettings()
    guard steps != 0 else { return settings }
    settings.fineTune = FineTuneSettings()
    settings.fineTune?.steps = steps
    settings.supcon.reads = .embedding
    return settings
  }

  /// Refuses values that no head can be built or trained with, wherever they come from.
  package func validate() throws(FaultDiagError) {
    try fineTune?.validate()
    for (name, value, range) in [
      ("supcon.hiddenSize", supcon.hiddenSize, 1...65_536),
      ("supcon.projectionSize", supcon.projectionSize, 1...65_536),
      ("supcon.batch", supcon.batch, 2...65_536), ("supcon.views", supcon.views, 1...64),
      ("supcon.contrastiveSteps", supcon.contrastiveSteps, 1...1_000_000),
      ("supcon.classifierSteps", supcon.classifierSteps, 1...1_000_000),
      ("supcon.classifierBatch", supcon.classifierBatch, 1...65_536),
      ("siamese.hiddenSize", siamese.hiddenSize, 1...65_536),
      ("siamese.projectionSize", siamese.projectionSize, 1...65_536),
      ("siamese.batch", siamese.batch, 2...65_536),
      ("siamese.steps", siamese.steps, 1...1_000_000), ("calibrationFolds", calibrationFolds, 2...1000),
    ] where !range.contains(value) {
      throw .badSetting(name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    for (name, value) in [
      ("supcon.loss.temperature", supcon.loss.temperature),
      ("supcon.loss.baseTemperature", supcon.loss.baseTemperature),
      ("supcon.contrastiveRate", supcon.contrastiveRate),
      ("supcon.classifierRate", supcon.classifierRate), ("siamese.loss.margin", siamese.loss.margin),
      ("siamese.rate", siamese.rate),
    ] where !(value > 0 && value.isFinite) {
      throw .badSetting(name: name, found: "\(value)", expected: "a number above 0")
    }
    for (name, value) in [
      ("supcon.weightDecay", supcon.weightDecay), ("siamese.weightDecay", siamese.weightDecay),
    ] where !(value >= 0 && value.isFinite) {
      throw .badSetting(name: name, found: "\(value)", expected: "0 or more")
    }
  }
}

/// Labelled recordings with their windows already embedded.
package struct LabelledCorpus: Sendable {
  /// One a recording, in a fixed order.
  package var items: [SplitItem]
  /// Names of the states, ascending.
  package var classes: [String]
  /// Windows; `recordings` index ``items``.
  package var data: LabelledEmbeddings
  /// What a tuned encoder is made from; nil where the encoder is frozen.
  package var material: TuningMaterial?

  /// - Parameters:
  ///   - items: every one with at least one window.
  ///   - embeddings: one tensor `[window, E]` a recording, in the order of `items`.
  package init(items: [SplitItem], embeddings: [Tensor<Float>]) throws(FaultDiagError) {
    precondition(items.count == embeddings.count, "\(items.count) recordings but \(embeddings.count) tensors")
    let classes = Set(items.map(\.label)).sorted()
    guard classes.count >= 2, let size: Int = embeddings.first?.shape[1] else {
      throw .tooFewClasses(found: classes)
    }
    let index = [String: Int](uniqueKeysWithValues: classes.enumerated().map { ($0.element, $0.offset) })
    var storage: [Float] = []
    var classOf: [Int] = []
    var recordingOf: [Int] = []
    for (recording, tensor) in embeddings.enumerated() {
      storage += tensor.storage
      for _ in 0..<tensor.shape[0] {
        classOf.append(index[items[recording].label] ?? 0)
        recordingOf.append(recording)
      }
    }
    self.items = items
    self.classes = classes
    data = LabelledEmbeddings(
      embeddings: Tensor(storage, shape: [classOf.count, size]), classes: classOf, recordings: recordingOf)
  }

  /// Embeddings of one recording, `[window, E]`.
  package func embeddings(of recording: Int) -> Tensor<Float> {
    data.embeddings.gathering(data.recordings.indices.filter { data.recordings[$0] == recording })
  }
}

/// Heads with the encoder they stand on.
package struct FittedHeads: Sendable {
  package var heads: DiagnosticHeads
  /// The corpus as that encoder embeds it, held-out recordings and all.
  package var corpus: LabelledCorpus
  /// The tuned encoder; nil where it is the frozen one.
  package var embedder: CPCEmbedder?
}

/// Fits heads to embedded recordings. Same corpus, settings and seed, same bytes, whatever the thread count.
package enum HeadFitter {
  /// Trains both heads on the given recordings of the corpus, and calibrates on groups held out of them.
  ///
  /// With ``FitSettings/fineTune`` the encoder is tuned on the same recordings first, and once more for every fold of the
  /// calibration: an encoder that has seen a recording's label would make its verdict look too certain.
  package static func fitted(
    _ corpus: LabelledCorpus, recordings: [Int]? = nil, settings: FitSettings, threads: Int,
    calibrate: Bool = true, progress: (HeadProgress) -> Void = { _ in }
  ) throws(FaultDiagError) -> FittedHeads {
    let kept = recordings ?? Array(corpus.items.indices)
    let present = Set(kept.map { corpus.items[$0].label })
    guard present.count >= 2 else { throw .tooFewClasses(found: present.sorted()) }
    let tuned = try corpus.tuned(on: kept, settings: settings, threads: threads, progress: progress)
    var heads = try train(tuned.corpus, recordings: kept, settings: settings, progress: progress)
    if calibrate {
      let heldOut = try heldOutVerdicts(
        corpus, recordings: kept, settings: settings, threads: threads, progress: progress)
      heads.calibration = TemperatureCalibration(
        logits: heldOut.map(\.logits), classes: heldOut.map(\.truth))
      heads.calibrationCount = heldOut.count
    }
    return FittedHeads(heads: heads, corpus: tuned.corpus, embedder: tuned.embedder)
  }

  /// The heads alone, for an encoder that stays frozen.
  package static func fit(
    _ corpus: LabelledCorpus, recordings: [Int]? = nil, settings: FitSettings, threads: Int,
    calibrate: Bool = true, progress: (HeadProgress) -> Void = { _ in }
  ) throws(FaultDiagError) -> DiagnosticHeads {
    precondition(settings.fineTune == nil, "heads of a tuned encoder are of no use without it: call fitted")
    return try fitted(
      corpus, recordings: recordings, settings: settings, threads: threads, calibrate: calibrate,
      progress: progress
    ).heads
  }

  private static func train(
    _ corpus: LabelledCorpus, recordings: [Int], settings: FitSettings, progress: (HeadProgress) -> Void
  ) throws(FaultDiagError) -> DiagnosticHeads {
    let data = corpus.data.restricted(to: Set(recordings))
    let classifier = try SupConClassifier<Float>(
      training: data, classes: corpus.classes.count, settings: settings.supcon, seed: settings.seed,
      progress: progress)
    let siamese = try SiameseHead<Float>(
      training: data, settings: settings.siamese, seed: settings.seed, progress: progress)
    return DiagnosticHeads(
      classes: corpus.classes, classifier: classifier, siamese: siamese,
      references: references(corpus, recordings: recordings, siamese: siamese), decision: settings.decision)
  }

  /// One reference a recording: the mean position of its windows.
  private static func references(
    _ corpus: LabelledCorpus, recordings: [Int], siamese: SiameseHead<Float>
  ) -> SiameseReferences {
    var storage: [Float] = []
    var size = 0
    for recording in recordings {
      let positions = siamese.positions(corpus.embeddings(of: recording))
      size = positions.shape[1]
      let count = Double(positions.shape[0])
      for c in 0..<size {
        let sum = (0..<positions.shape[0]).reduce(0.0) { $0 + Double(positions.storage[$1 * size + c]) }
        storage.append(Float(sum / count))
      }
    }
    let index = [String: Int](
      uniqueKeysWithValues: corpus.classes.enumerated().map { ($0.element, $0.offset) })
    return SiameseReferences(
      positions: Tensor(storage, shape: [recordings.count, size]),
      recordings: recordings.map { corpus.items[$0].path },
      classes: recordings.map { index[corpus.items[$0].label]! })
  }

  private typealias HeldOut = (logits: [Double], truth: Int)

  /// Logits of recordings by heads that were trained without their group; empty when no group can be held out.
  private static func heldOutVerdicts(
    _ corpus: LabelledCorpus, recordings: [Int], settings: FitSettings, threads: Int,
    progress: (HeadProgress) -> Void
  ) throws(FaultDiagError) -> [HeldOut] {
    let items = recordings.map { corpus.items[$0] }
    guard let folds = calibrationFolds(items, settings: settings) else { return [] }
    var all: [HeldOut] = []
    if settings.fineTune != nil {
      // Tuning fills the threads by itself, and takes long enough that one wants to see it go on.
      for (index, fold) in folds.enumerated() {
        all += try verdicts(corpus, recordings, fold, settings: settings, threads: threads)
        let loss =
          all.reduce(0) { $0 + Softmax.logSumExp($1.logits) - $1.logits[$1.truth] } / Double(all.count)
        progress(HeadProgress(stage: .calibration, step: index + 1, steps: folds.count, loss: loss))
      }
      return all
    }
    let results = Parallel.map(folds.count, threads: threads) { index -> Result<[HeldOut], FaultDiagError> in
      do throws(FaultDiagError) {
        return .success(try verdicts(corpus, recordings, folds[index], settings: settings, threads: 1))
      } catch {
        return .failure(error)
      }
    }
    for result in results { all += try result.get() }
    return all
  }

  /// Verdicts on one fold's test side by encoder and heads of its training side; `fold` indexes `recordings`.
  private static func verdicts(
    _ corpus: LabelledCorpus, _ recordings: [Int], _ fold: DataSplit, settings: FitSettings, threads: Int
  ) throws(FaultDiagError) -> [HeldOut] {
    let training = fold.training.map { recordings[$0] }
    let tuned = try corpus.tuned(on: training, settings: settings, threads: threads, progress: { _ in })
      .corpus
    let heads = try train(tuned, recordings: training, settings: settings, progress: { _ in })
    return fold.test.compactMap { item in
      let recording = recordings[item]
      let truth = tuned.classes.firstIndex(of: tuned.items[recording].label)!
      return heads.verdict(embeddings: tuned.embeddings(of: recording)).map { ($0.logits, truth) }
    }
  }

  private static func calibrationFolds(_ items: [SplitItem], settings: FitSettings) -> [DataSplit]? {
    guard
      let single = try? GroupFolds(leavingOneGroupOutOf: items, unit: settings.splitUnit),
      case let count = min(settings.calibrationFolds, single.heldOutGroups), count >= 2
    else { return nil }
    return try? GroupFolds(items, count: count, unit: settings.splitUnit, seed: settings.seed).folds
  }
}
