import Testing

@testable import Support

@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 3, 7, 100]) func resultsStandInTheOrderOfTheirIndex(threads: Int) {
    for count in [0, 1, 2, 5, 64] {
      #expect(Parallel.map(count, threads: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
    }
  }

  /// Values that own memory are handed over whole and once: no leak of count, no double release.
  @Test func resultsMayOwnMemory() {
    let results = Parallel.map(200, threads: 4) { [String](repeating: "item \($0)", count: $0) }
    #expect(results.enumerated().allSatisfy { $1.count == $0 && ($0 == 0 || $1.first == "item \($0)") })
  }
}
