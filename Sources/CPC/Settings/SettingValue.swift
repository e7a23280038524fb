/// A value of a setting as a user writes it and as a plan stores it: one JSON value.
package enum SettingValue: Sendable, Equatable {
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case integers([Int])
  case text(String)

  /// Reads what a user typed: `true`, `12`, `0.5`, `256,128,64`, anything else as text.
  package init(parsing text: String) {
    if let flag = Bool(text) {
      self = .flag(flag)
    } else if let integer = Int(text) {
      self = .integer(integer)
    } else if let number = Double(text) {
      self = .number(number)
    } else {
      let items = text.split(separator: ",").map { Int($0) }
      let integers = items.compactMap { $0 }
      self = items.count > 1 && integers.count == items.count ? .integers(integers) : .text(text)
    }
  }
}

extension SettingValue: CustomStringConvertible {
  package var description: String {
    switch self {
    case .flag(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .integers(let values): values.map(String.init).joined(separator: ",")
    case .text(let value): value
    }
  }
}

extension SettingValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let values = try? container.decode([Int].self) {
      self = .integers(values)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  package func encode(to encoder: any Swift.Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .integers(let values): try container.encode(values)
    case .text(let value): try container.encode(value)
    }
  }
}
