import Testing

@testable import SignalIO

struct WindowFunctionTests {
  @Test func knownGainsAndBandwidths() {
    let expected: [(WindowFunction, gain: Double, bandwidth: Double)] = [
      (.rectangular, 1, 1), (.hann, 0.5, 1.5), (.hamming, 0.54, 1.3628257), (.blackman, 0.42, 1.7267574),
      (.flatTop, 0.21557895, 3.7702),
    ]
    for (window, gain, bandwidth) in expected {
      let w = window.weights(1000)
      #expect(abs(WindowFunction.coherentGain(of: w) - gain) < 1e-9, "\(window)")
      #expect(abs(WindowFunction.noiseBandwidth(of: w) - bandwidth) < 1e-4, "\(window)")
    }
  }

  @Test(arguments: WindowFunction.allCases)
  func symmetryMirrors(window: WindowFunction) {
    let symmetric = window.weights(33, .symmetric)
    #expect(zip(symmetric, symmetric.reversed()).allSatisfy { abs($0 - $1) < 1e-12 })
    // A periodic window is the symmetric one of a sample more, less its last sample.
    #expect(zip(window.weights(32), symmetric).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(window.weights(1) == [1])
  }

  @Test func hannStartsAtZeroAndPeaksAtOne() {
    let w = WindowFunction.hann.weights(8)
    #expect(w[0] == 0 && abs(w[4] - 1) < 1e-15 && abs(w[2] - 0.5) < 1e-15)
  }
}
