import Foundation
import Support
import Testing

@testable import SignalIO

struct KurtogramTests {
  @Test func findsTheStruckResonance() throws {
    let kurtogram = try Kurtogram(sampleRate: 12000, frameCount: 12000)
    let strikes = FeatureSignals.struckResonance(order: 1.3)
    let best = kurtogram.best(of: strikes)
    #expect(best.lowest < 3000 && best.highest > 3000 && best.kurtosis > 1)
    // And a strong steady tone elsewhere does not mislead it.
    let tone = FeatureSignals.tone(700, amplitude: 5, count: 12000)
    let masked = kurtogram.best(of: zip(strikes, tone).map { $0 + $1 })
    #expect(masked.lowest > 1000 && masked.highest > 2900 && masked.kurtosis > 0.8)
  }

  @Test func toneIsMinusOneAndNoiseZero() throws {
    let kurtogram = try Kurtogram(sampleRate: 12000, frameCount: 12000)
    let tone = kurtogram.bands(of: FeatureSignals.tone(1234, count: 12000))
    #expect(abs(tone[0].kurtosis + 1) < 1e-4)
    var random = RandomSource(seed: 6)
    let noise = kurtogram.bands(of: (0..<12000).map { _ in Float(random.normal()) })
    #expect(abs(noise[0].kurtosis) < 0.15)
    let narrow = noise.suffix(24).map(\.kurtosis)
    #expect(abs(narrow.reduce(0, +) / Double(narrow.count)) < 0.1)
  }

  /// A single impulse fills one point of M with equal bins: mean |z|^4 / (mean |z|^2)^2 is M for the
  /// critically sampled band.
  @Test func impulseIsAsPeakedAsItsBandAllows() throws {
    let kurtogram = try Kurtogram(sampleRate: 16000, frameCount: 16002)
    let all = kurtogram.bands(of: FeatureSignals.impulse(at: 0, count: 16002))
    // 8000 bins and 8000 points.
    #expect(abs(all[0].kurtosis - 7998) < 8)
  }

  @Test func chosenRowsAreThoseOfTheGrid() throws {
    let noise = FeatureSignals.struckResonance(order: 1.3)
    let whole = try Kurtogram(sampleRate: 12000, frameCount: noise.count)
    let row = try Kurtogram(sampleRate: 12000, frameCount: noise.count, divisions: [16]).bands(of: noise)
    #expect(row.count == 16)
    let width = try #require(row.first).width
    #expect(row == whole.bands(of: noise).filter { abs($0.width - width) < 1e-9 })
    #expect(throws: SignalIOError.self) {
      try Kurtogram(sampleRate: 12000, frameCount: 256, divisions: [16])
    }
  }

  @Test func gridCoversTheRangeWithoutGapsOrOverlap() throws {
    let kurtogram = try Kurtogram(sampleRate: 12000, frameCount: 12000, minimumPoints: 100)
    #expect(kurtogram.divisions == [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48])
    let all = kurtogram.bands(of: FeatureSignals.noise(seed: 1, count: 12000))
    #expect(all.count == kurtogram.divisions.reduce(0, +))
    var index = 0
    for division in kurtogram.divisions {
      for b in 1..<max(2, division) where b < division {
        #expect(abs(all[index + b].lowest - all[index + b - 1].highest) < 1e-9)
      }
      index += division
      #expect(all[index - 1].highest <= 6000)
    }
  }

  @Test func silenceIsZeroAndShortWindowsAreRefused() throws {
    let kurtogram = try Kurtogram(sampleRate: 12000, frameCount: 1000)
    #expect(kurtogram.bands(of: [Float](repeating: 0, count: 1000)).allSatisfy { $0.kurtosis == 0 })
    #expect(throws: SignalIOError.self) { try Kurtogram(sampleRate: 12000, frameCount: 100) }
    #expect(throws: SignalIOError.self) { try Kurtogram(sampleRate: 0, frameCount: 1000) }
  }
}
