import NeuralNet
import Support

/// How heads are fitted to labelled recordings.
package struct FitSettings: Sendable, Equatable, Codable {
  package var supcon = SupConSettings()
  package var siamese = SiameseSettings()
  package var decision = DiagnosticHeads.Decision.supcon
  /// Most folds used to find the temperature; fewer when there are fewer groups, none below two.
  package var calibrationFolds = 5
  package var splitUnit = SplitUnit.automatic
  package var seed: UInt64 = 1

  package init() {}

  /// Refuses values that no head can be built or trained with, wherever they come from.
  package func validate() throws(FaultDiagError) {
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

/// Fits heads to embedded recordings. Same corpus, settings and seed, same bytes, whatever the thread count.
package enum HeadFitter {
  /// Trains both heads on the given recordings of the corpus, and calibrates on groups held out of them.
  package static func fit(
    _ corpus: LabelledCorpus, recordings: [Int]? = nil, settings: FitSettings, threads: Int,
    calibrate: Bool = true, progress: (HeadProgress) -> Void = { _ in }
  ) throws(FaultDiagError) -> DiagnosticHeads {
    let kept = recordings ?? Array(corpus.items.indices)
    let present = Set(kept.map { corpus.items[$0].label })
    guard present.count >= 2 else { throw .tooFewClasses(found: present.sorted()) }
    var heads = try train(corpus, recordings: kept, settings: settings, progress: progress)
    guard calibrate else { return heads }
    let heldOut = try heldOutVerdicts(corpus, recordings: kept, settings: settings, threads: threads)
    heads.calibration = TemperatureCalibration(logits: heldOut.map(\.logits), classes: heldOut.map(\.truth))
    heads.calibrationCount = heldOut.count
    return heads
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

  /// Logits of recordings by heads that were trained without their group; empty when no group can be held out.
  private static func heldOutVerdicts(
    _ corpus: LabelledCorpus, recordings: [Int], settings: FitSettings, threads: Int
  ) throws(FaultDiagError) -> [(logits: [Double], truth: Int)] {
    let items = recordings.map { corpus.items[$0] }
    guard let folds = calibrationFolds(items, settings: settings) else { return [] }
    let results = Parallel.map(folds.count, threads: threads) {
      index -> Result<[(logits: [Double], truth: Int)], FaultDiagError> in
      do throws(FaultDiagError) {
        let training = folds[index].training.map { recordings[$0] }
        let heads = try train(corpus, recordings: training, settings: settings, progress: { _ in })
        return .success(
          folds[index].test.compactMap { item in
            let recording = recordings[item]
            let truth = corpus.classes.firstIndex(of: corpus.items[recording].label)!
            return heads.verdict(embeddings: corpus.embeddings(of: recording)).map { ($0.logits, truth) }
          })
      } catch {
        return .failure(error)
      }
    }
    var all: [(logits: [Double], truth: Int)] = []
    for result in results { all += try result.get() }
    return all
  }

  private static func calibrationFolds(_ items: [SplitItem], settings: FitSettings) -> [DataSplit]? {
    guard
      let single = try? GroupFolds(leavingOneGroupOutOf: items, unit: settings.splitUnit),
      case let count = min(settings.calibrationFolds, single.heldOutGroups), count >= 2
    else { return nil }
    return try? GroupFolds(items, count: count, unit: settings.splitUnit, seed: settings.seed).folds
  }
}
