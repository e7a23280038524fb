import Glibc

/// SHA-256 (FIPS 180-4), which names a file's content in reports.
///
/// Written out because a dependency for sixty lines would weigh more; about 200 MB/s, model files are a megabyte.
package enum ContentHash {
  /// The hash of `bytes` as 64 hexadecimal digits.
  package static func sha256(_ bytes: [UInt8]) -> String {
    var stream = Stream()
    stream.add(bytes)
    return stream.finish()
  }

  /// The hash of the file at `path`, read in pieces; nil where it cannot be read.
  package static func sha256(ofFile path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var stream = Stream()
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      // Invariant: the buffer has exactly the length that is asked for.
      let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      guard count > 0 else { return stream.finish() }
      stream.add(count == block.count ? block : Array(block[..<count]))
    }
  }

  /// A hash that grows with the bytes that are added.
  package struct Stream {
    private var state = ContentHash.initial
    private var pending: [UInt8] = []
    private var count = 0

    package init() {}

    package mutating func add(_ bytes: [UInt8]) {
      count += bytes.count
      let all = pending.isEmpty ? bytes : pending + bytes
      let whole = all.count - all.count % 64
      for start in stride(from: 0, to: whole, by: 64) { ContentHash.add(all, start, to: &state) }
      pending = Array(all[whole...])
    }

    /// The hash of all that was added, as 64 hexadecimal digits.
    package consuming func finish() -> String {
      var padded = pending + [0x80]
      padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
      withUnsafeBytes(of: UInt64(count * 8).bigEndian) { padded += $0 }
      for start in stride(from: 0, to: padded.count, by: 64) { ContentHash.add(padded, start, to: &state) }
      return state.map { word in
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
      }.joined()
    }
  }

  /// Section 6.2.2, steps 1 to 4, for the block at `start`.
  private static func add(_ bytes: [UInt8], _ start: Int, to state: inout [UInt32]) {
    var w = [UInt32](repeating: 0, count: 64)
    for t in 0..<16 {
      w[t] = bytes[start + 4 * t..<start + 4 * t + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    for t in 16..<64 {
      let s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >> 3)
      let s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >> 10)
      w[t] = w[t - 16] &+ s0 &+ w[t - 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for t in 0..<64 {
      let sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let t1 = h &+ sum1 &+ ((e & f) ^ (~e & g)) &+ constants[t] &+ w[t]
      let sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let t2 = sum0 &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
    }
    for (i, value) in [a, b, c, d, e, f, g, h].enumerated() { state[i] &+= value }
  }

  private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }

  /// The first `count` primes, from which the standard makes its constants.
  private static func primes(_ count: Int) -> [Int] {
    var found: [Int] = []
    var candidate = 2
    while found.count < count {
      if found.allSatisfy({ candidate % $0 != 0 }) { found.append(candidate) }
      candidate += 1
    }
    return found
  }

  /// First 32 bits of the fraction of the `degree`-th root of `prime`, exactly: the largest r with
  /// r^degree <= prime 2^(32 degree), modulo 2^32, by bisection in wide integers.
  private static func rootFraction(_ prime: Int, degree: Int) -> UInt32 {
    var (low, high) = (UInt128(1) << 32, UInt128(1) << 38)
    // r < 2^38, so r^3 < 2^114 fits 128 bits, as does prime 2^96.
    let target = UInt128(prime) << UInt128(32 * degree)
    while high - low > 1 {
      let middle = (low + high) / 2
      let power = (0..<degree).reduce(UInt128(1)) { product, _ in product * middle }
      if power <= target { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }

  private static let initial = primes(8).map { rootFraction($0, degree: 2) }
  private static let constants = primes(64).map { rootFraction($0, degree: 3) }
}
