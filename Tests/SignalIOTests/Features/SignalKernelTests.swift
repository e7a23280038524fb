import CKernels
import Foundation
import Support
import Testing

@testable import SignalIO

struct SignalKernelTests {
  @Test func logarithmIsExactEnoughAndKeepsSpecialValues() {
    var random = RandomSource(seed: 1)
    let x =
      (0..<4000).map { _ in Float(exp(random.uniform(in: -60...60))) } + [1, 0.5, 2, 0.99999994, 1.0000001]
    var y = [Float](repeating: 0, count: x.count)
    sk_log_above(x, Float.leastNormalMagnitude, &y, x.count)
    for (a, b) in zip(x, y) {
      let expected = log(Double(a))
      #expect(abs(Double(b) - expected) <= max(1e-7, 2.4e-7 * abs(expected)), "log \(a)")
    }
    var special = [Float](repeating: 0, count: 4)
    sk_log_above([.nan, .infinity, -3, 0], 1e-6, &special, 4)
    #expect(special[0].isNaN && special[1] == .infinity)
    #expect(abs(special[2] - log(1e-6)) < 1e-5 && special[3] == special[2])
  }

  @Test(arguments: [
    (steps: 40, width: 3), (steps: 40, width: 11), (steps: 9, width: 17), (steps: 150, width: 101),
  ])
  func runningMedianAgreesWithSorting(steps: Int, width: Int) {
    var random = RandomSource(seed: UInt64(width))
    let x = AlignedBuffer(count: steps * 16)
    // Few distinct values, so that ties are common.
    for i in 0..<x.count { x[i] = Float(random.integer(below: 20)) }
    let (work, out) = (AlignedBuffer(count: (width + 1) * 16), AlignedBuffer(count: steps * 16))
    sk_subtract_running_median(x.base, steps, width, work.base, out.base)
    for i in 0..<steps {
      for lane in 0..<16 {
        let window = (-(width / 2)...width / 2).map { offset -> Float in
          let p = i + offset
          return x[16 * (p < 0 ? -1 - p : p >= steps ? 2 * steps - 1 - p : p) + lane]
        }.sorted()
        #expect(out[16 * i + lane] == x[16 * i + lane] - window[width / 2])
      }
    }
  }

  @Test func meanPeaksAgreeWithPlainLoops() {
    var random = RandomSource(seed: 3)
    let (rows, columns) = (3, 40)
    let x = (0..<rows * columns).map { _ in Float(random.normal()) }
    let groups = [4, 1, 7]
    let index = (0..<12).map { _ in Int32(random.integer(below: columns - 1)) }
    let fraction = (0..<12).map { _ in Float(random.uniform()) }
    var means = [Double](repeating: 9, count: rows)
    sk_mean_peaks(x, rows, columns, index, fraction, groups.map { Int32($0) }, groups.count, &means)
    for row in 0..<rows {
      var (sum, first) = (0.0, 0)
      for count in groups {
        let values = (first..<first + count).map { i -> Float in
          let at = row * columns + Int(index[i])
          return x[at] + fraction[i] * (x[at + 1] - x[at])
        }
        sum += Double(values.max()!)
        first += count
      }
      #expect(abs(means[row] - sum / 3) < 1e-6)
    }
    sk_mean_peaks(x, rows, columns, index, fraction, [], 0, &means)
    #expect(means == [0, 0, 0])
  }

  @Test(arguments: [1, 2, 3, 16, 101, 500, 70_001])
  func medianIsWhatSortingPutsThere(count: Int) {
    var random = RandomSource(seed: UInt64(count))
    let spread = (0..<count).map { _ in Float(random.normal()) }
    #expect(sk_upper_median(spread, count) == spread.sorted()[count / 2])
    // Ties, both zeros, and more of one value than of all others.
    let few = (0..<count).map { _ in Float(random.integer(below: 3)) - 1 }
    #expect(sk_upper_median(few, count) == few.sorted()[count / 2])
  }

  @Test func medianTakesWhatIsNotANumberForTheLargest() {
    #expect(sk_upper_median([.nan, 2, -.infinity], 3) == 2)
    #expect(sk_upper_median([.infinity, .nan, .nan], 3).isNaN)
    #expect(sk_upper_median([-.infinity, .infinity], 2) == .infinity)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 1000])
  func sixteenBitsAreWidenedInPlace(count: Int) {
    let whole = (0..<count).map { Int16(truncatingIfNeeded: $0 &* 7919 &- 32_768) }
    let expected = whole.map { Float($0) / 32_768 }
    var apart = [Float](repeating: 9, count: count)
    sk_from_sixteen_bits(whole, &apart, count)
    #expect(apart == expected)
    // In the second half of the room, as the reader has them.
    let room = AlignedBuffer(count: count)
    room.base.withMemoryRebound(to: Int16.self, capacity: 2 * count) { halves in
      for i in 0..<count { halves[count + i] = whole[i] }
      sk_from_sixteen_bits(halves + count, room.base, count)
    }
    #expect(room.prefix(count) == expected)
  }

  @Test func unitMagnitudeLeavesZeroAlone() {
    let z: [Float] = [3, 4, 0, 0, -2, 0, 1e-30, 0]
    var out = [Float](repeating: 9, count: 8)
    sk_unit_magnitude(z, &out, 4)
    #expect(zip(out, [0.6, 0.8, 0, 0, -1, 0, 0, 0] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func sumsAreExact() {
    let x = (1...1003).map { Float($0) }
    #expect(sk_sum(x, 1003) == 1003 * 502)
    // The sum of (k - 502)^2 over 1...1003 is twice that of the squares of 1...501.
    let expected: Double = 501 * 502 * 1003 / 3
    #expect(sk_sum_of_squares(x, 502, 1003) == expected)
    #expect(sk_sum(x, 0) == 0)
  }
}
