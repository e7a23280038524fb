import Foundation
import Testing

@testable import SignalIO

struct OrderSpectrumTests {
  /// A shaft that runs up from 10 to 20 Hz in 4 s carries a third-order component of amplitude 2: one line at
  /// order 3.
  @Test func runUpBecomesOneLine() {
    let (rate, count) = (12000.0, 48000)
    let speeds = (0..<count).map { 10 + 10 * Double($0) / Double(count) }
    let angles = OrderSpectrum.revolutions(speeds: speeds, sampleRate: rate)
    let x = angles.map { Float(2 * cos(2 * .pi * 3 * $0)) }
    let angular = OrderSpectrum.resample(x, revolutions: angles, perRevolution: 64)
    let whole = Array(angular.prefix(angular.count / 64 * 64))
    let spectrum = OrderSpectrum.amplitudes(whole, perRevolution: 64)
    let bin = Int((3 / spectrum.orderStep).rounded())
    #expect(abs(spectrum.values[bin] - 2) < 0.01)
    #expect(spectrum.values.enumerated().allSatisfy { abs($0.offset - bin) <= 1 || $0.element < 0.01 })
  }

  @Test func constantSpeedKeepsAToneItsOrder() {
    let angles = OrderSpectrum.revolutions(shaftHz: 25, sampleRate: 12000, count: 12000)
    #expect(angles[480] == 1)
    let angular = OrderSpectrum.resample(
      FeatureSignals.tone(125, count: 12000), revolutions: angles, perRevolution: 100)
    #expect(angular.count == 2500)
    let spectrum = OrderSpectrum.amplitudes(angular, perRevolution: 100)
    #expect(abs(spectrum.values[125] - 1) < 1e-3 && abs(spectrum.orderStep - 0.04) < 1e-12)
  }

  @Test func resamplingReproducesLinesExactly() {
    // Catmull-Rom is exact for straight lines.
    let x = (0..<50).map { 3 * Float($0) - 7 }
    let angles = (0..<50).map { Double($0) / 10 }
    let y = OrderSpectrum.resample(x, revolutions: angles, perRevolution: 40)
    #expect(y.count == 197)
    for k in 4..<190 { #expect(abs(y[k] - (3 * Float(k) / 4 - 7)) < 1e-4) }
  }

  @Test func restingShaftsAndShortBlocksAreEmpty() {
    #expect(OrderSpectrum.resample([1, 2, 3], revolutions: [0, 0, 1], perRevolution: 8).isEmpty)
    #expect(OrderSpectrum.resample([1], revolutions: [0], perRevolution: 8).isEmpty)
    #expect(OrderSpectrum.resample([], revolutions: [], perRevolution: 8).isEmpty)
    #expect(OrderSpectrum.amplitudes([1, 2], perRevolution: 8).values.isEmpty)
    #expect(OrderSpectrum.amplitudes([0, 0, 0, 0, 0], perRevolution: 5).values == [0, 0, 0])
  }

  @Test func envelopeReadAtOrders() throws {
    let extractor = try EnvelopeSpectrum(
      .init(sampleRate: 12000, frameCount: 12000, lowest: 2500, highest: 3500))
    let a = extractor.amplitudes(
      of: FeatureSignals.modulated(carrier: 3000, modulation: 100, depth: 0.4, count: 12000))
    let read = OrderSpectrum.read(a, binWidth: extractor.binWidth, shaftHz: 25, maximumOrder: 10, step: 0.04)
    #expect(read.values.count == 251 && abs(read.values[100] - 0.4) < 1e-4)
    let beyond = OrderSpectrum.read([1, 1, 1], binWidth: 1, shaftHz: 1, maximumOrder: 4, step: 1)
    #expect(beyond.values == [1, 1, 1, 0, 0])
  }
}
