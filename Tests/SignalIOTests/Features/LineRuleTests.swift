import Foundation
import Testing

@testable import SignalIO

struct LineRuleTests {
  private let orders = FaultOrders(outer: 3.58, inner: 5.42, ball: 4.72, cage: 0.398)

  /// A row with lines of the given heights at the first four multiples of `order`, and beside them.
  private func row(order: Double, height: Float = 2, beside shift: Double? = nil, sides: Float = 0) -> [Float]
  {
    var values = [Float](repeating: 0, count: 1201)
    for h in 1...4 {
      let centre = Double(h) * order
      values[Int((centre / 0.02).rounded())] = height
      for side in [-1.0, 1] {
        if let shift { values[Int(((centre + side * shift) / 0.02).rounded())] = sides }
      }
    }
    return values
  }
  private func rule(_ row: [Float]) -> LineRule { LineRule(row: row, orderStep: 0.02, orders: orders) }

  @Test func theFamilyWhoseLinesStandIsAloneAboveZero() throws {
    for family in [FaultFamily.outer, .inner, .ball] {
      let rule = rule(row(order: orders[family]))
      for found in rule.families { #expect((found.score > 0) == (found.family == family)) }
      #expect(abs(try #require(rule[family]).slip) <= 0.004)
    }
  }

  /// The formula by hand: a line of height 2 without sidebands has strength 2 (outer) or 2 / 2 (inner, ball).
  @Test func sidebandsAreReadWhereTheShaftOrTheCageModulates() throws {
    let bare = rule(row(order: 5.42))
    let modulated = rule(row(order: 5.42, beside: 1, sides: 2))
    #expect(abs(try #require(bare[.inner]).strength - 1) < 1e-3)
    #expect(abs(try #require(modulated[.inner]).strength - 2) < 1e-3)
    let ball = rule(row(order: 4.72, beside: 0.398, sides: 2))
    #expect(try #require(ball[.ball]).strength > 1.9)
    #expect(abs(try #require(rule(row(order: 3.58, beside: 1, sides: 2))[.outer]).strength - 2) < 1e-3)
  }

  /// Lines of a rolling element may stand 4 % off, those of races no further than 1.6 % below and 1.2 % above.
  @Test func rollingElementsAreSearchedFurtherThanRaces() throws {
    for shift in [-0.035, -0.015, 0.011, 0.035] {
      let ball = try #require(rule(row(order: 4.72 * (1 + shift), beside: 0.398, sides: 2))[.ball])
      #expect(abs(ball.slip - shift) < 0.006 && ball.strength > 1.5, "\(shift): \(ball)")
      let outer = try #require(rule(row(order: 3.58 * (1 + shift)))[.outer])
      #expect((outer.strength > 1.5) == (abs(shift) < 0.02), "\(shift): \(outer)")
    }
  }

  /// Half of the mean of what stands within 13 % of the order and of twice the order is added to a rolling element's
  /// strength, and to nobody else's.
  @Test func theSmearOfARollingElementCounts() throws {
    var values = [Float](repeating: 0, count: 1201)
    let (low, high) = (4.72 * 0.87 / 0.02, 4.72 * 1.13 / 0.02)
    for step in Int(low.rounded(.up))...Int(high) { values[step] = 0.4 }
    let smeared = rule(values)
    // The first of four harmonics, its sidebands and half of the mean of 0.4 and 0.
    #expect(abs(try #require(smeared[.ball]).strength - (0.4 / 4 + 0.5 * 0.2)) < 1e-3)
    #expect(abs(try #require(smeared[.outer]).strength) < 1e-6)
    let beyond = FaultOrders(outer: 3.58, inner: 5.42, ball: 47.2, cage: 0.398)
    let off = LineRule(row: values, orderStep: 0.02, orders: beyond)
    #expect(try #require(off[.ball]).strength == 0)
  }

  /// Strong lines of another bearing beside weak ones of this one: nothing here scores.
  @Test func strongerLinesOfNoFamilyAreARival() throws {
    let weak = row(order: 3.58, height: 1)
    #expect(try #require(rule(weak)[.outer]).score > 0)
    let both = zip(weak, row(order: 4.11, height: 3)).map { max($0, $1) }
    let beside = rule(both)
    #expect(beside.families.allSatisfy { $0.score < 0 })
    let strongest = try #require(beside.strongestRivals(3).first)
    #expect(abs(strongest.order / 4.11 - 1) < 0.006 && strongest.strength > 2.5)
  }

  @Test func rivalsKeepAwayFromFamiliesAndFromEachOther() {
    let rule = rule(row(order: 3.58))
    for rival in rule.rivals {
      for family in [orders.outer, orders.inner, orders.ball] {
        for multiple in [0.5, 1, 2] { #expect(abs(rival.order / (multiple * family) - 1) >= 0.03 - 0.0041) }
      }
    }
    let picked = rule.strongestRivals(5)
    #expect(picked.count == 5)
    #expect(zip(picked, picked.dropFirst()).allSatisfy { $0.strength >= $1.strength })
    for (i, a) in picked.enumerated() {
      for b in picked[(i + 1)...] { #expect(abs(b.order / a.order - 1) >= 0.03) }
    }
  }

  /// Alike everywhere: each family's rivals are all others, so the score is minus T times the log of their number.
  @Test func silenceScoresTheNumberOfRivals() {
    let rule = rule([Float](repeating: 0, count: 1201))
    let expected = -0.2 * log(Double(rule.rivals.count + 2))
    #expect(rule.families.allSatisfy { abs($0.score - expected) < 1e-9 && $0.strength == 0 })
  }

  @Test func linesOfBandsAreAveragedAndTheWhitenedBandIsAdded() {
    var values = [Float](repeating: 0, count: 12 * 1201)
    let comb = row(order: 3.58, height: 1)
    for band in 0..<12 where band != 10 {
      for step in 0..<1201 { values[band * 1201 + step] = comb[step] }
    }
    let lines = EnvelopeLines(values: values, bandCount: 12, orderStep: 0.02)
    let expected = rule(row(order: 3.58, height: 2))
    for (a, b) in zip(LineRule(lines, orders: orders).families, expected.families) {
      #expect(abs(a.score - b.score) < 1e-5 && a.family == b.family)
    }
  }

  @Test func harmonicsBeyondTheAxisAreLeftOut() throws {
    var values = [Float](repeating: 0, count: 1201)
    for h in 1...2 { values[h * 500] = 3 }
    let far = FaultOrders(outer: 10, inner: 13.1, ball: 7.7, cage: 0.4)
    let rule = LineRule(row: values, orderStep: 0.02, orders: far)
    #expect(abs(try #require(rule[.outer]).strength - 3) < 1e-3)
  }
}
