import Testing

@testable import SignalIO

struct TimeStatisticsTests {
  @Test func agreesWithSciPy() throws {
    let golden = try #require(FeatureGolden.loaded?.statistics)
    let got = TimeStatistics.of(FeatureSignals.struckResonance(count: 6000))
    let pairs: [(String, Double)] = [
      ("mean", got.mean), ("rms", got.rms), ("standardDeviation", got.standardDeviation),
      ("skewness", got.skewness),
      ("kurtosis", got.kurtosis), ("peak", got.peak), ("shapeFactor", got.shapeFactor),
      ("clearanceFactor", got.clearanceFactor),
    ]
    for (name, value) in pairs {
      let expected = try #require(golden[name])
      #expect(abs(value - expected) < 1e-6 * max(1, abs(expected)), "\(name): \(value), expected \(expected)")
    }
  }

  @Test func sineHasItsTextbookFactors() {
    let s = TimeStatistics.of(FeatureSignals.tone(100, amplitude: 2, phase: 0.3, count: 12000))
    #expect(abs(s.rms - 2.0.squareRoot()) < 1e-6 && abs(s.crestFactor - 2.0.squareRoot()) < 1e-3)
    #expect(abs(s.kurtosis + 1.5) < 1e-5 && abs(s.skewness) < 1e-6)
    #expect(abs(s.shapeFactor - 1.110721) < 1e-4 && abs(s.impulseFactor - 1.570796) < 1e-3)
    #expect(abs(s.peakToPeak - 4) < 1e-2)
  }

  @Test func impulseHasTheLargestKurtosis() {
    // One sample of 1 among N: variance p(1-p), excess kurtosis 1 / (p (1-p)) - 6 with p = 1/N.
    let s = TimeStatistics.of(FeatureSignals.impulse(at: 3, count: 1000))
    #expect(abs(s.kurtosis - (1 / (0.001 * 0.999) - 6)) < 1e-6)
    #expect(abs(s.crestFactor - 1000.0.squareRoot()) < 1e-9 && abs(s.impulseFactor - 1000) < 1e-6)
    #expect(abs(s.clearanceFactor - 1e6) < 1e-3)
  }

  @Test func noiseIsFlat() {
    let s = TimeStatistics.of(FeatureSignals.noise(seed: 2, count: 50000))
    // Uniform: excess kurtosis -1.2, deviation 1.
    #expect(abs(s.kurtosis + 1.2) < 0.02 && abs(s.standardDeviation - 1) < 0.01 && abs(s.skewness) < 0.03)
  }

  @Test(arguments: [[Float](repeating: 0, count: 100), [Float](repeating: 0.1, count: 1001), [], [5]])
  func silenceAndConstantsAreFinite(samples: [Float]) {
    let s = TimeStatistics.of(samples)
    #expect(s.kurtosis == 0 && s.skewness == 0)
    for value in [
      s.mean, s.rms, s.standardDeviation, s.peak, s.peakToPeak, s.crestFactor, s.shapeFactor,
      s.impulseFactor, s.clearanceFactor,
    ] { #expect(value.isFinite) }
  }

  @Test(arguments: [Float.nan, .infinity])
  func oneBadSampleSpoilsAll(bad: Float) {
    let s = TimeStatistics.of([1, 2, bad, 3])
    #expect(
      s.count == 4 && s.mean.isNaN && s.rms.isNaN && s.peak.isNaN && s.kurtosis.isNaN && s.crestFactor.isNaN)
  }

  @Test func bandSharesSumWhereTheEnergyIs() throws {
    let welch = try PowerSpectrum(.init(sampleRate: 12000, segmentLength: 1200))
    let a = FeatureSignals.tone(1500, amplitude: 2, count: 12000)
    let b = FeatureSignals.tone(4000, amplitude: 1, count: 12000)
    let power = try #require(welch.power(of: zip(a, b).map { $0 + $1 }))
    let shares = TimeStatistics.bandShares(
      ofPower: power, binWidth: welch.binWidth, bands: [1000...2000, 3000...5000, 2200...2800])
    #expect(abs(shares[0] - 0.8) < 1e-4 && abs(shares[1] - 0.2) < 1e-4 && shares[2] < 1e-8)
    #expect(TimeStatistics.bandShares(ofPower: [0, 0], binWidth: 1, bands: [0...1]) == [0])
  }
}
