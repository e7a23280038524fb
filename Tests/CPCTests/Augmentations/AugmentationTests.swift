import Foundation
import SignalIO
import Support
import Testing

@testable import CPC

/// That each augmentation does to a signal what it says.
@Suite struct AugmentationTests {
  static let rate = 8000.0

  static func tone(_ hertz: Double, count: Int = 1600) -> [Float] {
    (0..<count).map { Float(sin(2 * .pi * hertz * Double($0) / rate)) }
  }

  static func decibels(_ samples: some Collection<Float>) -> Double {
    10 * log10(samples.reduce(1e-30) { $0 + Double($1 * $1) } / Double(samples.count))
  }

  static func apply(_ augmentation: some Augmentation, _ samples: [Float], _ strength: Double, seed: UInt64)
    -> [Float]
  {
    var (result, random) = (samples, RandomSource(seed: seed))
    augmentation.apply(to: &result, strength: strength, sampleRate: rate, random: &random)
    return result
  }

  /// Level of each of 16 equal bands, in dB.
  static func bandLevels(_ samples: [Float]) -> [Double] {
    let spectrum = FourierTransform(length: samples.count).spectrum(of: samples)
    return MaskProbability.parts(16, of: samples.count / 2 + 1).map { part in
      decibels(Array(spectrum[2 * part.lowerBound..<2 * part.upperBound]))
    }
  }

  @Test func gainAndNoiseStayWithinTheirStrength() {
    let x = Self.tone(500)
    for seed in 1...30 as ClosedRange<UInt64> {
      let gain = Self.decibels(Self.apply(GainAugmentation(), x, 6, seed: seed)) - Self.decibels(x)
      #expect(abs(gain) <= 6.001)
      let noisy = Self.apply(NoiseAugmentation(), x, 0.1, seed: seed)
      let noise = zip(noisy, x).map { $0 - $1 }
      // 20 dB at most, and the power of 1600 draws scatters by 0.15 dB.
      #expect(Self.decibels(noise) < Self.decibels(x) - 20 + 0.8)
    }
  }

  @Test func shiftMovesByNoMoreThanAskedAndMirrors() {
    let x = AugmentationContract.noise(800)
    for seed in 1...20 as ClosedRange<UInt64> {
      let y = Self.apply(ShiftAugmentation(), x, 0.01, seed: seed)
      let shifts = (-80...80).filter { d in (100..<700).allSatisfy { y[$0] == x[$0 - d] } }
      #expect(shifts.count == 1)
      guard let d = shifts.first, d > 0 else { continue }
      #expect(y[0] == x[d] && y[d] == x[0])
    }
  }

  @Test func mirroredStretchesFollowTheMirroredIndex() {
    let x = (0..<7).map { Float($0) }
    for start in -20...20 {
      for count in [0, 1, 5, 7, 30] {
        let expected = (start..<start + count).map { x[Mirror.index($0, in: x.indices)] }
        #expect(Mirror.stretch(of: x, from: start, count: count) == expected)
      }
    }
  }

  /// The formulas of both kinds of gains once more, place by place.
  @Test func gainsFollowTheirFormulas() {
    let levels = [3.0, -6, 0, 0, 12, -1, 2, 5, -4]
    for bins in [1, 2, 5, 9, 100, 801] {
      let gains = FilterAugmentation.gains(levels, bins: bins)
      #expect(gains.count == bins)
      for (bin, gain) in gains.enumerated() {
        let place = Double(bin) / Double(max(bins - 1, 1)) * 8
        let left = min(Int(place), 7)
        let level = levels[left] + (place - Double(left)) * (levels[left + 1] - levels[left])
        #expect(abs(20 * log10(Double(gain)) - level) < 1e-5)
      }
    }
    for edge in [0, 1, 4, 9, 300] {
      let masked = [0..<5, 40..<60, 55..<70, 95..<100]
      let isMasked = (0..<100).map { i in masked.contains { $0.contains(i) } }
      for (i, gain) in Mask.gains(count: 100, masked: masked, edge: edge).enumerated() {
        let near = isMasked[max(0, i - edge / 2)..<min(100, i + edge / 2 + 1)]
        let share = Double(near.count { $0 }) / Double(near.count)
        #expect(abs(Double(gain) - pow(10, -share)) < 1e-6)
      }
    }
  }

  @Test func cropKeepsAPartInItsPlace() {
    let x = AugmentationContract.noise(500)
    for seed in 1...20 as ClosedRange<UInt64> {
      let y = Self.apply(CropAugmentation(), x, 0.5, seed: seed)
      let kept = x.indices.filter { x[$0] == y[$0] }
      #expect(kept.count >= 250 && kept.last! - kept.first! == kept.count - 1)
      #expect(Set(y).isSubset(of: Set(x)))
    }
  }

  @Test func speedMovesATone() {
    let x = Self.tone(1000, count: 8000)
    for seed in 1...8 as ClosedRange<UInt64> {
      let y = Self.apply(SpeedAugmentation(), x, 5, seed: seed)
      // Zero crossings of the inner part, away from the mirrored ends: 2 a period.
      let inner = Array(y[500..<7500])
      let crossings = zip(inner, inner.dropFirst()).filter { $0.0 < 0 && $0.1 >= 0 }.count
      let hertz = Double(crossings) / (7000 / Self.rate)
      #expect(abs(hertz - 1000) < 52 && abs(hertz - 1000) > 0.1)
      #expect(abs(Self.decibels(inner) + 3.01) < 0.05)
    }
  }

  @Test func filterStaysWithinItsResponse() {
    let x = AugmentationContract.noise(4096)
    let before = Self.bandLevels(x)
    for seed in 1...10 as ClosedRange<UInt64> {
      let changes = zip(Self.bandLevels(Self.apply(FilterAugmentation(), x, 6, seed: seed)), before).map {
        $0 - $1
      }
      #expect(changes.allSatisfy { abs($0) < 6.05 })
      #expect(changes.max()! - changes.min()! > 1)
    }
  }

  @Test func masksLowerAPartBy20Decibels() {
    let x = AugmentationContract.noise(4096)
    for seed in 1...10 as ClosedRange<UInt64> {
      let bands = zip(
        Self.bandLevels(Self.apply(BandMaskAugmentation(), x, 0.5, seed: seed)), Self.bandLevels(x))
      #expect(bands.allSatisfy { $0 - $1 > -20.01 && $0 - $1 < 0.01 })
      #expect(bands.filter { $0 - $1 > -0.01 }.count >= 6)
      let y = Self.apply(TimeMaskAugmentation(), x, 0.5, seed: seed)
      let ratios = zip(y, x).map { Double($0 / $1) }
      #expect(ratios.allSatisfy { $0 > 0.0999 && $0 <= 1 })
      let masked = ratios.indices.filter { ratios[$0] < 0.1001 }
      #expect(masked.count <= 2048)
      if let first = masked.first { #expect(masked.last! - first == masked.count - 1) }
    }
    let lowered = (1...10).filter { Self.apply(BandMaskAugmentation(), x, 0.5, seed: $0) != x }
    #expect(lowered.count >= 9)
  }

  @Test func adaptiveTimeMaskKeepsTheImpact() {
    var x = AugmentationContract.noise(3200).map { $0 * 0.1 }
    for i in 0..<60 { x[1020 + i] += 5 * Float(exp(-Double(i) / 15) * cos(Double(i))) }
    var masked = [Int](repeating: 0, count: 32)
    for seed in 1...40 as ClosedRange<UInt64> {
      let y = Self.apply(AdaptiveTimeMaskAugmentation(), x, 0.3, seed: seed)
      for (frame, part) in MaskProbability.parts(32, of: 3200).enumerated() {
        let middle = (part.lowerBound + part.upperBound) / 2
        if y[middle] != x[middle] { masked[frame] += 1 }
      }
    }
    // The impact lies in frame 10; all others are masked now and then.
    #expect(masked[10] == 0)
    #expect(masked.enumerated().allSatisfy { $0.offset == 10 || $0.element > 0 })
  }

  @Test func adaptiveBandMaskKeepsTheResonance() {
    // Impacts ring at 2700 Hz, in band 10 of 16 up to 4000 Hz.
    var x = AugmentationContract.noise(8192).map { $0 * 0.3 }
    for start in stride(from: 100, to: 8000, by: 400) {
      for i in 0..<100 where start + i < x.count {
        x[start + i] += 4 * Float(exp(-Double(i) / 20) * sin(2 * .pi * 2700 * Double(i) / Self.rate))
      }
    }
    let before = Self.bandLevels(x)
    var masked = [Int](repeating: 0, count: 16)
    for seed in 1...40 as ClosedRange<UInt64> {
      let after = Self.bandLevels(Self.apply(AdaptiveBandMaskAugmentation(), x, 0.3, seed: seed))
      for band in 0..<16 where after[band] < before[band] - 10 { masked[band] += 1 }
    }
    #expect(masked[10] == 0)
    #expect(masked.filter { $0 > 0 }.count >= 12)
  }

  @Test func maskProbabilitiesFollowTheirFormula() {
    let shares = [1.0, 2, 4, 8]
    let w = shares.map { log($0 / 15) }
    let mean = w.reduce(0, +) / 4
    let found = MaskProbability.probabilities(importances: shares, mean: 0.2)
    for (p, w) in zip(found, w) {
      #expect(abs(p - 0.2 * (log(8.0 / 15) - w) / (log(8.0 / 15) - mean)) < 1e-12)
    }
    #expect(MaskProbability.probabilities(importances: [3, 3], mean: 0.2) == [0.2, 0.2])
    #expect(MaskProbability.probabilities(importances: [0, 0], mean: 0.2) == [0.2, 0.2])
    #expect(MaskProbability.probabilities(importances: [0, 1e9], mean: 0.6) == [0.7, 0])
  }
}
