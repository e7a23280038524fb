import Support
import Testing

@testable import SignalIO

@Suite struct RunningTimeStatisticsTests {
  private static let figures: [KeyPath<TimeStatistics, Double> & Sendable] = [
    \.mean, \.rms, \.standardDeviation, \.peak, \.peakToPeak, \.crestFactor, \.skewness, \.kurtosis,
    \.shapeFactor, \.impulseFactor, \.clearanceFactor,
  ]

  /// Skewed, with an offset far above its deviation, so that wrong joining shows.
  private static func signal(_ count: Int, seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in
      let x = random.normal()
      return Float(20 + x + 0.3 * x * x)
    }
  }

  @Test(arguments: [1, 7, 1000, 4096, 10_000], [1, 2, 3] as [UInt64])
  func blocksGiveWhatTheWholeGives(block: Int, seed: UInt64) {
    let samples = Self.signal(10_000, seed: seed)
    var running = RunningTimeStatistics()
    for start in stride(from: 0, to: samples.count, by: block) {
      running.add(Array(samples[start..<min(start + block, samples.count)]))
    }
    let (found, expected) = (running.statistics, TimeStatistics.of(samples))
    #expect(found.count == expected.count)
    for figure in Self.figures {
      let (a, b) = (found[keyPath: figure], expected[keyPath: figure])
      // Sums of 10,000 terms in another order: relative rounding near 1e-12, more where moments cancel.
      #expect(abs(a - b) <= 1e-8 * max(1, abs(b)), "seed \(seed), block \(block), \(figure): \(a) and \(b)")
    }
  }

  @Test func samplesThatAreNotFiniteAreNotCounted() {
    let samples = Self.signal(100, seed: 4)
    var clean = RunningTimeStatistics()
    clean.add(samples)
    var dirty = RunningTimeStatistics()
    dirty.add([.nan] + samples.prefix(50) + [.infinity])
    dirty.add([-.infinity])
    dirty.add(Array(samples.suffix(50)))
    #expect(dirty.statistics.count == 100)
    #expect(abs(dirty.statistics.kurtosis - clean.statistics.kurtosis) < 1e-9)
    #expect(dirty.statistics.peak == clean.statistics.peak)
  }

  @Test func silenceAndNothingAreZero() {
    var running = RunningTimeStatistics()
    #expect(running.statistics == TimeStatistics())
    running.add([Float](repeating: 0, count: 10))
    running.add([Float](repeating: 0, count: 5))
    #expect(running.statistics == TimeStatistics.of([Float](repeating: 0, count: 15)))
  }
}
