import Glibc

/// Decimal numbers in text, as bytes.
enum NumberText {
  /// What a cell holds.
  enum Cell: Equatable {
    case number(Double)
    /// Empty, or a word for a missing value: read as NaN.
    case missing
    /// Anything else.
    case text
  }

  /// Reads a whole cell; white space around it is passed over.
  static func cell(_ bytes: UnsafeRawBufferPointer, decimalComma: Bool) -> Cell {
    var start = 0
    var end = bytes.count
    while start < end && isSpace(bytes[start]) { start += 1 }
    while end > start && isSpace(bytes[end - 1]) { end -= 1 }
    let trimmed = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    if trimmed.isEmpty { return .missing }
    if let value = plain(trimmed, decimalComma: decimalComma) { return .number(value) }
    return word(trimmed)
  }

  /// The powers of ten that a Double holds exactly.
  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { p, _ in p * 10 }
  }

  /// Sign, digits, one decimal mark, exponent, nothing else; nil for other text.
  ///
  /// Where digits and power of ten are exact in a Double, one operation rounds correctly (W. D. Clinger, How to read
  /// floating point numbers accurately, 1990); the rest is left to `strtod`.
  private static func plain(_ bytes: UnsafeRawBufferPointer, decimalComma: Bool) -> Double? {
    let mark: UInt8 = decimalComma ? 0x2C : 0x2E
    let count = bytes.count
    var at = 0
    var negative = false
    if bytes[0] == 0x2D || bytes[0] == 0x2B {
      negative = bytes[0] == 0x2D
      at = 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var fraction = 0
    var inFraction = false
    while at < count {
      let byte = bytes[at]
      if byte &- 0x30 < 10 {
        if digits < 18 { mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30) }
        if mantissa > 0 || digits > 0 { digits += 1 }
        if inFraction { fraction += 1 }
      } else if byte == mark && !inFraction {
        inFraction = true
      } else {
        break
      }
      at += 1
    }
    // At least one digit: a lone sign or mark is text.
    guard at > (inFraction ? 1 : 0) + (bytes[0] == 0x2D || bytes[0] == 0x2B ? 1 : 0) else { return nil }
    var exponent = 0
    if at < count {
      guard let value = self.exponent(bytes, from: at) else { return nil }
      exponent = value
    }
    let power = exponent - fraction
    if digits <= 18 && mantissa < 1 << 53 && abs(power) <= 22 {
      let magnitude = power < 0 ? Double(mantissa) / powers[-power] : Double(mantissa) * powers[power]
      return negative ? -magnitude : magnitude
    }
    return slow(bytes, mark: mark)
  }

  /// The value after `e` or `E`, to the end of the cell; nil if that is not an exponent.
  private static func exponent(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var at = start
    guard bytes[at] | 0x20 == 0x65 else { return nil }
    at += 1
    var negative = false
    if at < bytes.count, bytes[at] == 0x2D || bytes[at] == 0x2B {
      negative = bytes[at] == 0x2D
      at += 1
    }
    guard at < bytes.count else { return nil }
    var value = 0
    while at < bytes.count {
      guard bytes[at] &- 0x30 < 10 else { return nil }
      value = min(value * 10 + Int(bytes[at] - 0x30), 100_000)
      at += 1
    }
    return negative ? -value : value
  }

  private static func slow(_ bytes: UnsafeRawBufferPointer, mark: UInt8) -> Double {
    var text = bytes.map { CChar(bitPattern: $0 == mark ? 0x2E : $0) }
    text.append(0)
    return strtod(text, nil)
  }

  private static func word(_ bytes: UnsafeRawBufferPointer) -> Cell {
    guard bytes.count <= 9 else { return .text }
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "nan", "na", "n/a", "null", "none", "-nan", "#n/a", "-": return .missing
    case "inf", "+inf", "infinity", "+infinity": return .number(.infinity)
    case "-inf", "-infinity": return .number(-.infinity)
    default: return .text
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
