import Support
import TestSupport
import Testing

@testable import SignalIO

struct WindowReaderTests {
  static func ramp(_ count: Int) -> [Float] { (0..<count).map { Float($0) } }

  static func windows(
    _ channels: [[Float]], rate: Double = 1000, plan: WindowPlan, largestBlock: Int = .max
  ) throws -> [Window] {
    let stream = MemoryStream(channels, sampleRate: rate, largestBlock: largestBlock)
    let reader = try WindowReader(stream: stream, sampleRate: rate, plan: plan, path: "memory")
    var result: [Window] = []
    while let window = try reader.next() { result.append(window) }
    #expect(try reader.next() == nil)
    return result
  }

  /// Windows by their definition: slices of the whole signal.
  static func definition(_ signal: [Float], plan: WindowPlan) -> [[Float]] {
    var result: [[Float]] = []
    var start = 0
    var covered = 0
    while start < signal.count {
      if start + plan.length <= signal.count {
        result.append(Array(signal[start..<start + plan.length]))
        covered = start + plan.length
      } else {
        let mayPad = result.isEmpty ? plan.short == .pad : plan.tail == .pad && signal.count > covered
        if mayPad {
          let rest = Array(signal[start...])
          result.append(rest + [Float](repeating: 0, count: plan.length - rest.count))
        }
        break
      }
      start += plan.hop
    }
    return result
  }

  @Test func agreesWithItsDefinition() throws {
    var random = RandomSource(seed: 3)
    for round in 0..<200 {
      let signal = Self.ramp(1 + random.integer(below: 300))
      let plan = WindowPlan(
        length: 1 + random.integer(below: 60), hop: 1 + random.integer(below: 90),
        tail: random.integer(below: 2) == 0 ? .drop : .pad, short: .pad)
      let block = 1 + random.integer(below: 40)
      let found = try Self.windows([signal, signal.map { -$0 }], plan: plan, largestBlock: block)
      let expected = Self.definition(signal, plan: plan)
      #expect(found.map { $0.samples[0] } == expected, "round \(round): \(signal.count) samples, \(plan)")
      #expect(found.map { $0.samples[1] } == expected.map { $0.map { -$0 } })
      #expect(found.map { $0.index } == Array(found.indices))
      #expect(found.map { $0.startFrame } == found.indices.map { $0 * plan.hop })
      #expect(found.count == plan.windowCount(frames: signal.count))
    }
  }

  @Test func resamplesWhenThePlanAsks() throws {
    let tone = ResamplerTests.tone(400, rate: 48_000, count: 48_000)
    let plan = WindowPlan(seconds: 0.1, hopSeconds: 0.05, sampleRate: 12_000)
    #expect(plan.length == 1200 && plan.hop == 600)
    let found = try Self.windows([tone], rate: 48_000, plan: plan)
    #expect(found.count == 19)
    #expect(found[7].startTime == 0.35)
    let ideal = ResamplerTests.tone(400, rate: 12_000, count: 12_000)
    let worst = zip(found[7].samples[0], ideal[4200...]).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-4)
  }

  @Test func shortRecordingsAreRefusedOrPadded() throws {
    let plan = WindowPlan(length: 10)
    #expect(
      throws: SignalIOError.tooShort(
        path: "memory", found: "3 samples (3 ms) at 1000 Hz", expected: "10 samples (10 ms) at 1000 Hz")
    ) { try Self.windows([Self.ramp(3)], plan: plan) }
    let padded = try Self.windows([Self.ramp(3)], plan: WindowPlan(length: 10, short: .pad))
    #expect(padded.count == 1 && padded[0].paddedFrames == 7)
    #expect(throws: SignalIOError.noSamples(path: "memory", found: "0 samples in every channel")) {
      try Self.windows([[]], plan: WindowPlan(length: 10, short: .pad))
    }
  }

  @Test func keepsTheChannelsAskedFor() throws {
    let stream = MemoryStream([[1, 1], [2, 2], [3, 3]], sampleRate: 10)
    let reader = try WindowReader(
      stream: stream, sampleRate: 10, plan: WindowPlan(length: 2), path: "memory", channels: [2, 0])
    #expect(try reader.next()?.samples == [[3, 3], [1, 1]])
    #expect(throws: SignalIOError.self) {
      try WindowReader(
        stream: stream, sampleRate: 10, plan: WindowPlan(length: 2), path: "memory", channels: [3])
    }
  }

  @Test func tellsWindowsThatAreNotFinite() {
    #expect(Window(samples: [[1, 2], [3, 4]], sampleRate: 1, startFrame: 0, index: 0).isFinite)
    for bad in [Float.nan, .infinity, -.infinity] {
      #expect(!Window(samples: [[1, 2], [bad, 4]], sampleRate: 1, startFrame: 0, index: 0).isFinite)
    }
  }
}
