import NeuralNet
import Support

/// One evaluation of a batch of predictions against their candidates, for ``InfoNCE`` and ``NoiseContrast``: for each
/// window one product for all K predictions, scores and their cost in one pass over the candidates, two products for
/// the gradients.
///
/// Windows are split over threads in contiguous runs. A negative may be any latent of the batch, so each thread sums
/// its own latent gradient and the sums are added in the order of the threads: same bytes for a thread count.
struct BilinearContrast<Scalar: TensorScalar> {
  /// What the scores of a prediction and its candidates cost.
  enum Criterion: Sendable {
    /// -log softmax of the positive.
    case softmax
    /// Binary logistic for every candidate, `score - logNoise` being its logit; one number a window.
    case logistic(logNoise: [Double])
  }

  /// Sums over all windows.
  struct Sums {
    /// Over all predictions.
    var loss: Double
    /// How high positives score among their candidates, for each step ahead.
    var ranks: [RankCounts]
    var dWeight: [Scalar]
    var dLatents: Tensor<Scalar>
    var dContexts: Tensor<Scalar>
  }

  /// Sums over a run of windows.
  private struct Part: Sendable {
    var loss = 0.0
    var ranks: [RankCounts]
    var dWeight: [Scalar]
    let dLatents: CandidateRows<Scalar>
  }

  private let representations: Representations<Scalar>
  private let scorer: BilinearScorer<Scalar>
  private let negatives: Negatives
  private let criterion: Criterion
  private var steps: Int { representations.stepCount }
  private var anchors: Int { negatives.shape.anchors }
  private var latentSize: Int { scorer.latentSize }
  private var contextSize: Int { scorer.contextSize }
  private var stepsAhead: Int { scorer.stepsAhead }

  init(
    _ representations: Representations<Scalar>, scorer: BilinearScorer<Scalar>, negatives: Negatives,
    criterion: Criterion
  ) {
    precondition(
      representations.latentSize == scorer.latentSize && representations.contextSize == scorer.contextSize,
      "latents \(representations.latents.shape) and contexts \(representations.contexts.shape) do not fit a scorer of "
        + "\(scorer.latentSize) x \(scorer.contextSize)")
    let shape = negatives.shape
    precondition(
      shape.windows == representations.windowCount
        && shape.anchors == representations.stepCount - scorer.stepsAhead
        && (shape.draws == 1 || shape.draws == scorer.stepsAhead),
      "negatives \(shape) do not fit \(representations.windowCount) windows of \(representations.stepCount) steps"
    )
    // A negative position is the largest of all as an unsigned number, so one comparison checks both ends.
    let highest = negatives.positions.reduce(UInt32(0)) { max($0, UInt32(bitPattern: $1)) }
    let positions = representations.rowCount * representations.stepCount
    precondition(highest < positions, "a negative lies outside 0 ..< \(positions)")
    self.representations = representations
    self.scorer = scorer
    self.negatives = negatives
    self.criterion = criterion
  }

  @specialized(where Scalar == Float)
  func run(threads: Int) -> Sums {
    let windows = negatives.shape.windows
    let runs = max(1, min(threads, windows))
    let latents = CandidateRows(representations.latents, threads: runs)
    let transposedWeight = scorer.weight.transposed()
    var parts: [Part] = []
    let dContexts = Tensor<Scalar>(written: representations.contexts.shape) { all in
      // Invariant: each run writes the rows of its own windows; those of other views, behind them, predict nothing.
      nonisolated(unsafe) let dContexts = all
      let own = windows * steps * contextSize
      Scalar.fill(representations.contexts.count - own, 0, dContexts + own)
      parts = Parallel.map(runs, threads: runs) { index in
        run(
          windows: windows * index / runs..<windows * (index + 1) / runs, latents, transposedWeight,
          dContexts)
      }
    }
    var sums = Sums(
      loss: parts[0].loss, ranks: parts[0].ranks, dWeight: parts[0].dWeight,
      dLatents: CandidateRows.sum(
        parts.map { $0.dLatents }, shape: representations.latents.shape, threads: runs),
      dContexts: dContexts)
    for part in parts.dropFirst() {
      sums.loss += part.loss
      for k in 0..<stepsAhead { sums.ranks[k] = sums.ranks[k] + part.ranks[k] }
      Scalar.axpy(part.dWeight.count, 1, part.dWeight, &sums.dWeight)
    }
    return sums
  }

  /// What `sums` say of how positives rank: by step ahead, and of all predictions.
  func accuracies(_ sums: Sums) -> (byStep: [Double], topFive: Double?) {
    (
      sums.ranks.map { $0.accuracy ?? 0 },
      sums.ranks.reduce(RankCounts(), +).topFiveAccuracy(among: negatives.shape.count + 1)
    )
  }

  /// The sums over a run of windows, whose rows of `allDContexts` are written.
  @specialized(where Scalar == Float)
  private func run(
    windows: Range<Int>, _ latents: CandidateRows<Scalar>, _ transposedWeight: Tensor<Scalar>,
    _ allDContexts: Scalar.Output
  ) -> Part {
    let wide = stepsAhead * latentSize
    var part = Part(
      ranks: [RankCounts](repeating: RankCounts(), count: stepsAhead),
      dWeight: [Scalar](repeating: 0, count: wide * contextSize),
      dLatents: CandidateRows(zeros: latents.count, size: latentSize))
    let (predictions, dPredictions) = (Workspace<Scalar>(anchors * wide), Workspace<Scalar>(anchors * wide))
    let work = Workspace<Scalar>(
      CandidateKernel.room(stride: latents.stride, negatives: negatives.shape.count))
    let contexts = representations.contexts.storage
    for window in windows {
      // Invariant of all pointers below: a window's anchors are the first rows of its `steps` rows of contexts, and
      // predictions hold `anchors` rows of K * D, so every product stays inside its array.
      contexts.withUnsafeBufferPointer { all in
        let c = all.baseAddress! + window * steps * contextSize
        Scalar.tiledGemm(
          transposeA: false, m: anchors, n: wide, k: contextSize, alpha: 1, c, lda: contextSize,
          transposedWeight.storage, ldb: wide, beta: 0, predictions.base, ldc: wide)
        contrast(window, latents, predictions.base, dPredictions.base, work.base, &part)
        Scalar.tiledGemm(
          transposeA: true, m: wide, n: contextSize, k: anchors, alpha: 1, dPredictions.base, lda: wide, c,
          ldb: contextSize, beta: 1, &part.dWeight, ldc: contextSize)
      }
      let dContexts = allDContexts + window * steps * contextSize
      Scalar.tiledGemm(
        transposeA: false, m: anchors, n: contextSize, k: wide, alpha: 1, dPredictions.base, lda: wide,
        scorer.weight.storage, ldb: contextSize, beta: 0, dContexts, ldc: contextSize)
      Scalar.fill((steps - anchors) * contextSize, 0, dContexts + anchors * contextSize)
    }
    return part
  }

  /// Scores, loss and gradients of one window's predictions.
  @specialized(where Scalar == Float)
  private func contrast(
    _ window: Int, _ latents: CandidateRows<Scalar>, _ predictions: Scalar.Input,
    _ dPredictions: Scalar.Output, _ work: Scalar.Output, _ part: inout Part
  ) {
    let shape = negatives.shape
    var positives: [Int32] = []
    positives.reserveCapacity(anchors * stepsAhead)
    for anchor in 0..<anchors {
      for k in 1...stepsAhead { positives.append(Int32(window * steps + anchor + k)) }
    }
    let weight = 1 / Scalar(shape.windows * anchors * stepsAhead)
    var ranks = [Int32](repeating: 0, count: positives.count)
    negatives.positions.withUnsafeBufferPointer { all in
      CandidateKernel.rows(
        predictions, latents, positives: positives,
        // Invariant: each window owns anchors * draws * count consecutive positions.
        negatives: all.baseAddress! + window * anchors * shape.draws * shape.count,
        share: shape.draws == 1 ? stepsAhead : 1, count: shape.count, logNoise: logNoise(window),
        weight: weight, work: work, dPredictions: dPredictions, dLatents: part.dLatents, loss: &part.loss,
        ranks: &ranks)
    }
    for (row, rank) in ranks.enumerated() { part.ranks[row % stepsAhead].add(rank) }
  }

  private func logNoise(_ window: Int) -> Scalar? {
    switch criterion {
    case .softmax: nil
    case .logistic(let logNoise): Scalar(logNoise[window])
    }
  }
}
