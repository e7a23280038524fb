import Synchronization
import Testing

@testable import Support

@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 3, 7, 100]) func resultsStandInTheOrderOfTheirIndex(threads: Int) {
    for count in [0, 1, 2, 5, 64] {
      #expect(Parallel.map(count, threads: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
    }
  }

  @Test(arguments: [0, 1, 2, 5, 64], [1, 2, 3, 7]) func runsCoverEverythingOnce(count: Int, threads: Int) {
    let visits = Mutex([Int](repeating: 0, count: count))
    let runs = Mutex(0)
    Parallel.forEachRun(of: count, threads: threads) { run in
      runs.withLock { $0 += 1 }
      visits.withLock { for i in run { $0[i] += 1 } }
    }
    #expect(visits.withLock { $0 } == [Int](repeating: 1, count: count))
    #expect(runs.withLock { $0 } <= threads)
  }

  /// Values that own memory are handed over whole and once: no leak of count, no double release.
  @Test func resultsMayOwnMemory() {
    let results = Parallel.map(200, threads: 4) { [String](repeating: "item \($0)", count: $0) }
    #expect(results.enumerated().allSatisfy { $1.count == $0 && ($0 == 0 || $1.first == "item \($0)") })
  }
}
