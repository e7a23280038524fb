import Foundation
import Support
import Testing

@testable import FaultDiag

@Suite struct HealthyRangeTests {
  private func rows(_ count: Int, _ size: Int, seed: UInt64) -> [[Float]] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in (0..<size).map { Float(Double($0) + random.normal()) } }
  }

  /// Mean and deviation of log distances, each row against the others, in plain loops.
  @Test func leavesEveryRecordingOutOnce() {
    let values = rows(7, 5, seed: 1)
    let range = HealthyRange(values, measure: .spread)
    let inside = values.indices.map { i -> Double in
      let others = values.indices.filter { $0 != i }.map { values[$0] }
      let alone = HealthyRange(others, measure: .spread)
      var sum = 0.0
      for k in 0..<5 {
        let d = Double(values[i][k]) - Double(alone.center.storage[k])
        sum += d * d / Double(alone.variance.storage[k])
      }
      return 0.5 * log(sum / 5)
    }
    let mean = inside.reduce(0, +) / 7
    let deviation = (inside.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6).squareRoot()
    #expect(abs(range.mean - mean) < 1e-5)
    #expect(abs(range.deviation - deviation) < 1e-5)
  }

  @Test(arguments: [HealthyRange.Measure.spread, .nearest])
  func isStrangerTheFurtherAway(measure: HealthyRange.Measure) {
    let values = rows(20, 4, seed: 2)
    let range = HealthyRange(values, measure: measure)
    let near = range.strangeness(values[3])
    let far = range.strangeness(values[3].map { $0 + 5 })
    let farther = range.strangeness(values[3].map { $0 + 20 })
    #expect(near < far && far < farther)
  }

  @Test func nearestTakesTheNearestOfTwoClouds() {
    let clouds = rows(10, 3, seed: 3) + rows(10, 3, seed: 4).map { row in row.map { $0 + 30 } }
    let nearest = HealthyRange(clouds, measure: .nearest)
    // Between the clouds is the middle of all, but near to none.
    let between = rows(1, 3, seed: 5)[0].map { $0 + 15 }
    #expect(nearest.strangeness(between) > 3)
    #expect(HealthyRange(clouds, measure: .spread).strangeness(between) < 0)
  }

  @Test func surpriseIsStrangeAboveOnly() {
    let range = HealthyRange([[1], [2], [3]], measure: .above)
    #expect(range.strangeness([4]) == 2)
    #expect(range.strangeness([0]) == -2)
  }

  @Test func valuesThatNeverChangeDoNotRule() {
    let values = (0..<6).map { [Float($0), 7] }
    let range = HealthyRange(values, measure: .spread)
    #expect(range.strangeness([2.5, 7.001]).isFinite)
    #expect(HealthyRange([[1], [1], [1]], measure: .spread).strangeness([1]).isFinite)
  }

  /// Of two machines with 5 and 9 recordings, the first one's variance is the mean in logarithms of its own, 4 times, and
  /// the other's, 8 times.
  @Test func sistersLendVarianceAndSpread() {
    let few = rows(5, 3, seed: 6)
    let many = rows(9, 3, seed: 7).map { row in row.map { 10 * $0 } }
    let alone = [few, many].map { HealthyRange($0, measure: .spread) }
    let together = HealthyRange.together([few, many], measure: .spread)
    for k in 0..<3 {
      let (own, sister) = (alone[0].variance.storage[k], alone[1].variance.storage[k])
      let expected = exp((4 * log(own) + 8 * log(sister)) / 12)
      #expect(abs(together[0].variance.storage[k] / expected - 1) < 1e-5)
    }
    #expect(together[0].center == alone[0].center)
    #expect(HealthyRange.together([many, few], measure: .spread) == together.reversed())
    // Where the value itself is measured no variance has a part in the spread.
    let (narrow, wide) = ([[1], [2], [3]] as [[Float]], [[1], [5], [9], [13], [17]] as [[Float]])
    let spreads = [narrow, wide].map { log(HealthyRange($0, measure: .above).deviation) }
    let lent = HealthyRange.together([narrow, wide], measure: .above).map { log($0.deviation) }
    #expect(abs(lent[0] - (2 * spreads[0] + 8 * spreads[1]) / 10) < 1e-9)
    #expect(abs(lent[1] - (4 * spreads[1] + 8 * spreads[0]) / 12) < 1e-9)
  }

  /// Four recordings a machine show 30 variances badly: those of five alike machines together tell changed recordings
  /// from new healthy ones better.
  @Test func sistersHelpMachinesOfFewRecordings() throws {
    let machines = (0..<5).map { rows(4, 30, seed: 10 + $0) }
    let healthy = rows(60, 30, seed: 20)
    let changed = rows(60, 30, seed: 21).map { row in row.map { $0 + 0.6 } }
    func area(_ ranges: [HealthyRange]) throws -> Double {
      let scores = ranges.flatMap { range in (healthy + changed).map { range.strangeness($0) } }
      let truth = ranges.flatMap { _ in healthy.map { _ in false } + changed.map { _ in true } }
      return try #require(ReceiverOperatingCharacteristic.area(scores: scores, positive: truth))
    }
    let alone = try area(machines.map { HealthyRange($0, measure: .spread) })
    let together = try area(HealthyRange.together(machines, measure: .spread))
    #expect(together > alone + 0.02)
  }
}

@Suite struct MannKendallTests {
  @Test func straightRiseAndFall() throws {
    let rise = try #require(MannKendall((0..<10).map(Double.init)))
    #expect(rise.tau == 1)
    // S = 45, var S = 10 * 9 * 25 / 18 = 125, z = 44 / sqrt(125) = 3.9355.
    #expect(abs(rise.pValue - 8.303e-5) < 1e-7)
    let fall = try #require(MannKendall((0..<10).map { -Double($0) }))
    #expect(fall.tau == -1 && fall.pValue == rise.pValue)
  }

  @Test func tiesAndNoTrend() throws {
    let equal = try #require(MannKendall([2, 2, 2, 2, 2]))
    #expect(equal.tau == 0 && equal.pValue == 1)
    #expect(MannKendall([1, 2, 3]) == nil)
  }

  @Test func noiseSeldomHasATrend() {
    var random = RandomSource(seed: 5)
    let trends = (0..<400).count { _ in
      MannKendall((0..<30).map { _ in random.normal() })!.pValue < 0.05
    }
    // 20 expected; 95 % of the time between 12 and 29.
    #expect((8...36).contains(trends))
  }
}

@Suite struct RecordingOrderTests {
  @Test func timeWinsOverNames() {
    let sorted = RecordingOrder.sorted(paths: ["b.wav", "a.wav", "c.wav"], times: [1, 3, 2])
    #expect(sorted.order == [0, 2, 1] && sorted.basis == .time)
  }

  @Test func numbersCompareAsNumbers() {
    let sorted = RecordingOrder.sorted(paths: ["r10.wav", "r9.wav", "r100.wav"], times: [nil, nil, nil])
    #expect(sorted.order == [1, 0, 2] && sorted.basis == .numbering)
  }

  @Test func namesAloneAreNoOrder() {
    let sorted = RecordingOrder.sorted(paths: ["left.wav", "x1.wav", "belt.wav"], times: [5, nil, 7])
    #expect(sorted.order == [2, 0, 1] && sorted.basis == .none)
  }

  @Test func equalTimesAreNoOrder() {
    #expect(RecordingOrder.sorted(paths: ["a1", "a2"], times: [4, 4]).basis == .numbering)
  }
}

@Suite struct BaselineFoldsTests {
  @Test func laterCalibratesEarlier() {
    let folds = BaselineFolds.chronological
    #expect((0..<5).map { folds.heldOutFold($0, of: 5) } == [nil, nil, nil, 0, 0])
    #expect((0..<5).map { folds.learns(0, from: $0, of: 5) } == [true, true, true, false, false])
  }

  @Test(arguments: [4, 5, 9]) func blocksLeaveEachPieceOutOnce(count: Int) {
    let folds = BaselineFolds.blocks(4)
    let held = (0..<count).compactMap { folds.heldOutFold($0, of: count) }
    #expect(held == held.sorted() && Set(held) == [0, 1, 2, 3] && held.count == count)
    for piece in 0..<count {
      #expect((0..<4).count { !folds.learns($0, from: piece, of: count) } == 1)
    }
  }
}
