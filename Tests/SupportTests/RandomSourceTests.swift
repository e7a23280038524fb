import Foundation
import Testing

@testable import Support

@Suite struct RandomSourceTests {
  /// The first outputs of the authors' C code (Vigna, splitmix64.c) for state 1234567.
  @Test func aFillIsAsManyCallsAndLeavesTheRest() {
    var (filling, calling) = (RandomSource(seed: 3), RandomSource(seed: 3))
    var values = [Int32](repeating: -1, count: 100)
    filling.fillIntegers(below: 41, &values, 10..<90)
    #expect(values[10..<90].elementsEqual((10..<90).map { _ in Int32(calling.integer(below: 41)) }))
    #expect(values[..<10].allSatisfy { $0 == -1 } && values[90...].allSatisfy { $0 == -1 })
    #expect(filling == calling)
  }

  @Test func splitMixMatchesTheAuthorsVector() {
    var mixer = SplitMix64(state: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.indices.map { _ in mixer.next() } == expected)
  }

  /// The first outputs of the authors' C code (Blackman and Vigna, xoshiro256plusplus.c) for the state 1, 2, 3, 4.
  @Test func xoshiroMatchesTheAuthorsVector() throws {
    let state = Data(#"{"s0": 1, "s1": 2, "s2": 3, "s3": 4}"#.utf8)
    var source = try JSONDecoder().decode(RandomSource.self, from: state)
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
    ]
    #expect(expected.indices.map { _ in source.next() } == expected)
  }

  /// Both published algorithms in a row, computed by an independent transcription with unbounded integers.
  @Test func seedFillsTheState() {
    let vectors: [(seed: UInt64, outputs: [UInt64])] = [
      (0, [0x5317_5d61_490b_23df, 0x61da_6f3d_c380_d507, 0x5c0f_df91_ec9a_7bfc]),
      (42, [0xd076_4d4f_4476_689f, 0x519e_4174_576f_3791, 0xfbe0_7cfb_0c24_ed8c]),
      (.max, [0x56cc_f8ce_948e_27b2, 0xe685_8843_2e5a_5b90, 0xe3e9_b5a4_8119_ca8b]),
    ]
    for (seed, outputs) in vectors {
      var source = RandomSource(seed: seed)
      #expect(outputs.map { _ in source.next() } == outputs, "seed \(seed)")
    }
  }

  @Test func stateSurvivesEncoding() throws {
    var source = RandomSource(seed: 7)
    for _ in 0..<100 { _ = source.next() }
    var copy = try JSONDecoder().decode(RandomSource.self, from: JSONEncoder().encode(source))
    #expect(copy == source)
    #expect(copy.next() == source.next())
  }

  /// 60,000 draws over 6 values: chi-square with 5 degrees of freedom stays below its 0.999 quantile, 20.5.
  @Test(arguments: [UInt64(1), 2, 3]) func integersAreUniform(seed: UInt64) {
    var source = RandomSource(seed: seed)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<60_000 { counts[source.integer(below: 6)] += 1 }
    let chiSquare = counts.reduce(0.0) { $0 + pow(Double($1) - 10_000, 2) / 10_000 }
    #expect(chiSquare < 20.5, "seed \(seed): \(counts)")
  }

  @Test func integersCoverHugeBounds() {
    var source = RandomSource(seed: 5)
    let bound = Int.max
    let draws = (0..<1000).map { _ in source.integer(below: bound) }
    #expect(draws.allSatisfy { (0..<bound).contains($0) })
    #expect(draws.contains { $0 > bound / 4 * 3 } && draws.contains { $0 < bound / 4 })
    #expect((0..<10).allSatisfy { _ in source.integer(below: 1) == 0 })
  }

  @Test func uniformStaysBelowOne() {
    var source = RandomSource(seed: 11)
    let draws = (0..<100_000).map { _ in source.uniform() }
    #expect(draws.allSatisfy { (0..<1).contains($0) })
    // Standard error of the mean: 0.29 / sqrt(100,000) = 0.0009.
    #expect(abs(draws.reduce(0, +) / 100_000 - 0.5) < 0.004)
  }

  @Test func permutationHoldsEveryIndexOnce() {
    var source = RandomSource(seed: 13)
    for count in [0, 1, 2, 17, 1000] {
      #expect(source.permutation(count).sorted() == Array(0..<count))
    }
    #expect(source.permutation(1000) != source.permutation(1000))
  }

  @Test func pathStreamsAreDistinctAndRepeatable() {
    func first(_ path: [UInt64]) -> UInt64 {
      var source = RandomSource(seed: 99, path: path)
      return source.next()
    }
    #expect(first([3, 4]) == first([3, 4]))
    var paths: [[UInt64]] = [[], [0], [0, 0], [1, 0], [0, 1], [1], [2]]
    paths += (0..<500).map { [7, $0] } + (0..<500).map { [$0, 7] }.filter { $0 != [7, 7] }
    #expect(Set(paths.map(first)).count == paths.count)
  }
}

@Suite struct NormalDrawTests {
  /// A million draws: moments within five standard errors of 0, 1, 0 and 3.
  @Test(arguments: [UInt64(1), 2]) func momentsAreThoseOfTheStandardNormal(seed: UInt64) {
    var source = RandomSource(seed: seed)
    let n = 1_000_000.0
    var sums = (0.0, 0.0, 0.0, 0.0)
    for _ in 0..<Int(n) {
      let x = source.normal()
      sums = (sums.0 + x, sums.1 + x * x, sums.2 + x * x * x, sums.3 + x * x * x * x)
    }
    #expect(abs(sums.0 / n) < 5 / n.squareRoot())
    #expect(abs(sums.1 / n - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(sums.2 / n) < 5 * (15 / n).squareRoot())
    #expect(abs(sums.3 / n - 3) < 5 * (96 / n).squareRoot())
  }

  /// The distribution function at points inside, at the layers' edges and in the tail beyond r = 3.654, against
  /// 0.5 erfc(-x / sqrt 2), within five binomial standard errors.
  @Test func distributionMatchesErfcAndTailIsReached() {
    var source = RandomSource(seed: 21)
    let draws = (0..<2_000_000).map { _ in source.normal() }
    let n = Double(draws.count)
    for x in [-3.7, -2.5, -1.3, -0.2, 0, 0.05, 0.9, 2.0, 3.2, 3.654, 3.9] {
      let expected = 0.5 * erfc(-x / 2.0.squareRoot())
      let observed = Double(draws.count { $0 < x }) / n
      let tolerance = 5 * (expected * (1 - expected) / n).squareRoot()
      #expect(abs(observed - expected) < tolerance, "at \(x): observed \(observed), expected \(expected)")
    }
  }

  @Test func fillingDrawsTheSameStream() {
    var one = RandomSource(seed: 31)
    var many = one
    var filled = [Float](repeating: 0, count: 5000)
    many.fillNormal(&filled)
    #expect(filled == (0..<5000).map { _ in Float(one.normal()) })
    #expect(one == many)
  }
}
