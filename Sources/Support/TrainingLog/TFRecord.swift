/// The frame of a record in TensorFlow's files: length (8 bytes), masked checksum of the length (4), content, masked
/// checksum of the content (4), all little-endian.
///
/// The mask of a checksum c is ((c >> 15) | (c << 17)) + 0xa282ead8 modulo 2^32 (tensorflow/core/lib/hash/crc32c.h): checksums
/// that are themselves checksummed lose strength.
enum TFRecord {
  static func framed(_ content: [UInt8]) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(content.count).littleEndian) { Array($0) }
    return length + maskedChecksum(length) + content + maskedChecksum(content)
  }

  static func maskedChecksum(_ bytes: [UInt8]) -> [UInt8] {
    let checksum = CRC32C.checksum(bytes)
    let masked = (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    return withUnsafeBytes(of: masked.littleEndian) { Array($0) }
  }
}

/// The cyclic redundancy check with Castagnoli's polynomial 0x1EDC6F41, bits reflected (RFC 3720, section 12.1).
enum CRC32C {
  /// The remainder of each byte.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in
      remainder >> 1 ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0)
    }
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    let table = table
    return ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] }
  }
}
