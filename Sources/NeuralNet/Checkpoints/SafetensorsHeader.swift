/// The JSON header of a safetensors file as a value.
struct SafetensorsHeader: Equatable {
  /// Where one array lies.
  struct Item: Equatable {
    var name: String
    var type: SafetensorsType
    var shape: [Int]
    /// First byte and the byte after the last, counted from the end of the header.
    var begin: Int
    var end: Int
  }

  static let metadataKey = "__metadata__"

  /// In the order of the data.
  var items: [Item]
  var metadata: [String: String]

  /// The header's bytes: metadata first, keys in order, padded with spaces to a multiple of 8 so that data is aligned.
  var bytes: [UInt8] {
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.keys.sorted(by: Safetensors.precedes).map { key in
        Self.quoted(key) + ":" + Self.quoted(metadata[key]!)
      }
      parts.append(Self.quoted(Self.metadataKey) + ":{" + pairs.joined(separator: ",") + "}")
    }
    parts += items.map { item in
      let shape = item.shape.map(String.init).joined(separator: ",")
      return Self.quoted(item.name)
        + ":{\"dtype\":\"\(item.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(item.begin),\(item.end)]}"
    }
    var bytes = Array(("{" + parts.joined(separator: ",") + "}").utf8)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    return bytes
  }

  /// `text` as a JSON string.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Reads the header's JSON, and nothing more general: unknown keys, repeated keys and negative numbers are refused.
///
/// A general decoder would keep the last of two equal keys without a word, and would cost the start-up time of a
/// larger library.
struct SafetensorsHeaderParser {
  /// What was wrong; the caller adds the path.
  struct Fault: Error, Equatable {
    /// Byte within the header.
    var offset: Int
    var found: String
    var expected: String
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func header() throws(Fault) -> SafetensorsHeader {
    var header = SafetensorsHeader(items: [], metadata: [:])
    // Names equal up to Unicode normalisation count as repeated: a dictionary could not hold both.
    var seen: Set<String> = []
    try object { (parser, name) throws(Fault) in
      guard seen.insert(name).inserted else {
        throw parser.fault(found: "'\(name)' again", expected: "each name once")
      }
      if name == SafetensorsHeader.metadataKey {
        header.metadata = try parser.metadata()
      } else {
        header.items.append(try parser.item(name))
      }
    }
    skipSpace()
    if position < bytes.count { throw fault(expected: "the end of the header") }
    return header
  }

  private mutating func metadata() throws(Fault) -> [String: String] {
    var result: [String: String] = [:]
    try object { (parser, key) throws(Fault) in
      if result[key] != nil { throw parser.fault(found: "'\(key)' again", expected: "each key once") }
      result[key] = try parser.string()
    }
    return result
  }

  private mutating func item(_ name: String) throws(Fault) -> SafetensorsHeader.Item {
    var type: SafetensorsType?
    var shape: [Int]?
    var offsets: [Int]?
    try object { (parser, key) throws(Fault) in
      switch key {
      case "dtype" where type == nil:
        let text = try parser.string()
        type = SafetensorsType(rawValue: text)
        if type == nil {
          let known = SafetensorsType.allCases.map { $0.rawValue }.joined(separator: ", ")
          throw parser.fault(found: "data type '\(text)' of '\(name)'", expected: "one of \(known)")
        }
      case "shape" where shape == nil:
        shape = try parser.numbers()
      case "data_offsets" where offsets == nil:
        offsets = try parser.numbers()
      default:
        throw parser.fault(
          found: "'\(key)' in '\(name)'", expected: "dtype, shape and data_offsets, each once")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw fault(found: "'\(name)' without all of its parts", expected: "dtype, shape and two data_offsets")
    }
    return SafetensorsHeader.Item(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// `{ "key": value, ... }`; `member` reads each value.
  private mutating func object(
    _ member: (inout SafetensorsHeaderParser, String) throws(Fault) -> Void
  ) throws(Fault) {
    try expect("{")
    if accept("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while accept(",")
    try expect("}")
  }

  /// `[1, 2, ...]` of numbers >= 0 that fit an `Int`.
  private mutating func numbers() throws(Fault) -> [Int] {
    var result: [Int] = []
    try expect("[")
    if accept("]") { return [] }
    repeat { result.append(try number()) } while accept(",")
    try expect("]")
    return result
  }

  private mutating func number() throws(Fault) -> Int {
    skipSpace()
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
      position += 1
    }
    guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      position = start
      throw fault(expected: "a whole number from 0 to \(Int.max)")
    }
    return value
  }

  private mutating func string() throws(Fault) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: text, as: UTF8.self) else {
          throw fault(found: "bytes that are not UTF-8", expected: "a string")
        }
        return result
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw fault(found: "a control character", expected: "a string")
      default: text.append(byte)
      }
    }
    throw fault(expected: "the closing quote of a string")
  }

  /// What follows a backslash, as UTF-8.
  private mutating func escape() throws(Fault) -> [UInt8] {
    guard position < bytes.count else { throw fault(expected: "an escaped character") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw fault(found: "an unknown escape", expected: "one that JSON has")
    }
  }

  /// The four digits after `\u`, and the second half of a surrogate pair where there is one.
  private mutating func unicodeEscape() throws(Fault) -> [UInt8] {
    var units = [try hexadecimal()]
    if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: Array("\\u".utf8)) {
      position += 2
      units.append(try hexadecimal())
    }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw fault(found: "half of a surrogate pair", expected: "a character")
    }
    return Array(text.utf8)
  }

  private mutating func hexadecimal() throws(Fault) -> UInt16 {
    let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let unit = UInt16(digits, radix: 16) else {
      throw fault(expected: "four hexadecimal digits")
    }
    position += 4
    return unit
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
    if !accept(character) { throw fault(expected: "'\(character)'") }
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private func fault(found: String? = nil, expected: String) -> Fault {
    let next = bytes[position...].prefix(16)
    let shown = next.isEmpty ? "the end of the header" : "'" + String(decoding: next, as: UTF8.self) + "'"
    return Fault(offset: position, found: found ?? shown, expected: expected)
  }
}
