import Foundation

/// As much of JSON Schema 2020-12 as the program's own schema uses: `$ref` into `$defs`, `type`, `enum`, `const`,
/// `anyOf`, `required`, `properties`, `additionalProperties`, `items`, bounds and `pattern`.
struct JSONSchema {
  private let root: [String: Any]

  init(_ root: [String: Any]) { self.root = root }

  /// What contradicts the schema, each with its place.
  func problems(in value: Any) -> [String] { problems(value, root, at: "$") }

  private func problems(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
    if let reference = schema["$ref"] as? String {
      let name = String(reference.dropFirst("#/$defs/".count))
      guard let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
        return ["\(place): nothing at \(reference)"]
      }
      return problems(value, target, at: place)
    }
    if let any = schema["anyOf"] as? [[String: Any]] {
      return any.contains { problems(value, $0, at: place).isEmpty } ? [] : ["\(place): none of several"]
    }
    if let allowed = schema["enum"] as? [AnyHashable] {
      let isAllowed = (value as? AnyHashable).map(allowed.contains) ?? false
      return isAllowed ? [] : ["\(place): \(value)"]
    }
    if let wanted = schema["const"] as? AnyHashable, wanted != value as? AnyHashable {
      return ["\(place): \(value)"]
    }
    guard let type = schema["type"] as? String else { return [] }
    switch type {
    case "object": return object(value, schema, place)
    case "array": return array(value, schema, place)
    case "string": return string(value, schema, place)
    case "boolean": return isBoolean(value) ? [] : ["\(place): no boolean"]
    case "null": return value is NSNull ? [] : ["\(place): not null"]
    case "number", "integer": return number(value, schema, place)
    default: return ["\(place): unknown type \(type)"]
    }
  }

  private func object(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    guard let table = value as? [String: Any] else { return ["\(place): no object"] }
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    let missing = (schema["required"] as? [String] ?? []).filter { table[$0] == nil }
    var found = missing.map { "\(place): without \($0)" }
    for key in table.keys.sorted() {
      if let property = properties[key] {
        found += problems(table[key] ?? 0, property, at: "\(place).\(key)")
      } else if schema["additionalProperties"] as? Bool == false {
        found.append("\(place): unknown \(key)")
      }
    }
    return found
  }

  private func array(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    guard let list = value as? [Any] else { return ["\(place): no array"] }
    if let least = schema["minItems"] as? Int, list.count < least { return ["\(place): too short"] }
    if let most = schema["maxItems"] as? Int, list.count > most { return ["\(place): too long"] }
    guard let items = schema["items"] as? [String: Any] else { return [] }
    return list.enumerated().flatMap { problems($1, items, at: "\(place)[\($0)]") }
  }

  private func string(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    guard let text = value as? String else { return ["\(place): no string"] }
    guard let pattern = schema["pattern"] as? String else { return [] }
    return text.range(of: pattern, options: .regularExpression) != nil ? [] : ["\(place): \(text)"]
  }

  private func number(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    guard !isBoolean(value), let number = (value as? NSNumber)?.doubleValue else {
      return ["\(place): no number"]
    }
    if schema["type"] as? String == "integer", number != number.rounded() { return ["\(place): not whole"] }
    if let least = (schema["minimum"] as? NSNumber)?.doubleValue, number < least {
      return ["\(place): \(number)"]
    }
    if let most = (schema["maximum"] as? NSNumber)?.doubleValue, number > most {
      return ["\(place): \(number)"]
    }
    return []
  }

  /// Foundation keeps JSON's booleans apart from its numbers by their encoding.
  private func isBoolean(_ value: Any) -> Bool {
    (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? (value is Bool)
  }
}
