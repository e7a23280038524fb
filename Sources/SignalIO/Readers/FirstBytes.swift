/// What the beginning of a file looks like, for recognition and for messages.
enum FirstBytes {
  /// Whether the bytes could be text: no control characters but white space, in ASCII, Latin-1 or UTF-8.
  static func areText(_ header: [UInt8]) -> Bool {
    !header.isEmpty && header.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
  }

  /// A few words on what was found, for instance `text that begins "hello"` or `bytes 89 50 4E 47`.
  static func describe(_ header: [UInt8]) -> String {
    if header.isEmpty { return "nothing" }
    if areText(header) { return "text that begins \"\(line(header))\"" }
    if header.allSatisfy({ $0 == 0 }) { return "only zero bytes" }
    return "bytes " + header.prefix(8).map { hexadecimal($0) }.joined(separator: " ")
  }

  /// The beginning of a text's first line.
  static func line(_ header: [UInt8]) -> String {
    String(decoding: header.prefix { $0 != 0x0A && $0 != 0x0D }.prefix(40), as: UTF8.self)
  }

  static func begins(_ header: [UInt8], with ascii: StaticString, at offset: Int = 0) -> Bool {
    let count = ascii.utf8CodeUnitCount
    guard header.count >= offset + count else { return false }
    return ascii.withUTF8Buffer { wanted in
      header[offset..<offset + count].elementsEqual(wanted)
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }
}
