import CKernels

/// Long stretches of equal samples in a stream, and the typical length of all.
///
/// Runs of at least ``leastLength`` samples are kept with their places, at most ``capacity`` of them (then the longest),
/// so memory is bounded whatever the signal.
struct EqualRuns {
  static let leastLength = 16
  static let capacity = 4096

  struct Run: Equatable {
    var start: Int
    var length: Int
    var value: Float
  }

  private(set) var runs: [Run] = []
  /// Samples equal to the one before them.
  private var pairCount = 0
  private var shortestKept = Self.leastLength
  /// The run that the next block may continue.
  private var open: Run?

  /// Mean length of all runs, single samples included: near 1 for fine-grained samples, more for a slow or coarse signal.
  func typicalLength(frameCount: Int) -> Double {
    Double(frameCount) / Double(max(1, frameCount - pairCount))
  }

  /// Takes the next block; `position` is the number of its first sample, `equalPairs` from ``fd_summarize_signal``.
  mutating func add(_ block: UnsafeBufferPointer<Float>, at position: Int, equalPairs: Int) {
    pairCount += equalPairs
    var from = 0
    if var run = open {
      while from < block.count, block[from] == run.value { from += 1 }
      if from > 0 { pairCount += 1 }
      run.length += from
      open = run
      if from == block.count { return }
      keep(run)
    }
    var last = block.count - 1
    while last > from, block[last - 1] == block[last] { last -= 1 }
    if equalPairs >= Self.leastLength - 1 { search(block, from..<last, at: position) }
    open = Run(start: position + last, length: block.count - last, value: block[last])
  }

  /// Ends the stream.
  mutating func finish() {
    if let open { keep(open) }
    open = nil
  }

  private mutating func search(_ block: UnsafeBufferPointer<Float>, _ range: Range<Int>, at position: Int) {
    // Invariant: the pointer and the count describe the block itself; the hint reads below `count` only.
    guard let base = block.baseAddress else { return }
    var from = range.lowerBound
    while true {
      let hint = fd_next_run_hint(base, from, range.upperBound)
      guard hint < range.upperBound else { return }
      let value = block[hint]
      var start = hint
      while start > from, block[start - 1] == value { start -= 1 }
      var end = hint + 1
      while end < range.upperBound, block[end] == value { end += 1 }
      keep(Run(start: position + start, length: end - start, value: value))
      from = end
    }
  }

  private mutating func keep(_ run: Run) {
    guard run.length >= Self.leastLength else { return }
    guard run.length >= shortestKept else { return }
    runs.append(run)
    guard runs.count > Self.capacity else { return }
    let lengths = runs.map { $0.length }.sorted()
    shortestKept = lengths[Self.capacity / 2] + 1
    runs.removeAll { $0.length < shortestKept }
  }
}
