/// A seeded source of randomness with a documented algorithm, so that a seed means the same bytes everywhere.
///
/// The generator is xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM
/// TOMS 47, 2021), its state filled from the seed by SplitMix64 as its authors advise. It is a value: copying
/// it copies the stream, and its state is part of a checkpoint.
package struct RandomSource: RandomNumberGenerator, Sendable, Equatable, Codable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  package init(seed: UInt64) {
    var mixer = SplitMix64(state: seed)
    s0 = mixer.next()
    s1 = mixer.next()
    s2 = mixer.next()
    s3 = mixer.next()
  }

  /// An independent stream for one purpose: same seed and path, same stream, whatever else was drawn.
  ///
  /// `path` names the purpose by numbers, for instance `[epoch, item]`.
  package init(seed: UInt64, path: [UInt64]) {
    var mixer = SplitMix64(state: seed)
    var key = mixer.next()
    for element in path {
      mixer = SplitMix64(state: key ^ (element &* 0x9E37_79B9_7F4A_7C15))
      key = mixer.next()
    }
    self.init(seed: key)
  }

  @inline(__always)
  package mutating func next() -> UInt64 {
    let result = rotate(s0 &+ s3, 23) &+ s0
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = rotate(s3, 45)
    return result
  }

  /// Uniform on [0, 1) with 53 random bits.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform on `range`.
  package mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform on 0 ..< bound, without bias (Lemire, "Fast random integer generation in an interval", 2019).
  @inline(__always)
  package mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "an integer below \(bound) does not exist")
    let limit = UInt64(bound)
    while true {
      let (high, low) = next().multipliedFullWidth(by: limit)
      if low >= limit || low >= (0 &- limit) % limit { return Int(high) }
    }
  }

  /// Fills `values[range]` with what as many calls of ``integer(below:)`` give. The stream stays in registers meanwhile,
  /// which it does not over calls from another module.
  package mutating func fillIntegers(below bound: Int, _ values: inout [Int32], _ range: Range<Int>) {
    precondition(bound <= Int(Int32.max) + 1, "integers below \(bound) do not fit 32 bits")
    var source = self
    for i in range { values[i] = Int32(truncatingIfNeeded: source.integer(below: bound)) }
    self = source
  }

  /// A draw from the normal distribution of mean 0 and variance 1.
  ///
  /// Ziggurat with 256 layers (Marsaglia and Tsang, Journal of Statistical Software 5(8), 2000). As Doornik (2005)
  /// advises, layer, sign and abscissa come from different bits of one 64-bit draw. Nothing is kept between calls,
  /// so the stream's state is the whole state.
  package mutating func normal() -> Double {
    NormalZiggurat.shared.draw(&self)
  }

  /// Fills `values` with normal draws, the same that as many calls of ``normal()`` give, rounded to `Float`.
  package mutating func fillNormal(_ values: inout [Float]) {
    let ziggurat = NormalZiggurat.shared
    var source = self
    values.withUnsafeMutableBufferPointer { buffer in
      for i in buffer.indices { buffer[i] = Float(ziggurat.draw(&source)) }
    }
    self = source
  }

  /// A permutation of 0 ..< count (Fisher and Yates).
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, integer(below: i + 1)) }
    return order
  }

  private func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
}

/// Fills the state of ``RandomSource`` from a seed (Steele, Lea and Flood, OOPSLA 2014).
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
