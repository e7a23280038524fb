import Foundation
import Testing

@testable import SignalIO

struct EnvelopeSpectrumTests {
  @Test(arguments: [("envelope", EnvelopeSpectrum.Envelope.magnitude), ("envelope-squared", .squared)])
  func agreesWithSciPy(name: String, envelope: EnvelopeSpectrum.Envelope) throws {
    let extractor = try EnvelopeSpectrum(
      .init(sampleRate: 12000, frameCount: 6000, lowest: 2000, highest: 4000, envelope: envelope))
    let got = extractor.amplitudes(of: FeatureSignals.struckResonance(count: 6000))
    let expected = try #require(FeatureGolden.loaded?.arrays[name])
    #expect(
      FeatureSignals.disagreement(Array(got.prefix(400)), expected, relative: 1e-4, absolute: 2e-6) <= 1)
  }

  @Test func wholeRangeEnvelopeIsScipysHilbert() throws {
    let extractor = try EnvelopeSpectrum(.init(sampleRate: 12000, frameCount: 6000))
    let got = extractor.envelope(of: FeatureSignals.struckResonance(count: 6000))
    let expected = try #require(FeatureGolden.loaded?.arrays["hilbert"])
    #expect(
      FeatureSignals.disagreement(Array(got.prefix(200)), expected, relative: 1e-4, absolute: 1e-5) <= 1)
  }

  /// The whole range goes by a shorter way than a band; a band of all bins but those without a mirror image is all but the same.
  @Test(arguments: [6000, 6002, 6001], [EnvelopeSpectrum.Envelope.magnitude, .squared])
  func wholeRangeIsTheWidestBand(length: Int, envelope: EnvelopeSpectrum.Envelope) throws {
    // Without mean and without what alternates, which the band leaves out.
    var x = FeatureSignals.noise(seed: 11, count: length)
    let mean = x.reduce(0, +) / Float(length)
    for i in x.indices { x[i] -= mean }
    let alternating = x.enumerated().reduce(Float(0)) { $0 + ($1.offset % 2 == 0 ? $1.element : -$1.element) }
    if length % 2 == 0 { for i in x.indices { x[i] -= (i % 2 == 0 ? 1 : -1) * alternating / Float(length) } }
    let whole = try EnvelopeSpectrum(
      .init(sampleRate: Double(length), frameCount: length, envelope: envelope))
    let highest = Double((length - 1) / 2)
    let band = try EnvelopeSpectrum(
      .init(sampleRate: Double(length), frameCount: length, lowest: 1, highest: highest, envelope: envelope))
    #expect(zip(whole.envelope(of: x), band.envelope(of: x)).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func modulationShowsItsDepth() throws {
    let x = FeatureSignals.modulated(carrier: 3000, modulation: 100, depth: 0.4, count: 12000)
    let magnitude = try EnvelopeSpectrum(
      .init(sampleRate: 12000, frameCount: 12000, lowest: 2500, highest: 3500))
    let a = magnitude.amplitudes(of: x)
    #expect(abs(a[100] - 0.4) < 1e-4 && a[300] < 1e-4 && magnitude.binWidth == 1)
    let squared = try EnvelopeSpectrum(
      .init(sampleRate: 12000, frameCount: 12000, lowest: 2500, highest: 3500, envelope: .squared))
    let b = squared.amplitudes(of: x)
    // (1 + d cos)^2 = 1 + d^2 / 2 + 2 d cos + d^2 / 2 cos 2.
    #expect(abs(b[100] - 0.8) < 1e-4 && abs(b[200] - 0.08) < 1e-4)
  }

  @Test func toneOutsideTheBandIsNotHeard() throws {
    let extractor = try EnvelopeSpectrum(
      .init(sampleRate: 12000, frameCount: 12000, lowest: 4000, highest: 5000))
    let x = FeatureSignals.modulated(carrier: 2000, modulation: 50, depth: 0.9, count: 12000)
    #expect(extractor.amplitudes(of: x).allSatisfy { $0 < 1e-5 })
  }

  @Test func strikesShowTheirRateAndHarmonics() throws {
    // 105.75 strikes a second: lines at its multiples stand over their surroundings.
    let x = FeatureSignals.struckResonance(shaft: 29.5, order: 3.5848)
    let extractor = try EnvelopeSpectrum(
      .init(sampleRate: 12000, frameCount: 12000, lowest: 2000, highest: 4000))
    let a = extractor.amplitudes(of: x)
    for harmonic in 1...3 {
      let bin = Int((Double(harmonic) * 29.5 * 3.5848).rounded())
      let line = a[bin - 1...bin + 1].max()!
      let floor = a[bin - 40..<bin - 5].sorted()[17]
      #expect(line > 4 * floor)
    }
  }

  /// K bins of an impulse make |z|^2 = sinc^2, whose spectrum is a triangle: A[k] = 16 K / N^2 (1 - k / K).
  @Test func impulseHasATriangularSpectrum() throws {
    let extractor = try EnvelopeSpectrum(
      .init(sampleRate: 4096, frameCount: 4096, lowest: 301, highest: 1300, envelope: .squared))
    let a = extractor.amplitudes(of: FeatureSignals.impulse(at: 2048, count: 4096))
    for k in [50, 250, 500, 900] {
      let expected = 16 * 1000 / (4096.0 * 4096) * (1 - Double(k) / 1000)
      #expect(abs(Double(a[k]) - expected) < 0.01 * expected)
    }
  }

  /// Fewer points: the square to rounding, the magnitude to a hundredth of the strongest line.
  @Test(arguments: [(EnvelopeSpectrum.Envelope.squared, 1e-5), (.magnitude, 0.01)], [500.0, 2000, 4000])
  func theLowerEndAloneIsAllButTheSame(
    kind: (envelope: EnvelopeSpectrum.Envelope, share: Double), width: Double
  ) throws {
    let x = FeatureSignals.struckResonance(shaft: 29.5, order: 3.5848)
    var settings = EnvelopeSpectrum.Settings(
      sampleRate: 12000, frameCount: x.count, lowest: 1000, highest: 1000 + width, envelope: kind.envelope)
    let all = try EnvelopeSpectrum(settings).amplitudes(of: x)
    settings.upTo = 400
    let extractor = try EnvelopeSpectrum(settings)
    let some = extractor.amplitudes(of: x)
    let bins = 400 * x.count / 12000 + 1
    #expect(some.count == bins && extractor.binCount == bins)
    // The widest band needs all points, and is the same to the byte.
    #expect((extractor.envelope(of: x).count < x.count) == (width < 4000))
    let highest = Double(all[1..<bins].max()!)
    #expect(zip(some, all).dropFirst().allSatisfy { abs(Double($0 - $1)) <= kind.share * highest })
    if width == 4000 { #expect(some == Array(all.prefix(bins))) }
  }

  @Test func silenceGivesZerosAndNaNGivesNaN() throws {
    let extractor = try EnvelopeSpectrum(
      .init(sampleRate: 12000, frameCount: 4096, lowest: 1000, highest: 5000))
    #expect(extractor.amplitudes(of: [Float](repeating: 0, count: 4096)).allSatisfy { $0 == 0 })
    var broken = FeatureSignals.noise(seed: 1, count: 4096)
    broken[7] = .nan
    #expect(extractor.amplitudes(of: broken).allSatisfy { $0.isNaN })
  }

  @Test func sameBytesAgainWhateverCameBefore() throws {
    let extractor = try EnvelopeSpectrum(
      .init(sampleRate: 12000, frameCount: 3000, lowest: 1000, highest: 5000))
    let x = FeatureSignals.noise(seed: 1, count: 3000)
    let first = extractor.amplitudes(of: x)
    _ = extractor.amplitudes(of: FeatureSignals.noise(seed: 2, count: 3000))
    #expect(extractor.amplitudes(of: x) == first)
  }

  @Test func unusableSettingsAreRefused() {
    for settings in [
      EnvelopeSpectrum.Settings(sampleRate: 0, frameCount: 100), .init(sampleRate: 10, frameCount: 2),
      .init(sampleRate: 100, frameCount: 100, lowest: 20, highest: 10),
      .init(sampleRate: 100, frameCount: 100, highest: 51),
      .init(sampleRate: 100, frameCount: 100, lowest: 10.1, highest: 10.9),
      .init(sampleRate: 100, frameCount: 100, upTo: 0), .init(sampleRate: 100, frameCount: 100, upTo: 51),
    ] {
      #expect(throws: SignalIOError.self) { try EnvelopeSpectrum(settings) }
    }
  }
}
