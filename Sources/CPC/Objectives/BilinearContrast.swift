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

  /// Sums over a run of windows.
  struct Sums: Sendable {
    /// Sum over all predictions.
    var loss = 0.0
    /// How high positives score among their candidates, for each step ahead.
    var ranks: [RankCounts]
    var dWeight: [Scalar]
    var dLatents: Tensor<Scalar>
    var dContexts: Tensor<Scalar>
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
    let latents = CandidateRows(representations.latents)
    let transposedWeight = scorer.weight.transposed()
    let parts = Parallel.map(runs, threads: runs) { index in
      run(windows: windows * index / runs..<windows * (index + 1) / runs, latents, transposedWeight)
    }
    var total = parts[0].sums
    var dLatents = Tensor<Scalar>(zeros: representations.latents.shape)
    total.dContexts = Tensor(zeros: representations.contexts.shape)
    for (index, part) in parts.enumerated() {
      let start = windows * index / runs * steps * contextSize
      total.dContexts.storage.replaceSubrange(
        start..<start + part.sums.dContexts.count, with: part.sums.dContexts.storage)
      part.dLatents.add(to: &dLatents)
      guard index > 0 else { continue }
      total.loss += part.sums.loss
      for k in 0..<stepsAhead { total.ranks[k] = total.ranks[k] + part.sums.ranks[k] }
      Scalar.axpy(part.sums.dWeight.count, 1, part.sums.dWeight, &total.dWeight)
    }
    total.dLatents = dLatents
    return total
  }

  /// What `sums` say of how positives rank: by step ahead, and of all predictions.
  func accuracies(_ sums: Sums) -> (byStep: [Double], topFive: Double?) {
    (
      sums.ranks.map { $0.accuracy ?? 0 },
      sums.ranks.reduce(RankCounts(), +).topFiveAccuracy(among: negatives.shape.count + 1)
    )
  }

  /// The sums over a run of windows; `dContexts` holds that run's rows only, and latents' gradients stand beside them.
  @specialized(where Scalar == Float)
  private func run(
    windows: Range<Int>, _ latents: CandidateRows<Scalar>, _ transposedWeight: Tensor<Scalar>
  ) -> (sums: Sums, dLatents: CandidateRows<Scalar>) {
    let wide = stepsAhead * latentSize
    var sums = Sums(
      ranks: [RankCounts](repeating: RankCounts(), count: stepsAhead),
      dWeight: [Scalar](repeating: 0, count: wide * contextSize), dLatents: Tensor(zeros: [0]),
      dContexts: Tensor(zeros: [windows.count, steps, contextSize]))
    let dLatents = CandidateRows<Scalar>(zeros: latents.count, size: latentSize)
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
        contrast(window, latents, predictions.base, dPredictions.base, dLatents, work.base, &sums)
        Scalar.tiledGemm(
          transposeA: true, m: wide, n: contextSize, k: anchors, alpha: 1, dPredictions.base, lda: wide, c,
          ldb: contextSize, beta: 1, &sums.dWeight, ldc: contextSize)
      }
      sums.dContexts.storage.withUnsafeMutableBufferPointer { all in
        let dc = all.baseAddress! + (window - windows.lowerBound) * steps * contextSize
        Scalar.tiledGemm(
          transposeA: false, m: anchors, n: contextSize, k: wide, alpha: 1, dPredictions.base, lda: wide,
          scorer.weight.storage, ldb: contextSize, beta: 0, dc, ldc: contextSize)
      }
    }
    return (sums, dLatents)
  }

  /// Scores, loss and gradients of one window's predictions.
  @specialized(where Scalar == Float)
  private func contrast(
    _ window: Int, _ latents: CandidateRows<Scalar>, _ predictions: Scalar.Input,
    _ dPredictions: Scalar.Output,
    _ dLatents: CandidateRows<Scalar>, _ work: Scalar.Output, _ sums: inout Sums
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
        weight: weight, work: work, dPredictions: dPredictions, dLatents: dLatents, loss: &sums.loss,
        ranks: &ranks)
    }
    for (row, rank) in ranks.enumerated() { sums.ranks[row % stepsAhead].add(rank) }
  }

  private func logNoise(_ window: Int) -> Scalar? {
    switch criterion {
    case .softmax: nil
    case .logistic(let logNoise): Scalar(logNoise[window])
    }
  }
}
