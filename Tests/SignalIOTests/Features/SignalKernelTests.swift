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

  /// The definition of a peak, in the arithmetic of the plain loop that models were trained on.
  private func peak(_ row: [Float], _ step: Double, at order: Double, _ reach: Double) -> Float? {
    (-3...3).compactMap { point -> Float? in
      let at = (order + reach * Double(point) / 3) / step
      guard at >= 0, at <= Double(row.count - 1) else { return nil }
      let left = min(Int(at), row.count - 2)
      return row[left] + Float(at - Double(left)) * (row[left + 1] - row[left])
    }.max()
  }

  private func noise(_ count: Int, seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in Float(random.normal()) }
  }

  /// Orders within the axis, with harmonics beyond it, at its end, and below its beginning by less than the reach.
  @Test(arguments: [0.02, 0.31, 0.97, 1.5, 2.24, 3.01, 7, 8.98, 9, 9.02, 9.5])
  func combsAreTheMeanOfPeaks(order: Double) {
    let (steps, step, reach) = (451, 0.02, 0.03)
    let rows = (0..<11).map { noise(steps, seed: 100 + $0) }
    let x = AlignedBuffer(count: steps * 16)
    sk_interleave(rows.flatMap { $0 }, rows.count, steps, x.base)
    var means = [Double](repeating: 9, count: 16)
    sk_mean_peaks(x.base, steps, step, order, reach, 4, &means)
    for (row, mean) in zip(rows, means) {
      let peaks = (1...4).map { peak(row, step, at: Double($0) * order, reach) }.prefix { $0 != nil }
      let sum = peaks.reduce(0.0) { $0 + Double($1!) }
      #expect(mean == (peaks.isEmpty ? 0 : sum / Double(peaks.count)))
      #expect(sk_comb(row, steps, step, order, reach, 4, 0, 0.5) == mean)
    }
    #expect(means[11...].allSatisfy { $0 == 0 })
  }

  @Test(arguments: [0.5, 2.2, 8.99], [0.398, 1.0])
  func sidebandsAreWeighedBesideTheirLine(order: Double, modulation: Double) {
    let (row, step, reach, weight) = (noise(451, seed: 7), 0.02, 0.03, 0.5)
    var values: [Double] = []
    for harmonic in 1...4 {
      let centre = Double(harmonic) * order
      guard let carrier = peak(row, step, at: centre, reach) else { break }
      let sides = [-modulation, modulation].compactMap { peak(row, step, at: centre + $0, reach) }
      let side = Double(sides.reduce(0, +)) / Double(sides.count)
      values.append(sides.isEmpty ? Double(carrier) : (Double(carrier) + weight * side) / (1 + weight))
    }
    let expected = values.reduce(0, +) / Double(values.count)
    #expect(sk_comb(row, row.count, step, order, reach, 4, modulation, weight) == expected)
  }

  @Test func aCombOfWhatIsNotANumberIsNone() {
    var row = noise(100, seed: 2)
    for i in row.indices { row[i] = .nan }
    #expect(sk_comb(row, 100, 0.02, 0.4, 0.03, 4, 0, 0.5).isNaN)
  }

  @Test(arguments: [1, 2, 8, 12, 16], [2, 8, 9, 40, 77])
  func rowsAreInterleavedAndSeparated(rows: Int, steps: Int) {
    let x = noise(rows * steps, seed: 4)
    let interleaved = AlignedBuffer(count: 16 * steps)
    for i in 0..<interleaved.count { interleaved[i] = 9 }
    sk_interleave(x, rows, steps, interleaved.base)
    for step in 0..<steps {
      for row in 0..<16 { #expect(interleaved[16 * step + row] == (row < rows ? x[row * steps + step] : 0)) }
    }
    var back = [Float](repeating: 9, count: rows * steps)
    sk_separate(interleaved.base, rows, steps, &back)
    #expect(back == x)
  }

  @Test func sumsAndDifferencesAreThoseOfPlainLoops() {
    let (a, b) = (noise(77, seed: 5), noise(77, seed: 6))
    var scaled = b
    sk_add_scaled(a, 0.3, &scaled, 77)
    #expect(scaled == zip(a, b).map { $1 + 0.3 * $0 })
    var widened = b.map { Double($0) }
    sk_add_widened(a, &widened, 77)
    #expect(widened == zip(a, b).map { Double($1) + Double($0) })
    var difference = a
    sk_subtract(a, b, &difference, 77)
    #expect(difference == zip(a, b).map { $0 - $1 })
  }

  @Test(arguments: [1, 2, 3, 16, 101, 500, 70_001])
  func medianIsWhatSortingPutsThere(count: Int) {
    var random = RandomSource(seed: UInt64(count))
    let spread = (0..<count).map { _ in Float(random.normal()) }
    #expect(sk_upper_median(spread, count) == spread.sorted()[count / 2])
    // Ties, both zeros, and more of one value than of all others.
    let few = (0..<count).map { _ in Float(random.integer(below: 3)) - 1 }
    #expect(sk_upper_median(few, count) == few.sorted()[count / 2])
    for rank in [0, count / 50, count - 1] {
      #expect(sk_order_statistic(spread, count, rank) == spread.sorted()[rank])
    }
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

  @Test(arguments: [0, 1, 7, 40]) func levelledBinsAreMeasuredBesideTheirSurroundings(reach: Int) {
    let count = 33
    let z = [Float](repeating: 0, count: 20) + noise(2 * count - 20, seed: 9)
    var (sums, out) = ([Double](repeating: 9, count: count + 1), [Float](repeating: 9, count: 2 * count))
    sk_level(z, count, reach, &sums, &out)
    for bin in 0..<count {
      let (first, last) = (max(0, bin - reach), min(count - 1, bin + reach))
      let power = z[2 * first...2 * last + 1].reduce(0.0) { $0 + Double($1 * $1) }
      let size = (power / Double(last - first + 1)).squareRoot()
      for place in [2 * bin, 2 * bin + 1] {
        let expected = size > 0 ? Double(z[place]) / size : 0
        #expect(abs(Double(out[place]) - expected) < 1e-5)
      }
    }
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
