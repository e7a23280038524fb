import CKernels
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
    var dLatents: [Scalar]
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
    let dContexts = Tensor<Scalar>(zeros: representations.contexts.shape)
    var parts = Parallel.map(runs, threads: runs) { index in
      run(windows: windows * index / runs..<windows * (index + 1) / runs)
    }
    var total = parts[0]
    parts[0].dLatents = []
    total.dContexts = dContexts
    for (index, part) in parts.enumerated() {
      let start = windows * index / runs * steps * contextSize
      total.dContexts.storage.replaceSubrange(
        start..<start + part.dContexts.count, with: part.dContexts.storage)
      guard index > 0 else { continue }
      total.loss += part.loss
      for k in 0..<stepsAhead { total.ranks[k] = total.ranks[k] + part.ranks[k] }
      Scalar.axpy(part.dWeight.count, 1, part.dWeight, &total.dWeight)
      Scalar.axpy(part.dLatents.count, 1, part.dLatents, &total.dLatents)
    }
    return total
  }

  /// What `sums` say of how positives rank: by step ahead, and of all predictions.
  func accuracies(_ sums: Sums) -> (byStep: [Double], topFive: Double?) {
    (
      sums.ranks.map { $0.accuracy ?? 0 },
      sums.ranks.reduce(RankCounts(), +).topFiveAccuracy(among: negatives.shape.count + 1)
    )
  }

  /// The sums over a run of windows; `dContexts` holds that run's rows only.
  @specialized(where Scalar == Float)
  private func run(windows: Range<Int>) -> Sums {
    let wide = stepsAhead * latentSize
    var sums = Sums(
      ranks: [RankCounts](repeating: RankCounts(), count: stepsAhead),
      dWeight: [Scalar](repeating: 0, count: wide * contextSize),
      dLatents: [Scalar](repeating: 0, count: representations.latents.count),
      dContexts: Tensor(zeros: [windows.count, steps, contextSize]))
    var predictions = [Scalar](repeating: 0, count: anchors * wide)
    var dPredictions = predictions
    let contexts = representations.contexts.storage
    for window in windows {
      // Invariant of all pointers below: a window's anchors are the first rows of its `steps` rows of contexts, and
      // predictions hold `anchors` rows of K * D, so every product stays inside its array.
      contexts.withUnsafeBufferPointer { all in
        let c = all.baseAddress! + window * steps * contextSize
        Scalar.gemm(
          transposeA: false, transposeB: true, m: anchors, n: wide, k: contextSize, alpha: 1, c,
          lda: contextSize,
          scorer.weight.storage, ldb: contextSize, beta: 0, &predictions, ldc: wide)
        contrast(window, predictions, &dPredictions, &sums)
        Scalar.gemm(
          transposeA: true, transposeB: false, m: wide, n: contextSize, k: anchors, alpha: 1, dPredictions,
          lda: wide,
          c, ldb: contextSize, beta: 1, &sums.dWeight, ldc: contextSize)
      }
      sums.dContexts.storage.withUnsafeMutableBufferPointer { all in
        let dc = all.baseAddress! + (window - windows.lowerBound) * steps * contextSize
        Scalar.gemm(
          transposeA: false, transposeB: false, m: anchors, n: contextSize, k: wide, alpha: 1, dPredictions,
          lda: wide, scorer.weight.storage, ldb: contextSize, beta: 0, dc, ldc: contextSize)
      }
    }
    return sums
  }

  /// Scores, loss and gradients of one window's predictions.
  @specialized(where Scalar == Float)
  private func contrast(
    _ window: Int, _ predictions: [Scalar], _ dPredictions: inout [Scalar], _ sums: inout Sums
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
      ContrastKernel.rows(
        predictions, representations.latents.storage, size: latentSize, positives: positives,
        // Invariant: each window owns anchors * draws * count consecutive positions.
        negatives: all.baseAddress! + window * anchors * shape.draws * shape.count,
        share: shape.draws == 1 ? stepsAhead : 1, count: shape.count, logNoise: logNoise(window),
        weight: weight,
        dPredictions: &dPredictions,
        dLatents: &sums.dLatents, loss: &sums.loss, ranks: &ranks)
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

/// Chooses the C loop of the scalar's precision; both come from one source.
private enum ContrastKernel {
  /// - Parameter logNoise: of the logistic criterion; nil for softmax.
  static func rows<Scalar: TensorScalar>(
    _ predictions: UnsafePointer<Scalar>, _ latents: UnsafePointer<Scalar>, size: Int, positives: [Int32],
    negatives: UnsafePointer<Int32>, share: Int, count: Int, logNoise: Scalar?, weight: Scalar,
    dPredictions: UnsafeMutablePointer<Scalar>, dLatents: UnsafeMutablePointer<Scalar>, loss: inout Double,
    ranks: UnsafeMutablePointer<Int32>
  ) {
    let room = share * (count + 1) + (share > 1 ? count * size : 0)
    let (rows, size, share, count32) = (Int32(positives.count), Int32(size), Int32(share), Int32(count))
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: room) { scores in
      let scores = scores.baseAddress!
      // Invariant: the raw pointers are read as the very type they were made of.
      if Scalar.self == Float.self {
        if let logNoise {
          fd_logistic_rows_f32(
            view(predictions), view(latents), size, positives, negatives, rows, share, count32,
            Float(logNoise),
            Float(weight), view(scores), view(dPredictions), view(dLatents), &loss, ranks)
        } else {
          if share > 1 {
            // Invariant: a window's rows are anchors * K, and K of them share their negatives.
            fd_infonce_groups_f32(
              view(predictions), view(latents), size, positives, negatives, rows / share, share, count32,
              Float(weight), view(scores), view(dPredictions), view(dLatents), &loss, ranks)
          } else {
            fd_infonce_rows_f32(
              view(predictions), view(latents), size, positives, negatives, rows, count32, Float(weight),
              view(scores), view(dPredictions), view(dLatents), &loss, ranks)
          }
        }
      } else if Scalar.self == Double.self {
        if let logNoise {
          fd_logistic_rows_f64(
            view(predictions), view(latents), size, positives, negatives, rows, share, count32,
            Double(logNoise),
            Double(weight), view(scores), view(dPredictions), view(dLatents), &loss, ranks)
        } else {
          if share > 1 {
            // Invariant: a window's rows are anchors * K, and K of them share their negatives.
            fd_infonce_groups_f64(
              view(predictions), view(latents), size, positives, negatives, rows / share, share, count32,
              Double(weight), view(scores), view(dPredictions), view(dLatents), &loss, ranks)
          } else {
            fd_infonce_rows_f64(
              view(predictions), view(latents), size, positives, negatives, rows, count32, Double(weight),
              view(scores), view(dPredictions), view(dLatents), &loss, ranks)
          }
        }
      } else {
        preconditionFailure("no contrast kernel for \(Scalar.self)")
      }
    }
  }

  private static func view<From, To>(_ pointer: UnsafePointer<From>) -> UnsafePointer<To> {
    UnsafeRawPointer(pointer).assumingMemoryBound(to: To.self)
  }

  private static func view<From, To>(_ pointer: UnsafeMutablePointer<From>) -> UnsafeMutablePointer<To> {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: To.self)
  }
}
