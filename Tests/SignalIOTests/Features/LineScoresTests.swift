import Testing

@testable import SignalIO

struct LineScoresTests {
  private let orders = FaultOrders(outer: 3.58, inner: 5.42, ball: 4.72, cage: 0.398)

  /// Lines of the given height at the first four multiples of `order`, in all twelve bands.
  private func lines(order: Double, height: Float) -> EnvelopeLines {
    var values = [Float](repeating: 0, count: 12 * 1201)
    for band in 0..<12 {
      for h in 1...4 { values[band * 1201 + Int((Double(h) * order / 0.02).rounded())] = height }
    }
    return EnvelopeLines(values: values, bandCount: 12, orderStep: 0.02)
  }

  @Test func aFamilyWithLinesScoresTheirHeight() throws {
    let scores = LineScores(lines(order: 5.42, height: 2), orders: orders)
    let inner = try #require(scores[.inner])
    // Ten bands' mean plus the whitened band.
    #expect(abs(inner.strength - 4) < 1e-3 && scores.best.family == .inner)
    #expect(scores.families.map(\.family) == [.outer, .inner, .ball])
    let ball = try #require(scores[.ball])
    let outer = try #require(scores[.outer])
    #expect(abs(inner.score - (inner.strength - max(ball.strength, outer.strength))) < 1e-12)
    #expect(abs(outer.score - (outer.strength - inner.strength)) < 1e-12)
  }

  @Test func slipWithinReachIsFoundAndBeyondItIsNot() throws {
    let slipped = LineScores(lines(order: 5.42 * 0.99, height: 2), orders: orders)
    let found = try #require(slipped[.inner])
    #expect(found.slip < -0.005 && found.slip > -0.015 && found.strength > 3.3)
    let lost = try #require(LineScores(lines(order: 5.42 * 1.05, height: 2), orders: orders)[.inner])
    #expect(lost.strength < 1.5)
  }

  @Test func nothingScoresNothing() {
    let scores = LineScores(
      EnvelopeLines(values: [Float](repeating: 0, count: 12 * 1201), bandCount: 12, orderStep: 0.02),
      orders: orders)
    #expect(scores.families.allSatisfy { $0.score == 0 && $0.strength == 0 })
  }

  @Test func harmonicsBeyondTheAxisAreLeftOut() throws {
    var values = [Float](repeating: 0, count: 12 * 1201)
    for band in 0..<12 {
      for h in 1...2 { values[band * 1201 + h * 500] = 3 }
    }
    let far = FaultOrders(outer: 3.1, inner: 10, ball: 7.7, cage: 0.4)
    let scores = LineScores(EnvelopeLines(values: values, bandCount: 12, orderStep: 0.02), orders: far)
    #expect(abs(try #require(scores[.inner]).strength - 6) < 1e-3)
  }

  @Test func valuesAreReadBetweenStepsAndNotBeyond() {
    let lines = EnvelopeLines(values: [0, 1, 4, 5, 5, 7], bandCount: 2, orderStep: 0.5)
    #expect(lines.value(band: 0, order: 0.75) == 2.5)
    #expect(lines.value(band: 1, order: 1) == 7)
    #expect(lines.value(band: 0, order: 1.01) == nil)
    #expect(lines.maximumOrder == 1 && Array(lines[band: 1]) == [5, 5, 7])
  }
}
