import CKernels
import Glibc

/// SHA-256 (FIPS 180-4), which names a file's content in reports.
///
/// Written out because a dependency for sixty lines would weigh more. A recording is hashed up to three times a
/// report, so the inner loop is a kernel.
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
      ContentHash.add(all, blocks: whole / 64, to: &state)
      pending = Array(all[whole...])
    }

    /// The hash of all that was added, as 64 hexadecimal digits.
    package consuming func finish() -> String {
      var padded = pending + [0x80]
      padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
      withUnsafeBytes(of: UInt64(count * 8).bigEndian) { padded += $0 }
      ContentHash.add(padded, blocks: padded.count / 64, to: &state)
      return state.map { word in
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
      }.joined()
    }
  }

  /// Section 6.2.2 for the first `blocks` blocks of 64 bytes.
  private static func add(_ bytes: [UInt8], blocks: Int, to state: inout [UInt32]) {
    precondition(64 * blocks <= bytes.count, "\(blocks) blocks in \(bytes.count) bytes")
    hk_sha256(&state, constants, bytes, blocks)
  }

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

  package static let initial = primes(8).map { rootFraction($0, degree: 2) }
  /// The standard's 64 round constants.
  package static let constants = primes(64).map { rootFraction($0, degree: 3) }
}
