import Testing

@testable import CPC

@Suite struct RankCountsTests {
  @Test func countsFirstAndAmongFive() {
    let counts = RankCounts([0, 4, 5, -1, 0, 1])
    #expect(counts.count == 5 && counts.first == 2 && counts.amongFive == 4)
    #expect(counts.accuracy == 0.4 && counts.topFiveAccuracy(among: 6) == 0.8)
  }

  @Test func nothingIsSaidOfNothing() {
    #expect(RankCounts([-1]).accuracy == nil && RankCounts([-1]).topFiveAccuracy(among: 9) == nil)
    #expect(RankCounts([0]).topFiveAccuracy(among: 5) == nil)
  }

  @Test func partsAddUp() {
    #expect(RankCounts([0, 3]) + RankCounts([7, -1]) == RankCounts([0, 3, 7, -1]))
  }
}
