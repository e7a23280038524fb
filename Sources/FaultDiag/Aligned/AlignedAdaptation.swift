import Foundation
import NeuralNet

/// Fits an aligned model to a corpus: how far it moves, and what its logits mean, is decided on groups held out.
///
/// Labelled recordings are few and of few bearings, so that training on them can make a model worse on other bearings. Each
/// bearing (machine, file) is therefore held out in turn, and the recordings held out are judged at each of the
/// `strengths`. The smallest is taken whose calibrated probabilities are as likely as the likeliest strength's to within
/// the standard error of the difference (the one-standard-error rule, Hastie et al., The Elements of Statistical Learning,
/// section 7.10): a handful of recordings moves the model little. 0 leaves the start as it is. Slope and
/// level (``AlignedCalibration``) are fitted to the same held-out recordings at that strength.
package struct AlignedAdaptation: Sendable {
  /// What is adapted.
  package enum Origin: String, Sendable, Codable {
    /// The weights of ``start``.
    case model
    /// The same networks with random weights: what the labelled recordings teach by themselves.
    case scratch
  }

  package let start: AlignedModel
  package var origin = Origin.model
  package var settings = AlignedFitSettings()
  /// Most groups of bearings held out; fewer when there are fewer, none below two.
  package var folds = 4
  /// Whether anything is held out; without, the calibration stays that of the start.
  package var calibrates = true
  package var splitUnit = SplitUnit.automatic
  package var seed: UInt64 = 1
  package var threads: Int

  /// Strengths tried, ascending.
  static let strengths = [0, 0.25, 0.5, 0.75, 1]
  /// The strength where nothing can be held out. On the tuning folds of protocol P1 with one labelled recording a state and
  /// location it neither gains nor loses (.9500 against .9501 untouched), the whole way loses (.9491).
  static let unchosenStrength = 0.5
  /// How many held-out recordings the start's own calibration counts as, so that three of them cannot make
  /// probabilities certain.
  static let priorRecordings = 6.0

  package init(start: AlignedModel, threads: Int) {
    self.start = start
    self.threads = threads
  }

  /// A fitted model with what decided it.
  package struct Result: Sendable {
    package var model: AlignedModel
    package var strength: Double
    /// Mean negative log-likelihood of held-out recordings at each strength that was tried, in nats.
    package var trials: [Trial]
    package var heldOutRecordings: Int
  }

  package struct Trial: Sendable, Equatable, Codable {
    package var strength: Double
    package var loss: Double
  }

  /// Fits to some recordings of the corpus; same corpus, settings and seed, same bytes, whatever the thread count.
  package func fitted(
    to corpus: AlignedCorpus, recordings: [Int]? = nil,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(FaultDiagError) -> Result {
    try settings.validate()
    let kept = recordings ?? Array(corpus.items.indices)
    let present = Set(kept.map { corpus.items[$0].label })
    guard present.count >= 2 else { throw .tooFewClasses(found: present.sorted()) }
    let splits = !calibrates ? [] : heldOutFolds(kept.map { corpus.items[$0] })
    var candidates = splits.isEmpty ? [Self.unchosenStrength] : Self.strengths
    if origin == .scratch { candidates = [1] }
    var logits = [[[Double]]](repeating: [], count: candidates.count)
    var states: [Int] = []
    for (number, split) in splits.enumerated() {
      let trained = try trained(on: split.training.map { kept[$0] }, of: corpus)
      let tested = split.test.map { kept[$0] }
      states += tested.map { corpus.states[$0] }
      for (index, strength) in candidates.enumerated() {
        let model = between(trained, strength: strength)
        logits[index] += tested.map { model.recordingLogits(corpus.features[$0]) }
      }
      progress(number + 1, splits.count + 1)
    }
    var result = chosen(candidates, logits: logits, states: states)
    let networks = try trained(on: kept, of: corpus)
    result.model.networks = between(networks, strength: result.strength).networks
    progress(splits.count + 1, splits.count + 1)
    return result
  }

  /// The strength that held-out recordings ask for, with its calibration; networks are still those of the start.
  private func chosen(_ candidates: [Double], logits: [[[Double]]], states: [Int]) -> Result {
    guard !states.isEmpty else {
      return Result(model: start, strength: candidates[0], trials: [], heldOutRecordings: 0)
    }
    let prior = AlignedCalibration.Prior(
      slope: start.slope, normalLevel: start.normalLevel, weight: Self.priorRecordings)
    var models: [AlignedModel] = []
    var losses: [[Double]] = []
    for rows in logits {
      var model = start
      (model.slope, model.normalLevel) = AlignedCalibration.fit(logits: rows, states: states, prior: prior)
      models.append(model)
      losses.append(zip(rows, states).map { -log(max(1e-12, model.probabilities(logits: $0)[$1])) })
    }
    let place = Self.smallestWithinOneError(losses)
    return Result(
      model: models[place], strength: candidates[place],
      trials: zip(candidates, losses).map { Trial(strength: $0, loss: Self.mean($1)) },
      heldOutRecordings: states.count)
  }

  /// The first of the candidates whose mean loss exceeds the least one by at most the standard error of their paired
  /// differences.
  ///
  /// - Parameter losses: `[candidate][item]`.
  static func smallestWithinOneError(_ losses: [[Double]]) -> Int {
    let means = losses.map(mean)
    guard let least = means.indices.min(by: { means[$0] < means[$1] }) else { return 0 }
    return losses.indices.first { candidate in
      let differences = zip(losses[candidate], losses[least]).map { $0 - $1 }
      let average = mean(differences)
      let squares = differences.reduce(0) { $0 + ($1 - average) * ($1 - average) }
      let count = Double(differences.count)
      let error = count > 1 ? (squares / (count - 1) / count).squareRoot() : .infinity
      return average <= error
    } ?? least
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(values.count, 1))
  }

  /// Networks trained to the end on some recordings.
  private func trained(on recordings: [Int], of corpus: AlignedCorpus) throws(FaultDiagError)
    -> [AlignedNetwork<Float>]
  {
    let examples = corpus.examples(of: recordings)
    if origin == .scratch {
      return try AlignedFitter.fromScratch(like: start, on: examples, threads: threads)
    }
    var whole = settings
    whole.strength = 1
    return try AlignedFitter(start: start, settings: whole).fitted(to: examples, threads: threads).networks
  }

  private func between(_ trained: [AlignedNetwork<Float>], strength: Double) -> AlignedModel {
    var model = start
    model.networks =
      origin == .scratch ? trained : AlignedFitter.between(start.networks, trained, strength: strength)
    return model
  }

  private func heldOutFolds(_ items: [SplitItem]) -> [DataSplit] {
    guard let single = try? GroupFolds(leavingOneGroupOutOf: items, unit: splitUnit),
      case let count = min(folds, single.heldOutGroups), count >= 2
    else { return [] }
    return (try? GroupFolds(items, count: count, unit: splitUnit, seed: seed).folds) ?? []
  }
}

extension AlignedModel {
  /// Mean logits over the windows of one recording, by family.
  func recordingLogits(_ windows: [[Float]]) -> [Double] {
    let rows = logits(windows)
    return plan.envelope.families.indices.map { family in
      rows.reduce(0) { $0 + $1[family] } / Double(max(rows.count, 1))
    }
  }
}
