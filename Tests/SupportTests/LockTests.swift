import Testing

@testable import Support

@Suite struct LockTests {
  private struct Refusal: Error, Equatable {}

  @Test func nothingIsLostBetweenThreads() {
    let counts = Lock([0, 0])
    let seen = Parallel.map(2_000, threads: 4) { index in
      counts.withLock { counts in
        counts[index % 2] += 1
        return counts[0] + counts[1]
      }
    }
    #expect(counts.withLock { $0 } == [1_000, 1_000])
    // Each saw a sum of its own, so no two were in it at once.
    #expect(Set(seen).count == 2_000)
  }

  @Test func anErrorPassesThroughAndOpensTheLock() {
    let lock = Lock(1)
    #expect(throws: Refusal()) {
      try lock.withLock { (value: inout Int) throws(Refusal) in
        value = 2
        throw Refusal()
      }
    }
    #expect(lock.withLock { $0 } == 2)
  }
}
