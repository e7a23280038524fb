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
    precondition(value.isFinite && abs(value) < 1e9, "\(value) is no place in a drawing")
    let hundredths = Int((value * 100).rounded())
    let (whole, part) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if part == 0 { return "\(sign)\(whole)" }
    return part % 10 == 0 ? "\(sign)\(whole).\(part / 10)" : "\(sign)\(whole).\(part < 10 ? "0" : "")\(part)"
  }

  /// Text as it may stand in XML; control characters and no-characters, which may not, become replacement characters.
  package static func escaped(_ text: String) -> String {
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

  private static func written(_ attributes: Attributes) -> String {
    attributes.map { " \($0.name)=\"\(escaped($0.value))\"" }.joined()
  }
}
