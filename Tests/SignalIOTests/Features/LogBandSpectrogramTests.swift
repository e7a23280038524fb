import Foundation
import Testing

@testable import SignalIO

struct LogBandSpectrogramTests {
  @Test(arguments: [LogBandSpectrogram.Scale.mel, .melSlaney])
  func melAgreesWithSciPy(scale: LogBandSpectrogram.Scale) throws {
    let extractor = try LogBandSpectrogram(
      settings: .init(sampleRate: 12000, frameLength: 512, hop: 256, bandCount: 24, scale: scale, lowest: 20))
    let (values, count) = extractor.frames(of: FeatureSignals.struckResonance(count: 6000))
    let expected = try #require(FeatureGolden.loaded?.arrays[scale.rawValue])
    #expect(count == 22)
    #expect(FeatureSignals.disagreement(values, expected, relative: 0, absolute: 2e-3) <= 1)
  }

  @Test func linearAgreesWithSciPy() throws {
    let extractor = try LogBandSpectrogram(
      settings: .init(
        sampleRate: 12000, frameLength: 512, hop: 256, bandCount: 8, scale: .linear, lowest: 500,
        highest: 5000))
    let (values, _) = extractor.frames(of: FeatureSignals.struckResonance(count: 6000))
    let expected = try #require(FeatureGolden.loaded?.arrays["linear"])
    #expect(FeatureSignals.disagreement(values, expected, relative: 0, absolute: 1e-3) <= 1)
  }

  /// One band a bin, whose triangle covers that bin alone, is the plain spectrogram.
  @Test func singleBinBandsAreTheSpectrogram() throws {
    let extractor = try LogBandSpectrogram(
      settings: .init(
        sampleRate: 12000, frameLength: 512, hop: 256, bandCount: 255, scale: .linear, lowest: 0,
        highest: 6000,
        floor: 1e-20))
    let (values, count) = extractor.frames(of: FeatureSignals.struckResonance(count: 6000))
    let expected = try #require(FeatureGolden.loaded?.arrays["spectrogram"])
    let columns = (0...256).filter { $0 % 4 == 0 }
    for (row, frame) in stride(from: 0, to: count, by: 3).enumerated() {
      for (column, bin) in columns.enumerated() where bin > 0 && bin < 256 {
        let power = exp(Double(values[frame * 255 + bin - 1]))
        // SciPy's one-sided power counts both sides of the axis.
        let want = expected[row * columns.count + column] / 2
        #expect(abs(power - want) < 1e-3 * want + 1e-9)
      }
    }
  }

  @Test func toneStandsInItsBand() throws {
    let extractor = try LogBandSpectrogram(
      settings: .init(
        sampleRate: 16000, frameLength: 1024, hop: 512, bandCount: 15, scale: .linear, lowest: 0,
        highest: 8000))
    // Bands are centred on 500, 1000, ... hertz.
    let (values, count) = extractor.frames(
      of: FeatureSignals.tone(3000, amplitude: 2, count: 16000, rate: 16000))
    #expect(count == 30)
    for frame in 0..<count {
      let row = values[frame * 15..<(frame + 1) * 15]
      #expect(row.firstIndex(of: row.max()!) == row.startIndex + 5)
      // a^2 / 4 x 1.5 bins, less what the triangle takes off the two side bins (each 1/4 of the power, weight
      // 1 - 15.625 / 500).
      let expected = 1 + 0.5 * (1 - 15.625 / 500)
      #expect(abs(exp(Double(row[row.startIndex + 5])) - expected) < 1e-3)
    }
  }

  @Test func silenceIsTheFloorAndNaNStaysInItsFrames() throws {
    let extractor = try LogBandSpectrogram(
      settings: .init(sampleRate: 16000, frameLength: 256, hop: 256, bandCount: 10))
    let (silent, _) = extractor.frames(of: [Float](repeating: 0, count: 1000))
    #expect(silent.count == 30 && silent.allSatisfy { abs($0 - log(1e-10)) < 1e-4 })
    var samples = FeatureSignals.noise(seed: 4, count: 1024)
    samples[300] = .nan
    let (values, _) = extractor.frames(of: samples)
    #expect(
      values[10..<20].allSatisfy { $0.isNaN } && (values[0..<10] + values[20...]).allSatisfy { $0.isFinite })
  }

  /// Frames are summed eight at a time; whichever others are among them, a frame's bytes are its own.
  @Test(arguments: [(256, 10), (600, 13), (1023, 7)]) func framesDoNotDependOnTheirCompany(
    length: Int, bands: Int
  ) throws {
    let settings = LogBandSpectrogram.Settings(
      sampleRate: 16000, frameLength: length, hop: length / 3, bandCount: bands)
    var samples = FeatureSignals.noise(seed: 9, count: 8 * length)
    // Two of the frames hold a NaN, which must not reach those that are summed beside them.
    samples[length / 2] = .nan
    let (values, count) = try LogBandSpectrogram(settings: settings).frames(of: samples)
    let alone = try LogBandSpectrogram(settings: settings)
    #expect(count > 16 && count % 8 != 0)
    for frame in (0..<count).reversed() {
      let start = frame * settings.hop
      let (row, _) = alone.frames(of: Array(samples[start..<start + length]))
      let expected = values[frame * bands..<(frame + 1) * bands]
      if frame < 2 {
        #expect((row + expected).allSatisfy { $0.isNaN })
      } else {
        #expect(row.map { $0.bitPattern } == expected.map { $0.bitPattern })
        #expect(row.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func impulseIsFlatOverLinearBands() throws {
    let extractor = try LogBandSpectrogram(
      settings: .init(sampleRate: 12000, frameLength: 600, hop: 600, bandCount: 5, scale: .linear))
    // Corners every 1000 Hz = 50 bins: a triangle's weights sum to 50. The window is 1 in its middle, its sum
    // 300.
    let (values, _) = extractor.frames(of: FeatureSignals.impulse(at: 300, count: 600))
    #expect(values.allSatisfy { abs(Double($0) - log(50.0 / 90000)) < 1e-4 })
  }

  @Test func noiseHasTheSameDensityInEveryBand() throws {
    let extractor = try LogBandSpectrogram(
      settings: .init(
        sampleRate: 12000, frameLength: 512, hop: 256, bandCount: 6, scale: .linear, lowest: 200))
    let (values, count) = extractor.frames(of: FeatureSignals.noise(seed: 8, count: 24000))
    let means = (0..<6).map { b in (0..<count).map { Double(values[$0 * 6 + b]) }.reduce(0, +) / Double(count)
    }
    #expect(means.max()! - means.min()! < 0.1)
  }

  @Test func noBandIsDead() throws {
    let extractor = try LogBandSpectrogram(
      settings: .init(sampleRate: 16000, frameLength: 256, bandCount: 80))
    for band in 0..<80 {
      let (first, weights) = extractor.filters.band(band)
      #expect(weights.contains { $0 > 0 } && first + weights.count <= 129)
    }
  }

  @Test func shortSignalsAndBadSettings() throws {
    let extractor = try LogBandSpectrogram(settings: .init(sampleRate: 16000))
    #expect(extractor.frames(of: [1, 2, 3]).frameCount == 0)
    #expect(throws: SignalIOError.self) { try LogBandSpectrogram(settings: .init(sampleRate: -1)) }
    #expect(throws: SignalIOError.self) { try LogBandSpectrogram(settings: .init(sampleRate: 8000, hop: 0)) }
    #expect(throws: SignalIOError.self) {
      try LogBandSpectrogram(settings: .init(sampleRate: 8000, highest: 5000))
    }
    #expect(throws: SignalIOError.self) {
      try LogBandSpectrogram(settings: .init(sampleRate: 8000, bandCount: 0))
    }
    #expect(throws: SignalIOError.self) {
      try LogBandSpectrogram(settings: .init(sampleRate: 8000, floor: 0))
    }
  }
}
