import CZlib

/// Writes small images in PNG (W3C, "Portable Network Graphics", third edition), uncompressed.
enum PNGImage {
  /// An image of palette indices, row by row from the top.
  static func indexed(
    _ pixels: [UInt8], width: Int, height: Int, palette: [(red: UInt8, green: UInt8, blue: UInt8)]
  ) -> [UInt8] {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height && palette.count == 256,
      "\(pixels.count) pixels with \(palette.count) colours are no image of \(width) x \(height)")
    // Bit depth 8, colour type 3 (palette), then the only compression, filter and interlacing there are or are wanted.
    let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 3, 0, 0, 0]
    // Every row begins with its filter: none.
    var rows: [UInt8] = []
    rows.reserveCapacity(height * (width + 1))
    for row in 0..<height {
      rows.append(0)
      rows += pixels[row * width..<(row + 1) * width]
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] }) + chunk("IDAT", stored(rows))
      + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    return bigEndian(UInt32(content.count)) + body + bigEndian(crc(body))
  }

  /// A zlib stream (RFC 1950) of stored blocks (RFC 1951, section 3.2.4).
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 0xFFFF, bytes.count)
      let count = UInt16(end - start)
      result += [end == bytes.count ? 1 : 0]
      result += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)]
      result += bytes[start..<end]
      start = end
    } while start < bytes.count
    return result + bigEndian(adler(bytes))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// CRC-32 with the polynomial 0x04C11DB7, bits reflected.
  static func crc(_ bytes: [UInt8]) -> UInt32 {
    // Invariant of both: the pointer reaches exactly bytes.count bytes.
    bytes.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
  }

  /// Adler-32 (RFC 1950, section 8.2).
  static func adler(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(adler32_z(1, $0.baseAddress, $0.count)) }
  }
}
