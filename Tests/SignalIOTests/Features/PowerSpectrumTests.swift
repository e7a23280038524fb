import Testing

@testable import SignalIO

struct PowerSpectrumTests {
  @Test(arguments: [
    ("hann", WindowFunction.hann), ("hamming", .hamming), ("blackman", .blackman), ("flattop", .flatTop),
    ("boxcar", .rectangular),
  ])
  func agreesWithSciPy(name: String, window: WindowFunction) throws {
    let golden = try #require(FeatureGolden.loaded)
    let x = FeatureSignals.struckResonance(count: 6000)
    #expect(
      FeatureSignals.disagreement(
        Array(x.prefix(8)), try #require(golden.arrays["firstSamples"]), relative: 1e-6, absolute: 1e-7) <= 1)
    for scaling in [PowerSpectrum.Scaling.density, .spectrum] {
      let welch = try PowerSpectrum(
        .init(sampleRate: 12000, segmentLength: 256, overlap: 100, window: window, scaling: scaling))
      let expected = try #require(golden.arrays["welch-\(scaling.rawValue)-\(name)"])
      let got = try #require(welch.power(of: x))
      let peak = expected.max() ?? 0
      #expect(FeatureSignals.disagreement(got, expected, relative: 1e-4, absolute: 1e-6 * peak) <= 1)
    }
  }

  @Test func oddSegmentsAgreeWithSciPy() throws {
    let welch = try PowerSpectrum(.init(sampleRate: 12000, segmentLength: 375))
    let expected = try #require(FeatureGolden.loaded?.arrays["welch-odd"])
    let got = try #require(welch.power(of: FeatureSignals.struckResonance(count: 6000)))
    #expect(FeatureSignals.disagreement(got, expected, relative: 1e-4, absolute: 1e-10) <= 1)
  }

  @Test func toneShowsHalfItsSquaredAmplitude() throws {
    let welch = try PowerSpectrum(.init(sampleRate: 12000, segmentLength: 1200, scaling: .spectrum))
    let power = try #require(welch.power(of: FeatureSignals.tone(1500, amplitude: 3, count: 12000)))
    #expect(abs(power[150] - 4.5) < 1e-4)
    #expect(power.enumerated().allSatisfy { abs($0.offset - 150) <= 1 || $0.element < 1e-8 })
  }

  @Test func densitySumsToTheVariance() throws {
    let welch = try PowerSpectrum(.init(sampleRate: 12000, segmentLength: 500))
    let power = try #require(welch.power(of: FeatureSignals.noise(seed: 11, count: 30000)))
    let variance = power.reduce(0, +) * Float(welch.binWidth)
    #expect(abs(variance - 1) < 0.03)
    // White: every tenth of the axis holds about a tenth of it.
    for tenth in 0..<10 {
      let share = power[1 + 25 * tenth..<26 + 25 * tenth].reduce(0, +) * Float(welch.binWidth)
      #expect(abs(share - 0.1) < 0.02)
    }
  }

  @Test func impulseIsFlatAndSilenceIsZero() throws {
    let welch = try PowerSpectrum(.init(sampleRate: 100, segmentLength: 64, window: .rectangular))
    let flat = try #require(welch.power(of: FeatureSignals.impulse(at: 10, count: 64)))
    // Detrending removes bin 0; the others have 2 / (rate N).
    #expect(abs(flat[0]) < 1e-9)
    #expect(flat[1..<32].allSatisfy { abs($0 - 2 / 6400) < 1e-8 })
    let silence = try #require(welch.power(of: [Float](repeating: 0.25, count: 200)))
    #expect(silence.allSatisfy { $0 == 0 })
  }

  @Test func tooShortAndNaN() throws {
    let welch = try PowerSpectrum(.init(sampleRate: 100, segmentLength: 64))
    #expect(welch.power(of: [Float](repeating: 1, count: 63)) == nil)
    #expect(welch.power(of: []) == nil)
    var broken = FeatureSignals.noise(seed: 1, count: 64)
    broken[5] = .nan
    #expect(try #require(welch.power(of: broken)).allSatisfy { $0.isNaN })
  }

  @Test func unusableSettingsAreRefused() {
    #expect(throws: SignalIOError.self) { try PowerSpectrum(.init(sampleRate: 0)) }
    #expect(throws: SignalIOError.self) { try PowerSpectrum(.init(sampleRate: .nan)) }
    #expect(throws: SignalIOError.self) { try PowerSpectrum(.init(sampleRate: 1, segmentLength: 1)) }
    #expect(throws: SignalIOError.self) {
      try PowerSpectrum(.init(sampleRate: 1, segmentLength: 8, overlap: 8))
    }
  }
}
