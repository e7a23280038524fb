import Foundation
import TOMLKit
import Yams

/// Reads small JSON, YAML and TOML files that users write by hand or other programs write for us.
///
/// Goals in order: nothing in such a file can crash, hang or exhaust the program; a mistake is told with its
/// place; everything the format can say plainly is understood. Hence the limits: 1 MB, 32 levels in JSON, 64 columns
/// of indentation and 128 opening brackets in YAML, no YAML aliases (a few lines of them expand to billions of values),
/// 16 brackets and 32 dots of one key in TOML (each dot opens a level, in every bracket).
package enum ConfigurationFile {
  package enum Format: String, CaseIterable, Sendable {
    case json, yaml, yml, toml
  }

  package static let sizeLimit = 1 << 20
  static let jsonDepthLimit = 32
  static let yamlBracketLimit = 128
  static let yamlIndentLimit = 64
  static let tomlDepthLimit = 16
  static let tomlDotLimit = 32

  /// The top-level table of the file at `path`.
  package static func table(
    path: String, format: Format
  ) throws(SignalIOError) -> [String: ConfigurationValue] {
    let text = try self.text(path: path)
    let value = try parse(text, format: format, path: path)
    switch value {
    case .table(let entries): return entries
    case .null: return [:]
    default:
      throw .badMetadata(
        path: path, key: "the top level", found: value.summary, expected: "a table of keys and values")
    }
  }

  /// The text of a file, refused when it is larger than `limit` bytes or not UTF-8.
  package static func text(path: String, limit: Int = sizeLimit) throws(SignalIOError) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw .cannotOpen(path: path, reason: "it does not exist or may not be read")
    }
    defer { try? handle.close() }
    let data: Data
    do {
      data = try handle.read(upToCount: limit + 1) ?? Data()
    } catch {
      throw .cannotOpen(path: path, reason: "\(error.localizedDescription)")
    }
    guard data.count <= limit else {
      throw .tooLarge(path: path, claimed: "more than \(limit) bytes of text", limit: "\(limit) bytes")
    }
    guard let text = String(validating: data, as: UTF8.self), !text.utf8.contains(0) else {
      throw .badMetadata(
        path: path, key: "the text", found: "bytes that are not UTF-8", expected: "UTF-8 text")
    }
    return text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
  }

  package static func parse(
    _ text: String, format: Format, path: String
  ) throws(SignalIOError) -> ConfigurationValue {
    switch format {
    case .json: try json(text, path: path)
    case .yaml, .yml: try yaml(text, path: path)
    case .toml: try tomlTexts.value(of: text) { text throws(SignalIOError) in try toml(text, path: path) }
    }
  }
}

// MARK: - JSON

extension ConfigurationFile {
  private static func json(_ text: String, path: String) throws(SignalIOError) -> ConfigurationValue {
    guard jsonDepth(text) <= jsonDepthLimit else {
      throw .badMetadata(
        path: path, key: "the nesting", found: "\(jsonDepth(text)) levels",
        expected: "at most \(jsonDepthLimit)")
    }
    do {
      return try JSONDecoder().decode(ConfigurationValue.self, from: Data(text.utf8))
    } catch {
      throw .badMetadata(path: path, key: "its syntax", found: reason(error), expected: "valid JSON")
    }
  }

  /// Levels of brackets outside strings; exact for valid JSON and up to the first error otherwise.
  private static func jsonDepth(_ text: String) -> Int {
    var depth = 0
    var deepest = 0
    var inString = false
    var escaped = false
    for byte in text.utf8 {
      if inString {
        if escaped {
          escaped = false
        } else if byte == UInt8(ascii: "\\") {
          escaped = true
        } else if byte == UInt8(ascii: "\"") {
          inString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): inString = true
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        deepest = max(deepest, depth)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
    return deepest
  }

  private static func reason(_ error: any Error) -> String {
    guard case DecodingError.dataCorrupted(let context) = error else { return "something else" }
    let detail = (context.underlyingError as NSError?)?.userInfo[NSDebugDescriptionErrorKey] as? String
    return detail ?? context.debugDescription
  }
}

// MARK: - YAML

extension ConfigurationFile {
  private static func yaml(_ text: String, path: String) throws(SignalIOError) -> ConfigurationValue {
    try guardYAML(text, path: path)
    do {
      guard let node = try Parser(yaml: text, encoding: .utf8).singleRoot() else { return .null }
      return value(of: node)
    } catch let error as YamlError {
      let line = "\(error)".split(separator: "\n").first.map(String.init) ?? "an error"
      throw .badMetadata(path: path, key: "its syntax", found: line, expected: "valid YAML")
    } catch {
      throw .badMetadata(path: path, key: "its syntax", found: "\(error)", expected: "valid YAML")
    }
  }

  /// Refuses, before the parser sees it, a text that could nest without limit or expand through aliases.
  ///
  /// The test works on characters and errs on the strict side: it cannot be evaded, but a plain text that has
  /// both ` &x` and ` *y` is refused too.
  private static func guardYAML(_ text: String, path: String) throws(SignalIOError) {
    var brackets = 0
    var hasAnchor = false
    var hasAlias = false
    for line in text.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
      let lead = line.prefix { " \t-?".utf8.contains($0) }
      guard lead.count <= yamlIndentLimit else {
        throw .badMetadata(
          path: path, key: "the nesting", found: "\(lead.count) columns of indentation",
          expected: "at most \(yamlIndentLimit)")
      }
      var previous = UInt8(ascii: " ")
      for byte in line {
        let startsToken = " \t[{,:-?".utf8.contains(previous)
        if startsToken && byte == UInt8(ascii: "&") { hasAnchor = true }
        if startsToken && byte == UInt8(ascii: "*") { hasAlias = true }
        if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { brackets += 1 }
        previous = byte
      }
    }
    guard brackets <= yamlBracketLimit else {
      throw .badMetadata(
        path: path, key: "the nesting", found: "\(brackets) opening brackets",
        expected: "at most \(yamlBracketLimit)")
    }
    guard !(hasAnchor && hasAlias) else {
      throw .badMetadata(
        path: path, key: "the text", found: "anchors (&name) and aliases (*name)", expected: "plain values")
    }
  }

  private static func value(of node: Node) -> ConfigurationValue {
    switch node {
    case .scalar(let scalar):
      scalar.style == .plain ? plainScalar(scalar.string) : .text(scalar.string)
    case .mapping(let mapping):
      .table(
        Dictionary(
          mapping.map { ($0.key.scalar?.string ?? "?", value(of: $0.value)) }, uniquingKeysWith: { $1 }))
    case .sequence(let sequence):
      .list(sequence.map { value(of: $0) })
    case .alias:
      .null
    }
  }

  /// An unquoted scalar by the core schema of YAML 1.2 (section 10.3), so that `no` and `off` stay text.
  private static func plainScalar(_ text: String) -> ConfigurationValue {
    switch text {
    case "", "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .boolean(true)
    case "false", "False", "FALSE": .boolean(false)
    case ".nan", ".NaN", ".NAN": .number(.nan, text: text)
    case ".inf", "+.inf", ".Inf", "+.Inf": .number(.infinity, text: text)
    case "-.inf", "-.Inf": .number(-.infinity, text: text)
    default:
      if text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }), let number = Double(text) {
        .number(number, text: text)
      } else {
        .text(text)
      }
    }
  }
}

// MARK: - TOML

extension ConfigurationFile {
  private static let tomlTexts = ParsedTexts()

  private static func toml(_ text: String, path: String) throws(SignalIOError) -> ConfigurationValue {
    let outline = TOMLOutline(text)
    guard outline.depth <= tomlDepthLimit, outline.dots <= tomlDotLimit else {
      throw .badMetadata(
        path: path, key: "the nesting", found: "\(outline.depth) brackets and \(outline.dots) dots of a key",
        expected: "at most \(tomlDepthLimit) and \(tomlDotLimit)")
    }
    if let fault = outline.fault {
      throw .badMetadata(
        path: path, key: "line \(fault.line)", found: fault.words.found, expected: fault.words.expected)
    }
    do {
      let table = try TOMLTable(string: text)
      // Nobody else frees the entries.
      defer { table.clear() }
      return value(of: table)
    } catch let error as TOMLParseError {
      throw .badMetadata(
        path: path, key: "line \(error.source.begin.line)", found: error.description, expected: "valid TOML")
    } catch {
      throw .badMetadata(path: path, key: "its syntax", found: "\(error)", expected: "valid TOML")
    }
  }

  private static func value(of table: TOMLTable) -> ConfigurationValue {
    .table(
      Dictionary(
        table.keys.map { ($0, table[$0].map { value(of: $0) } ?? .null) }, uniquingKeysWith: { $1 }))
  }

  private static func value(of item: any TOMLValueConvertible) -> ConfigurationValue {
    switch item.type {
    case .bool: item.bool.map { .boolean($0) } ?? .null
    case .int: item.int.map { .number(Double($0), text: String($0)) } ?? .null
    case .double: item.double.map { ConfigurationValue($0) } ?? .null
    case .string: item.string.map { .text($0) } ?? .null
    case .date: item.date.map { .text(text(of: $0)) } ?? .null
    case .time: item.time.map { .text(text(of: $0)) } ?? .null
    case .dateTime: item.dateTime.map { .text(text(of: $0)) } ?? .null
    case .array: item.array.map { .list($0.map { value(of: $0) }) } ?? .null
    case .table: item.table.map { value(of: $0) } ?? .null
    }
  }

  private static func text(of date: TOMLDate) -> String {
    padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
  }

  private static func text(of time: TOMLTime) -> String {
    let clock = [time.hour, time.minute, time.second].map { padded($0, 2) }.joined(separator: ":")
    return time.nanoSecond == 0 ? clock : clock + "." + padded(time.nanoSecond, 9)
  }

  private static func text(of moment: TOMLDateTime) -> String {
    let local = text(of: moment.date) + "T" + text(of: moment.time)
    guard let minutes = moment.offset?.offset else { return local }
    let sign = minutes < 0 ? "-" : "+"
    return local + sign + padded(abs(minutes) / 60, 2) + ":" + padded(abs(minutes) % 60, 2)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
