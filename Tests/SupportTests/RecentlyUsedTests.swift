import Support
import Testing

@Suite struct RecentlyUsedTests {
  @Test func theOneNotUsedForLongestGivesWay() {
    var kept = RecentlyUsed<String, Int>(capacity: 2)
    #expect(kept.keep(1, for: "a") == nil)
    #expect(kept.keep(2, for: "b") == nil)
    #expect(kept.use("a") == 1)
    #expect(kept.keep(3, for: "c") == 2)
    #expect(kept.use("b") == nil)
    #expect(kept.use("a") == 1 && kept.use("c") == 3)
  }

  @Test func aKeyHasOneValue() {
    var kept = RecentlyUsed<String, Int>(capacity: 2)
    _ = kept.keep(1, for: "a")
    _ = kept.keep(2, for: "b")
    #expect(kept.keep(3, for: "a") == 1)
    #expect(kept.use("a") == 3 && kept.use("b") == 2)
  }
}
