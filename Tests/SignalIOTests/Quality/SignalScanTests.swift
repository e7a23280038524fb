import CKernels
import Support
import Testing

@testable import SignalIO

struct SignalScanTests {
  @Test(arguments: [1, 2, 15, 16, 17, 31, 32, 33, 314, 5000])
  func extremesAreTheFirstOfTheirKind(count: Int) {
    var random = RandomSource(seed: UInt64(count))
    for values in [3, 1 << 20] {
      // Of three values there are many lowest and highest ones.
      let x = (0..<count).map { _ in Float(random.integer(below: values)) - 1 }
      var (low, high) = (-1, -1)
      fd_extreme_positions(x, count, &low, &high)
      #expect(low == x.firstIndex(of: x.min()!) && high == x.firstIndex(of: x.max()!))
    }
  }

  @Test func aWindowIsFiniteWithoutASingleStrangeSample() {
    var samples = [Float](repeating: 1, count: 40)
    func window() -> Window { Window(samples: [[0, 1], samples], sampleRate: 1, startFrame: 0, index: 0) }
    #expect(window().isFinite)
    for strange in [Float.nan, .infinity, -.infinity] {
      for place in [0, 17, 39] {
        samples[place] = strange
        #expect(!window().isFinite)
        samples[place] = .greatestFiniteMagnitude
      }
    }
    #expect(window().isFinite)
  }
}
