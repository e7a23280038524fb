import Dispatch
import Synchronization

/// Work split over threads with results in a fixed order, so that a thread count means the same bytes.
package enum Parallel {
  /// Maps `0 ..< count` on at most `threads` threads; `result[i]` is `body(i)` whatever ran first.
  package static func map<T: Sendable>(
    _ count: Int, threads: Int, _ body: @Sendable (Int) -> T
  ) -> [T] {
    guard count > 1, threads > 1 else { return (0..<count).map(body) }
    return [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Invariant: item i is written exactly once, by the one iteration that owns it.
      nonisolated(unsafe) let slots = buffer.baseAddress!
      let workers = min(threads, count)
      // Items take unlike times: whoever is free takes the next one.
      let next = Atomic(0)
      DispatchQueue.concurrentPerform(iterations: workers) { _ in
        while case let i = next.wrappingAdd(1, ordering: .relaxed).oldValue, i < count {
          (slots + i).initialize(to: body(i))
        }
      }
      initialized = count
    }
  }

  /// Calls `body` with as many contiguous runs of `0 ..< count` as there are threads.
  package static func forEachRun(of count: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let runs = max(1, min(threads, count))
    _ = map(runs, threads: runs) { body(count * $0 / runs..<count * ($0 + 1) / runs) }
  }
}
