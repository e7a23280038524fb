import Foundation
import Testing

@testable import FaultDiag
@testable import SignalIO

@Suite struct VelocityMeterTests {
  /// A tone of `peak` at `frequency` hertz.
  private func tone(_ frequency: Double, peak: Double, rate: Double, seconds: Double = 6) -> [Float] {
    (0..<Int(seconds * rate)).map { Float(peak * sin(2 * .pi * frequency * Double($0) / rate + 0.3)) }
  }

  private func velocity(_ samples: [Float], rate: Double, unit: SignalUnit, sensitivity: Double? = nil)
    throws -> Double
  {
    var meter = try VelocityMeter(
      sampleRate: rate, conversion: UnitConversion(unit, sensitivity: sensitivity))
    meter.add(samples)
    return try #require(meter.rootMeanSquare)
  }

  /// a = peak in m/s^2 has the velocity a / (2 pi f), root mean square a / (2 pi f sqrt 2).
  @Test(arguments: [10.0, 16.3, 49.9, 158.0, 999.0], [2_560.0, 12_000, 25_600])
  func aToneHasTheVelocityOfItsIntegral(frequency: Double, rate: Double) throws {
    // The tone of 4.5 mm/s root mean square, around 1 g at the top.
    let peak = 4.5e-3 * 2.0.squareRoot() * 2 * .pi * frequency
    let found = try velocity(
      tone(frequency, peak: peak, rate: rate), rate: rate, unit: .metresPerSecondSquared)
    // Half of a tone on the band's edge falls outside of it.
    let isInside = frequency > 11 && frequency < 998
    #expect(isInside ? abs(found - 4.5) < 0.01 * 4.5 : found > 0.8 * 4.5 && found < 1.01 * 4.5)
  }

  @Test func unitsAgree() throws {
    let rate = 12_000.0
    let acceleration = tone(100, peak: 10, rate: rate)
    let expected = try velocity(acceleration, rate: rate, unit: .metresPerSecondSquared)
    let inG = acceleration.map { $0 / Float(SignalUnit.standardGravity) }
    #expect(abs(try velocity(inG, rate: rate, unit: .g) - expected) < 1e-5 * expected)
    // 100 mV/g: a tenth of a volt a g.
    let inVolts = inG.map { $0 * 0.1 }
    #expect(
      abs(try velocity(inVolts, rate: rate, unit: .volt, sensitivity: 100) - expected) < 1e-5 * expected)
    let inMillimetres = tone(100, peak: 10 / (2 * .pi * 100) * 1000, rate: rate)
    #expect(
      abs(try velocity(inMillimetres, rate: rate, unit: .millimetresPerSecond) - expected) < 1e-3 * expected)
  }

  @Test func whatLiesOutsideTheBandDoesNotCount() throws {
    let rate = 12_000.0
    let inside = tone(120, peak: 1, rate: rate)
    let alone = try velocity(inside, rate: rate, unit: .metresPerSecondSquared)
    // An offset, sway below the band that would integrate to ten times the velocity, and ringing above it.
    let sway = tone(4, peak: 0.3, rate: rate)
    let ringing = tone(3_000, peak: 50, rate: rate)
    let all = inside.indices.map { inside[$0] + sway[$0] + ringing[$0] + 2 }
    #expect(abs(try velocity(all, rate: rate, unit: .metresPerSecondSquared) - alone) < 0.01 * alone)
  }

  @Test func piecesGiveTheSameBytes() throws {
    let samples = tone(77, peak: 1, rate: 8_000)
    let conversion = try UnitConversion(.metresPerSecondSquared, sensitivity: nil)
    var whole = try VelocityMeter(sampleRate: 8_000, conversion: conversion)
    whole.add(samples)
    var pieces = try VelocityMeter(sampleRate: 8_000, conversion: conversion)
    for start in stride(from: 0, to: samples.count, by: 977) {
      pieces.add(samples[start..<min(start + 977, samples.count)])
    }
    #expect(whole.rootMeanSquare == pieces.rootMeanSquare)
    #expect(whole.segments == 5)
  }

  @Test func segmentsThatAreNoNumbersAreLeftOut() throws {
    var samples = tone(50, peak: 1, rate: 8_000)
    let expected = try velocity(samples, rate: 8_000, unit: .metresPerSecondSquared)
    samples[100] = .nan
    var meter = try VelocityMeter(
      sampleRate: 8_000, conversion: UnitConversion(.metresPerSecondSquared, sensitivity: nil))
    meter.add(samples)
    #expect(meter.skipped == 1)
    #expect(abs(try #require(meter.rootMeanSquare) - expected) < 1e-4 * expected)
    var short = try VelocityMeter(
      sampleRate: 8_000, conversion: UnitConversion(.metresPerSecondSquared, sensitivity: nil))
    short.add(samples.prefix(15_999))
    #expect(short.rootMeanSquare == nil)
  }
}
