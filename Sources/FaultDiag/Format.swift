/// Numbers and names as text, the same on every machine whatever its locale.
package enum Format {
  /// `value` with at most `digits` decimals, trailing zeros dropped: `number(48.50, digits: 2) == "48.5"`.
  package static func number(_ value: Double, digits: Int) -> String {
    var text = fixed(value, digits: digits)
    guard text.contains(".") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text == "-0" ? "0" : text
  }

  /// `value` with exactly `digits` (0...9) decimals, rounded half away from zero.
  ///
  /// A value that is not finite, or too large for exact integers, is written as Swift prints it.
  package static func fixed(_ value: Double, digits: Int) -> String {
    precondition((0...9).contains(digits), "decimals must be 0...9, found \(digits)")
    let unit = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (value.magnitude * unit).rounded()
    guard value.isFinite, scaled < 1e15 else { return "\(value)" }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let divisor = Int(unit)
    let fraction = String(whole % divisor)
    return "\(sign)\(whole / divisor)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// A level with its sign: `+14.2 dB`.
  package static func decibels(_ value: Double, digits: Int = 1, unit: Bool = true) -> String {
    (value < 0 ? "" : "+") + fixed(value, digits: digits) + (unit ? " dB" : "")
  }

  /// A share of one as a percentage that never claims certainty: `>99 %`, `<1 %`, `92 %`.
  package static func percent(_ share: Double) -> String {
    switch share {
    case 1...: "100 %"
    case 0.995...: ">99 %"
    case ...0: "0 %"
    case ..<0.005: "<1 %"
    default: "\(fixed(share * 100, digits: 0)) %"
    }
  }

  /// `text` with control characters made visible, so that a file name cannot drive the terminal.
  package static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isControl(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// C0 and C1 controls, and the marks that reorder text (Unicode bidirectional controls).
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
