import Foundation
import Support
import Testing

@testable import SignalIO

/// What a resampler must do, from signals whose answer is known without one.
struct ResamplerTests {
  static func tone(_ hertz: Double, rate: Double, count: Int, phase: Double = 0.3) -> [Float] {
    (0..<count).map { Float(sin(2 * .pi * hertz * Double($0) / rate + phase)) }
  }

  static func resample(
    _ channels: [[Float]], from: Double, to: Double, block: Int, quality: Resampler.Quality = .standard
  ) throws -> [[Float]] {
    let resampler = try Resampler(from: from, to: to, channels: channels.count, quality: quality)
    var result = [[Float]](repeating: [], count: channels.count)
    var start = 0
    while start < channels[0].count {
      let end = min(start + block, channels[0].count)
      let part = try resampler.process(channels.map { Array($0[start..<end]) })
      for c in result.indices { result[c] += part[c] }
      start = end
    }
    let rest = try resampler.finish()
    for c in result.indices { result[c] += rest[c] }
    return result
  }

  @Test(arguments: [
    (48_000.0, 12_000.0), (12_000, 16_000), (51_200, 12_000), (25_600, 12_000), (44_100, 48_000),
  ])
  func keepsFrequencyAmplitudeAndPhaseOfATone(_ rates: (Double, Double)) throws {
    let (from, to) = rates
    let hertz = 0.35 * min(from, to)
    let count = Int(from)
    let output = try Self.resample(
      [Self.tone(hertz, rate: from, count: count)], from: from, to: to, block: 5000)[0]
    let ideal = Self.tone(hertz, rate: to, count: output.count)
    // Near the ends the tone begins and stops suddenly, which no band-limited signal can follow.
    let margin = output.count / 20
    let worst = (margin..<output.count - margin).map { abs(output[$0] - ideal[$0]) }.max() ?? 1
    #expect(worst < 2e-5, "from \(from) to \(to)")
  }

  @Test(arguments: [6_050.0, 7_000, 9_000, 12_345, 23_000])
  func removesWhatLiesAboveTheNewNyquist(_ hertz: Double) throws {
    let input = Self.tone(hertz, rate: 48_000, count: 96_000)
    let output = try Self.resample([input], from: 48_000, to: 12_000, block: 4096)[0]
    let middle = output[2000..<output.count - 2000]
    let power = middle.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(middle.count)
    let decibels = 10 * log10(power / 0.5 + 1e-30)
    #expect(decibels < -90, "\(hertz) Hz comes through at \(decibels) dB")
  }

  @Test(arguments: [(48_000.0, 12_000.0), (12_000, 48_000), (16_000, 12_000), (51_200, 12_000)])
  func hasNoDelay(_ rates: (Double, Double)) throws {
    let (from, to) = rates
    // Half a second falls on a sample at all these rates.
    var impulse = [Float](repeating: 0, count: Int(from))
    impulse[impulse.count / 2] = 1
    let output = try Self.resample([impulse], from: from, to: to, block: 777)[0]
    let peak = output.indices.max { output[$0] < output[$1] }
    #expect(peak == Int(to) / 2)
    // Symmetric about its peak: linear phase.
    let centre = Int(to) / 2
    let asymmetry = (1..<200).map { abs(output[centre + $0] - output[centre - $0]) }.max() ?? 1
    #expect(asymmetry < 1e-5)
  }

  @Test(arguments: [
    (48_000.0, 12_000.0), (12_000, 16_000), (51_200, 12_000), (44_100, 8_000), (97_656.25, 12_000),
  ])
  func lengthIsTheRoundedShare(_ rates: (Double, Double)) throws {
    let (from, to) = rates
    for count in [1, 2, 3, 5, 100, 999, 1000, 4097, 50_001] {
      let output = try Self.resample(
        [Self.tone(100, rate: from, count: count)], from: from, to: to, block: 512)
      #expect(output[0].count == Int((Double(count) * to / from).rounded()), "\(count) from \(from) to \(to)")
    }
  }

  @Test func doesNotDependOnBlocks() throws {
    var random = RandomSource(seed: 11)
    let input = (0..<2).map { _ in (0..<30_000).map { _ in Float(random.uniform(in: -1...1)) } }
    let whole = try Self.resample(input, from: 51_200, to: 12_000, block: 30_000)
    for block in [1, 17, 1000, 4096] {
      #expect(try Self.resample(input, from: 51_200, to: 12_000, block: block) == whole, "blocks of \(block)")
    }
  }

  @Test func channelsDoNotMix() throws {
    let tone = Self.tone(500, rate: 16_000, count: 8000)
    let silence = [Float](repeating: 0, count: 8000)
    let both = try Self.resample([tone, silence], from: 16_000, to: 12_000, block: 1000)
    #expect(both[0] == (try Self.resample([tone], from: 16_000, to: 12_000, block: 1000))[0])
    #expect(both[1].allSatisfy { $0 == 0 })
  }

  @Test func equalRatesGiveTheInput() throws {
    var random = RandomSource(seed: 5)
    let input = [(0..<5000).map { _ in Float(random.uniform(in: -1...1)) }]
    #expect(try Self.resample(input, from: 12_000, to: 12_000, block: 333) == input)
  }

  @Test func recoversAfterANaN() throws {
    var input = Self.tone(500, rate: 48_000, count: 96_000)
    input[20_000] = .nan
    let output = try Self.resample([input], from: 48_000, to: 12_000, block: 4096)[0]
    #expect(output.contains { $0.isNaN })
    #expect(output.suffix(4000).allSatisfy { $0.isFinite })
  }

  @Test func refusesRatesThatMakeNoSense() {
    for (from, to) in [(0.0, 12_000.0), (-1, 1), (.nan, 12_000), (1e9, 12_000), (1, 5000)] {
      #expect(throws: SignalIOError.self) { try Resampler(from: from, to: to, channels: 1) }
    }
  }
}
