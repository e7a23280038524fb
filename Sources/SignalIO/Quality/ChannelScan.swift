import CKernels

/// Everything the quality gate gathers of one channel while its samples pass once.
struct ChannelScan {
  private(set) var frameCount = 0
  private(set) var notANumber = Occurrences()
  private(set) var infinite = Occurrences()
  private(set) var highest = ExtremeValues()
  /// Of the negated samples, so that its greatest are the signal's least.
  private(set) var lowest = ExtremeValues()
  private(set) var runs = EqualRuns()
  private(set) var minimum = Float.infinity
  private(set) var maximum = -Float.infinity
  private var sum = 0.0
  private var sumOfSquares = 0.0

  /// How often something happened, where first and last.
  struct Occurrences: Equatable {
    private(set) var count = 0
    private(set) var first = 0
    private(set) var last = 0

    mutating func add(_ position: Int) {
      if count == 0 { first = position }
      count += 1
      last = position
    }
  }

  /// Blocks are looked at in pieces that stay in the first-level cache between the passes.
  private static let pieceLength = 4096

  var finiteCount: Int { frameCount - notANumber.count - infinite.count }
  var mean: Double { finiteCount > 0 ? sum / Double(finiteCount) : 0 }
  var standardDeviation: Double {
    guard finiteCount > 0 else { return 0 }
    return max(0, sumOfSquares / Double(finiteCount) - mean * mean).squareRoot()
  }

  mutating func add(_ samples: [Float]) {
    samples.withUnsafeBufferPointer { buffer in
      var start = 0
      while start < buffer.count {
        let end = min(buffer.count, start + Self.pieceLength)
        add(piece: UnsafeBufferPointer(rebasing: buffer[start..<end]))
        start = end
      }
    }
  }

  mutating func finish() { runs.finish() }

  private mutating func add(piece: UnsafeBufferPointer<Float>) {
    let summary = fd_summarize_signal(piece.baseAddress, piece.count)
    runs.add(piece, at: frameCount, equalPairs: Int(summary.equal_pairs))
    if summary.non_finite > 0 {
      addCarefully(piece)
    } else {
      sum += summary.sum
      sumOfSquares += summary.sum_of_squares
      minimum = min(minimum, summary.minimum)
      maximum = max(maximum, summary.maximum)
      if summary.maximum >= highest.threshold { addHighest(piece) }
      if -summary.minimum >= lowest.threshold { addLowest(piece) }
    }
    frameCount += piece.count
  }

  private mutating func addHighest(_ piece: UnsafeBufferPointer<Float>) {
    for i in piece.indices where piece[i] >= highest.threshold { highest.add(piece[i], at: frameCount + i) }
  }

  private mutating func addLowest(_ piece: UnsafeBufferPointer<Float>) {
    for i in piece.indices where -piece[i] >= lowest.threshold { lowest.add(-piece[i], at: frameCount + i) }
  }

  /// The same for a piece with samples that are no finite numbers: those are counted and take no part in the rest.
  private mutating func addCarefully(_ piece: UnsafeBufferPointer<Float>) {
    for i in piece.indices {
      let x = piece[i]
      let position = frameCount + i
      if x.isNaN {
        notANumber.add(position)
      } else if x.isInfinite {
        infinite.add(position)
      } else {
        sum += Double(x)
        sumOfSquares += Double(x) * Double(x)
        minimum = min(minimum, x)
        maximum = max(maximum, x)
        highest.add(x, at: position)
        lowest.add(-x, at: position)
      }
    }
  }
}
