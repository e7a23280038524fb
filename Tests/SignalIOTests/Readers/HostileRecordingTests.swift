import Foundation
import TestSupport
import Testing

@testable import SignalIO

/// Recordings that claim what no file of their size can hold: refused, or read as far as they go, in little memory.
struct HostileRecordingTests {
  private enum Outcome: Equatable {
    case refused
    case frames(Int)
  }

  /// Reads everything in blocks, asking for more than there can be.
  private func outcome(_ bytes: [UInt8], extension name: String) throws -> Outcome {
    try withFile(bytes, extension: name) { path in
      do {
        let stream = try RecordingReaders.open(path: path)
        var frames = 0
        while case let count = try stream.read(frames: 1 << 40).first?.count ?? 0, count > 0 {
          frames += count
        }
        return .frames(frames)
      } catch let error as SignalIOError {
        #expect(!error.description.isEmpty)
        return .refused
      }
    }
  }

  private func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private func npy(_ shape: String) -> [UInt8] {
    let text = Array("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n".utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + little(UInt64(text.count), 2) + text
  }

  @Test func numPyArraysOfATrillion() throws {
    let data = [UInt8](repeating: 0x3F, count: 400)
    #expect(try outcome(npy("(1099511627776,)") + data, extension: "npy") == .frames(100))
    #expect(try outcome(npy("(549755813888, 2)") + data, extension: "npy") == .frames(50))
    for shape in ["(1048576, 1048576)", "(2, 549755813888)", "(1099511627776, 1099511627776)"] {
      #expect(try outcome(npy(shape) + data, extension: "npy") == .refused, "\(shape)")
    }
  }

  /// The 64-bit sizes of an RF64 file, and the 32-bit ones of a WAV.
  @Test func soundsOfATrillion() throws {
    let format =
      Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2) + little(1, 2) + little(8000, 4)
      + little(16_000, 4) + little(2, 2) + little(16, 2)
    let data = [UInt8](repeating: 1, count: 400)
    let wave =
      Array("RIFF".utf8) + little(0xFFFF_FFF0, 4) + format + Array("data".utf8)
      + little(0xFFFF_FF00, 4) + data
    let long =
      Array("RF64".utf8) + little(0xFFFF_FFFF, 4) + Array("WAVEds64".utf8) + little(28, 4)
      + little(1 << 41, 8) + little(1 << 41, 8) + little(1 << 40, 8) + little(0, 4) + format.dropFirst(4)
      + Array("data".utf8) + little(0xFFFF_FFFF, 4) + data
    for bytes in [wave, long] {
      let result = try outcome(bytes, extension: "wav")
      #expect(result == .frames(200) || result == .refused, "\(result)")
    }
  }

  /// Dimensions of 2^20 by 2^20 behind zlib, with the few bytes of the file itself.
  @Test func aCompressedMatrixOfATrillion() throws {
    let plain = try bytes(of: Golden.path("Readers/wide.mat"))
    var claimed = plain
    claimed.replaceSubrange(160..<168, with: [0, 0, 0x10, 0, 0, 0, 0x10, 0])
    // A stored block of deflate (RFC 1951, 3.2.4) between zlib's header and checksum (RFC 1950).
    let matrix = Array(claimed[128...])
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in matrix {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    let length = little(UInt64(matrix.count), 2)
    let body =
      [0x78, 0x01, 0x01] + length + length.map { ~$0 } + matrix + little(UInt64(b << 16 | a), 4).reversed()
    let file = Array(plain[..<128]) + little(15, 4) + little(UInt64(body.count), 4) + body
    #expect(try outcome(file, extension: "mat") == .refused)
  }

  /// Every length of 96 in the HDF5 file made 2^40.
  @Test func aMatrixOfATrillionInHDF5() throws {
    var claimed = try bytes(of: Golden.path("Readers/version73.mat"))
    let length = little(96, 8)
    var places = 0
    for place in 0..<claimed.count - 8 where Array(claimed[place..<place + 8]) == length {
      claimed.replaceSubrange(place..<place + 8, with: little(1 << 40, 8))
      places += 1
    }
    #expect(places > 0)
    #expect(try outcome(claimed, extension: "mat") == .refused)
  }

  /// Members of one archive that are the same bytes, so that a small file would be read a thousand times.
  @Test func overlappingMembersAreRefused() throws {
    let whole = try bytes(of: Golden.path("Readers/stored.npz"))
    let end = try #require((0..<whole.count - 3).last { Array(whole[$0..<$0 + 4]) == [0x50, 0x4B, 5, 6] })
    let start = Int(whole[end + 16]) | Int(whole[end + 17]) << 8
    let directory = Array(whole[start..<end])
    var bomb = Array(whole[..<start])
    for _ in 0..<100 { bomb += directory }
    var record = Array(whole[end...])
    record.replaceSubrange(12..<16, with: little(UInt64(100 * directory.count), 4))
    bomb += record
    let error = try withFile(bomb, extension: "npz") { path in
      #expect(throws: SignalIOError.self) { try RecordingReaders.open(path: path) }
    }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// A member that is 32 MB of zeros in 0.2 MB comes in blocks.
  @Test func whatDeflateShrankComesInBlocks() throws {
    let header = npy("(8388608,)")
    var archive = NPZBomb.archive(name: "x.npy", header: header, zeros: 1 << 25)
    #expect(archive.count < 1 << 18)
    try withFile(archive, extension: "npz") { path in
      let stream = try RecordingReaders.open(path: path)
      var frames = 0
      while case let count = try stream.read(frames: 65_536)[0].count, count > 0 { frames += count }
      #expect(frames == 8_388_608)
    }
    // Cut in the middle of its data: told, not waited for.
    archive.removeSubrange(200..<archive.count - 200)
    #expect(try outcome(archive, extension: "npz") == .refused)
  }

  @Test func linesWithoutEndAndTextThatIsNone() throws {
    let row = Array("1,2\n".utf8)
    let rows = (0..<50).flatMap { _ in row }
    #expect(try outcome(rows + [UInt8](repeating: 0x31, count: 1 << 20), extension: "csv") == .refused)
    let commas = [UInt8](repeating: 0x2C, count: 1 << 17)
    #expect(try outcome(commas + [0x0A] + commas, extension: "csv") == .refused)
    // A hundred thousand channels of two samples: a block of each would be gigabytes.
    let wide = Array((String(repeating: "1,", count: 100_000) + "1\n").utf8)
    #expect(try outcome(wide + wide, extension: "csv") == .refused)
    let invalid: [UInt8] = Array("a\u{E9},b".utf8.dropLast(3)) + [0xC3, 0x28, 0x2C, 0xFF, 0x0A]
    #expect(try outcome(invalid + rows, extension: "csv") == .frames(50))
  }
}

/// An archive whose one member is mostly zeros.
private enum NPZBomb {
  /// Zeros as deflate shrinks them best: blocks of fixed codes, each a literal and copies of 258 bytes at distance 1.
  static func archive(name: String, header: [UInt8], zeros: Int) -> [UInt8] {
    var bits = BitWriter()
    bits.put(1, 1)
    bits.put(1, 2)
    for byte in header { bits.literal(byte) }
    bits.literal(0)
    var left = zeros - 1
    while left >= 258 {
      bits.copy258()
      left -= 258
    }
    for _ in 0..<left { bits.literal(0) }
    bits.put(0, 7)
    let data = bits.bytes
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let sizes = little(data.count, 4) + little(header.count + zeros, 4)
    let nameBytes = Array(name.utf8)
    let common =
      [20, 0, 0, 0, 8, 0] + [UInt8](repeating: 0, count: 8) + sizes + little(nameBytes.count, 2) + [0, 0]
    let local = [0x50, 0x4B, 3, 4] + common + nameBytes + data
    let entry =
      [0x50, 0x4B, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 14) + nameBytes
    return local + entry + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0] + little(entry.count, 4)
      + little(local.count, 4) + [0, 0]
  }

  /// Bits of a deflate stream with fixed codes (RFC 1951, 3.2.6).
  private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 8

    /// The lowest bits of `value`, lowest first.
    mutating func put(_ value: Int, _ count: Int) {
      for i in 0..<count {
        if used == 8 {
          bytes.append(0)
          used = 0
        }
        bytes[bytes.count - 1] |= UInt8(value >> i & 1) << used
        used += 1
      }
    }

    /// A code, highest bit first.
    private mutating func code(_ value: Int, _ count: Int) {
      for i in (0..<count).reversed() { put(value >> i, 1) }
    }

    mutating func literal(_ byte: UInt8) {
      if byte < 144 { code(0x30 + Int(byte), 8) } else { code(0x190 + Int(byte) - 144, 9) }
    }

    /// Length 258 is symbol 285, distance 1 is symbol 0.
    mutating func copy258() {
      code(0xC0 + 285 - 280, 8)
      code(0, 5)
    }
  }
}
