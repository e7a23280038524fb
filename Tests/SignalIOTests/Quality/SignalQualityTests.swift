import Foundation
import Support
import TestSupport
import Testing

@testable import SignalIO

struct SignalQualityTests {
  static let rate = 12_000.0

  static func noise(_ count: Int, seed: UInt64 = 1, sigma: Double = 1) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in Float(random.normal() * sigma) }
  }

  static func scan(
    _ channels: [[Float]], rate: Double = rate, block: Int = 5000, plan: WindowPlan? = nil,
    truncation: String? = nil
  ) -> SignalQuality {
    let scan = SignalQualityScan(
      channelNames: channels.indices.map { String($0 + 1) }, sampleRate: rate)
    var start = 0
    while start < channels[0].count {
      let end = min(channels[0].count, start + block)
      scan.add(channels.map { Array($0[start..<end]) })
      start = end
    }
    return scan.finish(plan: plan, truncation: truncation)
  }

  static func kinds(_ quality: SignalQuality) -> [QualityFinding.Kind] { quality.findings.map { $0.kind } }

  /// Ordinary signals of every grain, in which nothing is wrong.
  @Test(arguments: [1e-4, 1.0 / 32768, 1.0 / 512, 1.0 / 64, 1.0 / 16])
  func nothingFalseOnOrdinarySignals(_ step: Double) {
    func quantised(_ x: [Float]) -> [Float] { x.map { Float((Double($0) / step).rounded() * step) } }
    let count = 60_000
    for seed in 1...5 as ClosedRange<UInt64> {
      #expect(Self.kinds(Self.scan([quantised(Self.noise(count, seed: seed, sigma: 0.2))])).isEmpty)
    }
    // Tones: slow ones stand on one level for many samples, whole periods repeat all values.
    for hertz in [0.3, 7.0, 10, 50, 123.4, 997, 1000, 3000] {
      for amplitude in [0.9, 0.05] {
        let tone = (0..<count).map { Float(amplitude * sin(2 * .pi * hertz * Double($0) / Self.rate + 0.1)) }
        #expect(
          Self.kinds(Self.scan([quantised(tone)])).isEmpty,
          "\(hertz) Hz, amplitude \(amplitude), step \(step)")
      }
    }
    // Impacts that ring and die away.
    var random = RandomSource(seed: 9)
    let impacts = (0..<count).map { i -> Float in
      let t = Double(i % 130) / Self.rate
      return Float(exp(-600 * t) * sin(2 * .pi * 2900 * t) + 0.05 * random.normal())
    }
    #expect(Self.kinds(Self.scan([quantised(impacts)])).isEmpty)
  }

  @Test func pulsesOfATachometerAreNoFault() {
    let pulses = (0..<60_000).map { Float($0 % 400 < 20 ? 5 : 0) }
    #expect(Self.kinds(Self.scan([pulses])).isEmpty)
  }

  @Test func findsNumbersThatAreNone() {
    var signal = Self.noise(60_000)
    signal[6000] = .nan
    signal[12_000] = .nan
    signal[59_999] = -.infinity
    let quality = Self.scan([signal])
    #expect(Self.kinds(quality) == [.notANumber, .infinite])
    #expect(quality.findings[0].start == 0.5 && quality.findings[0].count == 2)
    #expect(abs(quality.findings[0].end - 12_001 / Self.rate) < 1e-12)
    #expect(quality.findings.allSatisfy { $0.severity == .warning })
    #expect(quality.channels[0].maximum.isFinite && quality.channels[0].mean.isFinite)
    for i in 0..<700 { signal[i * 50] = .nan }
    #expect(Self.scan([signal]).worst == .unusable)
    let none = Self.scan([[Float](repeating: .nan, count: 1000)])
    #expect(Self.kinds(none) == [.notANumber] && !none.isUsable)
  }

  @Test(arguments: [1.0, 1.5, 2.0, 3.0])
  func findsClippedNoise(_ limit: Float) throws {
    let noise = Self.noise(60_000)
    let signal = noise.map { min(max($0, -limit), limit) }
    let quality = Self.scan([signal])
    #expect(Self.kinds(quality) == [.clipping])
    let finding = try #require(quality.findings.first)
    #expect(finding.count == noise.count { abs($0) >= limit })
    #expect(finding.start == Double(noise.firstIndex { abs($0) >= limit } ?? -1) / Self.rate)
    #expect(finding.severity == (limit == 1 ? .unusable : .warning))
    #expect(
      finding.detail
        == "-\(ConfigurationValue.spelling(of: Double(limit))) and \(ConfigurationValue.spelling(of: Double(limit)))"
    )
  }

  @Test func findsAClippedToneAndOneRailOnly() {
    let tone = (0..<60_000).map { Float(1.2 * sin(2 * .pi * 50 * Double($0) / Self.rate)) }
    #expect(Self.kinds(Self.scan([tone.map { min(max($0, -1), 1) }])) == [.clipping])
    let oneSided = Self.scan([tone.map { min($0, 1) }])
    #expect(Self.kinds(oneSided) == [.clipping] && oneSided.findings[0].detail == "1")
    let integers = tone.map { Float((Double(min(max($0, -1), 1)) * 32767).rounded() / 32768) }
    #expect(Self.kinds(Self.scan([integers])) == [.clipping])
  }

  @Test func findsFlatLinesAndDropOuts() throws {
    var signal = Self.noise(60_000)
    for i in 12_000..<13_200 { signal[i] = 0.7 }
    for i in 24_000..<24_030 { signal[i] = 0 }
    for i in 36_000..<36_024 { signal[i] = 0 }
    let quality = Self.scan([signal])
    #expect(Self.kinds(quality) == [.flatLine, .dropOut])
    #expect(quality.findings[0].start == 1.0 && quality.findings[0].end == 1.1)
    #expect(quality.findings[0].share == 0.02)
    #expect(quality.findings[1].start == 2.0 && quality.findings[1].count == 2)
    #expect(quality.findings[1].end == 3.002)
    // A recording that begins before the machine.
    let late = [Float](repeating: 0, count: 40_000) + Self.noise(20_000)
    let waiting = Self.scan([late])
    #expect(Self.kinds(waiting) == [.flatLine] && waiting.worst == .unusable)
  }

  @Test func findsConstantChannels() {
    for value in [0, 3.25, -1e-9] as [Float] {
      let quality = Self.scan([Self.noise(30_000), [Float](repeating: value, count: 30_000)])
      #expect(Self.kinds(quality) == [.constant])
      #expect(quality.findings[0].channel == "2" && quality.worst == .unusable)
    }
  }

  @Test func notesAnOffset() {
    let quality = Self.scan([Self.noise(30_000, sigma: 0.1).map { $0 + 1 }])
    #expect(Self.kinds(quality) == [.offset] && quality.worst == .note && quality.isUsable)
    #expect(abs(quality.channels[0].mean - 1) < 0.01)
    #expect(abs(quality.channels[0].standardDeviation - 0.1) < 0.005)
  }

  @Test func findsChannelsThatAreTheSame() {
    let a = Self.noise(30_000)
    let b = Self.noise(30_000, seed: 2)
    let quality = Self.scan([a, b, a])
    #expect(Self.kinds(quality) == [.sameAsOther])
    #expect(quality.findings[0].channel == "3" && quality.findings[0].detail == "1")
    var almost = a
    almost[29_999] += 1
    #expect(Self.kinds(Self.scan([a, almost])).isEmpty)
  }

  @Test func judgesLengthAndTruncation() {
    let signal = Self.noise(6000)
    #expect(Self.kinds(Self.scan([signal], plan: WindowPlan(seconds: 0.5, sampleRate: 8000))).isEmpty)
    let short = Self.scan([signal], plan: WindowPlan(seconds: 1, sampleRate: 8000))
    #expect(Self.kinds(short) == [.tooShort] && short.worst == .unusable)
    let padded = Self.scan([signal], plan: WindowPlan(seconds: 1, sampleRate: 8000, short: .pad))
    #expect(padded.worst == .warning)
    #expect(Self.kinds(Self.scan([[]])) == [.tooShort])
    let cut = Self.scan([signal], truncation: "it claims 2 s and holds 0.5 s")
    #expect(Self.kinds(cut) == [.truncated] && cut.worst == .warning)
  }

  @Test func blocksDoNotMatter() {
    var signal = Self.noise(20_000).map { min(max($0, -2.5), 2.5) }
    for i in 4090..<4400 { signal[i] = 0.5 }
    for i in 8190..<8230 { signal[i] = 0 }
    signal[4089] = .nan
    let whole = Self.scan([signal], block: 20_000)
    #expect(Set(Self.kinds(whole)) == [.notANumber, .clipping, .flatLine, .dropOut])
    for block in [1, 7, 64, 4095, 4096, 4097] {
      let other = Self.scan([signal], block: block)
      #expect(other.findings == whole.findings, "blocks of \(block)")
      #expect(abs(other.channels[0].standardDeviation - whole.channels[0].standardDeviation) < 1e-9)
    }
  }

  @Test func everyFindingHasWords() {
    for kind in QualityFinding.Kind.allCases {
      let finding = QualityFinding(
        kind: kind, severity: .note, channel: "DE", start: 0.25, end: 1.5, count: 3, share: 0.123, detail: "7"
      )
      #expect(!finding.description.isEmpty && finding.advice.hasSuffix("."))
    }
    let drop = QualityFinding(
      kind: .dropOut, severity: .warning, channel: "DE", start: 0.25, end: 1.5, count: 3, share: 0.123,
      detail: "")
    #expect(
      drop.description
        == "channel DE: the signal drops to zero in 3 stretches (12.3%), between 0.25 s and 1.5 s")
  }

  /// The runs of equal samples against a plain loop, for signals made of nothing else.
  @Test func runsAgreeWithAPlainLoop() {
    var random = RandomSource(seed: 77)
    for _ in 0..<100 {
      var signal: [Float] = []
      while signal.count < 3000 {
        let value = Float(random.integer(below: 4))
        signal += [Float](
          repeating: value, count: 1 + random.integer(below: random.integer(below: 2) == 0 ? 5 : 90))
      }
      var expected: [EqualRuns.Run] = []
      var start = 0
      for i in 1...signal.count where i == signal.count || signal[i] != signal[start] {
        if i - start >= EqualRuns.leastLength {
          expected.append(EqualRuns.Run(start: start, length: i - start, value: signal[start]))
        }
        start = i
      }
      var scan = ChannelScan()
      var from = 0
      while from < signal.count {
        let end = min(signal.count, from + 1 + random.integer(below: 700))
        scan.add(Array(signal[from..<end]))
        from = end
      }
      scan.finish()
      #expect(scan.runs.runs == expected)
    }
  }
}
