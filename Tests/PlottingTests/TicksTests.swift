import Testing

@testable import Plotting

@Suite struct TicksTests {
  @Test(arguments: [
    (0.0...10.0, ["0", "2", "4", "6", "8", "10"]), (0.0...1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (-0.03...0.021, ["\u{2212}0.02", "0.00", "0.02"]),
    (0.0...0.001, ["0.0000", "0.0002", "0.0004", "0.0006", "0.0008", "0.0010"]),
    (1_000_000.0...3_000_000.0, ["1.0e6", "1.5e6", "2.0e6", "2.5e6", "3.0e6"]),
    (0.0...4e-6, ["0", "1e\u{2212}6", "2e\u{2212}6", "3e\u{2212}6", "4e\u{2212}6"]),
    (7.3...7.31, ["7.300", "7.302", "7.304", "7.306", "7.308", "7.310"]),
  ])
  func ticksAreRoundAndToldApart(range: ClosedRange<Double>, labels: [String]) {
    #expect(Ticks(in: range).labels == labels)
  }

  /// Any range: ticks lie in it, are evenly spaced, few but enough, and no two labels are alike.
  @Test func everyRangeHasAFewTicks() {
    for exponent in -12...12 {
      for (low, span) in [(0.0, 1.0), (-3.7, 9.1), (12.34, 0.77), (-1, 1.9)] {
        var power = 1.0
        for _ in 0..<abs(exponent) { power *= exponent < 0 ? 0.1 : 10 }
        let range = low * power...(low + span) * power
        let ticks = Ticks(in: range)
        #expect((3...11).contains(ticks.values.count), "\(range): \(ticks.labels)")
        let slack = 1e-6 * span * power
        #expect(ticks.values.allSatisfy { $0 > range.lowerBound - slack && $0 < range.upperBound + slack })
        #expect(Set(ticks.labels).count == ticks.labels.count, "\(ticks.labels)")
      }
    }
  }
}
