/// A value as it stands in a JSON, YAML or TOML text, before anybody knows what it means.
package indirect enum ConfigurationValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// A number with the text it was written as, so that a bearing called `6205` or a label called `05` keeps its spelling.
  case number(Double, text: String)
  case text(String)
  case list([ConfigurationValue])
  /// Keys are unique; whoever walks them does so in sorted order, so that nothing depends on hashing.
  case table([String: ConfigurationValue])

  package init(_ number: Double) { self = .number(number, text: Self.spelling(of: number)) }

  /// The shortest text that reads back as `number`, without a fraction where there is none.
  package static func spelling(of number: Double) -> String {
    let isWhole = number == number.rounded() && abs(number) < 1e15
    return isWhole ? String(Int64(number)) : String(number)
  }

  /// What a message calls the value, cut to a readable length.
  package var summary: String {
    switch self {
    case .null: "nothing (null)"
    case .boolean(let value): String(value)
    case .number(_, let text): text
    case .text(let text): "'" + (text.count > 60 ? String(text.prefix(60)) + "..." : text) + "'"
    case .list(let items): "a list of \(items.count)"
    case .table(let entries): "a table with \(entries.keys.sorted().prefix(5).joined(separator: ", "))"
    }
  }
}

extension ConfigurationValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(floatLiteral value: Double) { self.init(value) }
  package init(integerLiteral value: Int) { self = .number(Double(value), text: String(value)) }
  package init(stringLiteral value: String) { self = .text(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(arrayLiteral elements: ConfigurationValue...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (String, ConfigurationValue)...) {
    self = .table(Dictionary(elements, uniquingKeysWith: { $1 }))
  }
}

extension ConfigurationValue: Decodable {
  /// Decodes whatever the decoder holds; used with `JSONDecoder`.
  package init(from decoder: any Decoder) throws {
    if let table = try? decoder.singleValueContainer().decode([String: ConfigurationValue].self) {
      self = .table(table)
    } else if let list = try? decoder.singleValueContainer().decode([ConfigurationValue].self) {
      self = .list(list)
    } else {
      self = try Self.scalar(in: decoder.singleValueContainer())
    }
  }

  private static func scalar(in container: any SingleValueDecodingContainer) throws -> ConfigurationValue {
    if container.decodeNil() { return .null }
    if let value = try? container.decode(Bool.self) { return .boolean(value) }
    if let value = try? container.decode(Int.self) { return .number(Double(value), text: String(value)) }
    if let value = try? container.decode(Double.self) { return ConfigurationValue(value) }
    return .text(try container.decode(String.self))
  }
}

extension ConfigurationValue {
  /// JSON with two-space indentation, keys sorted; numbers that are not finite become null, as JSON has none.
  package func json(indent: Int = 0) -> String {
    switch self {
    case .null: "null"
    case .boolean(let value): String(value)
    case .number(let value, _): value.isFinite ? Self.spelling(of: value) : "null"
    case .text(let text): Self.quoted(text)
    case .list(let items): "[" + items.map { $0.json(indent: indent) }.joined(separator: ", ") + "]"
    case .table(let entries):
      Self.object(entries.keys.sorted().map { ($0, entries[$0] ?? .null) }, indent: indent)
    }
  }

  /// A JSON object with its entries in the given order.
  package static func object(_ entries: [(String, ConfigurationValue)], indent: Int = 0) -> String {
    guard !entries.isEmpty else { return "{}" }
    let margin = String(repeating: " ", count: indent + 2)
    let lines = entries.map { margin + quoted($0.0) + ": " + $0.1.json(indent: indent + 2) }
    return "{\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: " ", count: indent) + "}"
  }

  /// A JSON string literal (RFC 8259, section 7).
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
