import Testing

@testable import CPC

@Suite struct BatchScheduleTests {
  static let counts = [5, 0, 9, 3, 12, 7]

  static func schedule(limit: Int = .max, batch: Int = 4, seed: UInt64 = 1) -> BatchSchedule {
    BatchSchedule(counts: counts, sizes: counts.map { $0 * 10 }, limit: limit, batchSize: batch, seed: seed)
  }

  static func epoch(_ number: Int, _ schedule: BatchSchedule) -> [BatchSchedule.Place] {
    var schedule = schedule
    return (0..<100).map { schedule.place(at: $0) }.filter { $0.epoch == number }
  }

  @Test func anEpochShowsEveryWindowAtMostOnce() {
    for seed in UInt64(0)..<20 {
      let items = Self.epoch(1, Self.schedule(seed: seed)).flatMap { $0.items }
      #expect(items.count == 36, "seed \(seed)")
      #expect(Set(items.map { $0.recording * 100 + $0.window }).count == 36, "seed \(seed)")
      #expect(items.allSatisfy { $0.window < Self.counts[$0.recording] }, "seed \(seed)")
    }
  }

  @Test func aStepIsTheSameWhateverWasAskedBefore() {
    var straight = Self.schedule()
    let places = (0..<40).map { straight.place(at: $0) }
    for step in [39, 0, 17, 8, 9, 10] {
      var fresh = Self.schedule()
      #expect(fresh.place(at: step) == places[step])
    }
  }

  @Test func poolsKeepToTheLimit() {
    for seed in UInt64(0)..<20 {
      let places = Self.epoch(0, Self.schedule(limit: 150, seed: seed))
      for place in places {
        let size = place.pool.reduce(0) { $0 + Self.counts[$1] * 10 }
        #expect(size <= 150 || place.pool.count == 1, "seed \(seed)")
        #expect(place.items.allSatisfy { place.pool.contains($0.recording) }, "seed \(seed)")
      }
      #expect(Set(places.flatMap { $0.pool }) == [0, 2, 3, 4, 5], "seed \(seed)")
      #expect(places.filter { $0.endsEpoch }.count == 1 && places.last!.endsEpoch, "seed \(seed)")
    }
  }

  @Test func epochsDiffer() {
    let schedule = Self.schedule()
    #expect(Self.epoch(0, schedule).map { $0.items } != Self.epoch(1, schedule).map { $0.items })
    #expect(Self.epoch(0, schedule) != Self.epoch(0, Self.schedule(seed: 2)))
  }

  @Test func aBatchLargerThanEverythingHoldsEverything() {
    var schedule = BatchSchedule(counts: [1, 1], sizes: [1, 1], limit: 1, batchSize: 64, seed: 1)
    #expect(schedule.place(at: 5).items.count == 2)
  }

  /// Every class as often, up to one window, however rare; recordings without a class never.
  @Test(arguments: [6, 7, 12]) func classesAreBalanced(size: Int) {
    let classes = [0, 1, nil, 0, 2]
    var schedule = BatchSchedule(
      counts: [40, 3, 50, 30, 5], sizes: [1, 1, 1, 1, 1], limit: 100, batchSize: size, seed: 3,
      classes: classes)
    var seen = Set<Int>()
    for step in 0..<20 {
      let items = schedule.place(at: step).items
      #expect(items.count == size)
      let counts = (0..<3).map { number in items.filter { classes[$0.recording] == number }.count }
      #expect(counts.reduce(0, +) == size && counts.max()! - counts.min()! <= 1, "\(counts)")
      seen.formUnion(items.map { 100 * $0.recording + $0.window })
    }
    #expect(seen.filter { [1, 4].contains($0 / 100) }.count == 8, "a rare class is shown whole")
    #expect(schedule.place(at: 78 / size - 1).endsEpoch)
  }

  /// With more classes than fit in twos, those of a batch take turns.
  @Test func manyClassesTakeTurns() {
    var schedule = BatchSchedule(
      counts: [Int](repeating: 8, count: 6), sizes: [Int](repeating: 1, count: 6), limit: 100, batchSize: 4,
      seed: 3,
      classes: Array(0..<6))
    var seen = Set<Int>()
    for step in 0..<3 {
      let classes = schedule.place(at: step).items.map { $0.recording }
      #expect(Set(classes).count == 2)
      seen.formUnion(classes)
    }
    #expect(seen.count == 6)
  }
}
