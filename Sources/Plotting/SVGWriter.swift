/// Writes SVG element by element, escaped and with short numbers: the same calls give the same bytes.
package struct SVGWriter {
  package private(set) var text = ""
  private var open: [String] = []

  package init() {}

  package typealias Attributes = [(name: String, value: String)]

  /// Begins an element, which ``close()`` ends.
  package mutating func open(_ name: String, _ attributes: Attributes = []) {
    text += "<\(name)\(Self.written(attributes))>"
    open.append(name)
  }

  package mutating func close() {
    precondition(!open.isEmpty, "no element is open")
    text += "</\(open.removeLast())>\n"
  }

  /// An element with nothing in it.
  package mutating func element(_ name: String, _ attributes: Attributes) {
    text += "<\(name)\(Self.written(attributes))/>\n"
  }

  /// An element with text in it.
  package mutating func element(_ name: String, _ attributes: Attributes, text content: String) {
    text += "<\(name)\(Self.written(attributes))>\(Self.escaped(content))</\(name)>\n"
  }

  /// A line through `places`, of which there may be thousands.
  package mutating func polyline(
    _ places: [(x: Double, y: Double)], class style: String, _ attributes: Attributes = []
  ) {
    text += "<polyline class=\"\(style)\" points=\""
    text += Self.points(places)
    text += "\"\(Self.written(attributes))/>\n"
  }

  /// Words at a place; `anchor` is `start`, `middle` or `end`.
  package mutating func words(
    _ content: String, x: Double, y: Double, anchor: String = "start", class style: String = "text",
    transform: String? = nil
  ) {
    var attributes: Attributes = [
      ("class", style), ("x", Self.number(x)), ("y", Self.number(y)), ("text-anchor", anchor),
    ]
    if let transform { attributes.append(("transform", transform)) }
    element("text", attributes, text: content)
  }

  package mutating func line(
    from a: (x: Double, y: Double), to b: (x: Double, y: Double), class style: String
  ) {
    element(
      "line",
      [
        ("class", style), ("x1", Self.number(a.x)), ("y1", Self.number(a.y)), ("x2", Self.number(b.x)),
        ("y2", Self.number(b.y)),
      ])
  }

  /// At most two decimals, enough for a hundredth of a pixel.
  package static func number(_ value: Double) -> String {
    var digits: [UInt8] = []
    add(value, to: &digits)
    return String(decoding: digits, as: UTF8.self)
  }

  private static func add(_ value: Double, to digits: inout [UInt8]) {
    precondition(value.isFinite && abs(value) < 1e9, "\(value) is no place in a drawing")
    let zero = UInt8(ascii: "0")
    let hundredths = Int((value * 100).rounded())
    let (whole, part) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    if hundredths < 0 { digits.append(UInt8(ascii: "-")) }
    var power = 1
    while power <= whole / 10 { power *= 10 }
    while power > 0 {
      digits.append(zero + UInt8(whole / power % 10))
      power /= 10
    }
    guard part > 0 else { return }
    digits.append(UInt8(ascii: "."))
    digits.append(zero + UInt8(part / 10))
    if part % 10 > 0 { digits.append(zero + UInt8(part % 10)) }
  }

  /// Text as it may stand in XML; control characters and no-characters, which may not, become replacement characters.
  package static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy(isPlain) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value & 0xFFFE == 0xFFFE:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): false
    default: (0x20..<0x7F).contains(byte)
    }
  }

  /// Places as `points` has them: `x,y x,y`.
  package static func points(_ places: [(x: Double, y: Double)]) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(12 * places.count)
    for (index, place) in places.enumerated() {
      if index > 0 { digits.append(UInt8(ascii: " ")) }
      add(place.x, to: &digits)
      digits.append(UInt8(ascii: ","))
      add(place.y, to: &digits)
    }
    return String(decoding: digits, as: UTF8.self)
  }

  private static func written(_ attributes: Attributes) -> String {
    attributes.map { " \($0.name)=\"\(escaped($0.value))\"" }.joined()
  }
}
