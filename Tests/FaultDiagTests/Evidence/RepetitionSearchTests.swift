import SignalIO
import Testing

@testable import FaultDiag

@Suite struct RepetitionSearchTests {
  private let bands = [AlignedEnvelopeSettings.Band(300, 1000), .init(2250, 3250)]
  private let step = 0.25

  /// Floor at 0 with lines of `height` at the multiples of each rate, in the second band.
  private func lines(_ rates: [(hertz: Double, height: Float, count: Int)]) -> EnvelopeLines {
    var values = [Float](repeating: 0, count: 2 * 6001)
    for rate in rates {
      for harmonic in 1...rate.count {
        let at = Int((Double(harmonic) * rate.hertz / step).rounded())
        values[6001 + at] = rate.height
        for side in [-1, 1] { values[6001 + at + side] = max(values[6001 + at + side], rate.height / 2) }
      }
    }
    return EnvelopeLines(values: values, bandCount: 2, orderStep: step)
  }

  @Test func theRateItselfAndNotItsHalfOrDouble() {
    // Height 5 saturates: the double has six strong lines too.
    for height in [Float(1.5), 5] {
      var search = RepetitionSearch(lines([(61.3, height, 12)]), bands: bands)
      let combs = search.combs(count: 3)
      #expect(combs.count == 1, "its lines are taken away")
      #expect(abs(combs[0].hertz - 61.3) < 0.05)
      #expect(combs[0].harmonics == 6 && combs[0].band == bands[1])
    }
  }

  @Test func oneToneIsNoComb() {
    var search = RepetitionSearch(lines([(61.3, 9, 1)]), bands: bands)
    #expect(search.combs(count: 3) == [])
  }

  @Test func severalCombsComeStrongestFirst() {
    var search = RepetitionSearch(lines([(41.7, 1.6, 8), (109.4, 2.8, 8)]), bands: bands)
    let combs = search.combs(count: 3)
    #expect(combs.map { ($0.hertz * 10).rounded() } == [1094, 417])
    #expect(combs[0].score > combs[1].score)
  }
}
