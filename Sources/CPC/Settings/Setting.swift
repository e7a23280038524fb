/// What a setting is called, means and accepts; help, validation and defaults all come from it.
package struct SettingDescription: Sendable {
  package let name: String
  package let summary: String
  package let fallback: SettingValue
  /// What may be given, in words, for help and messages.
  package let expected: String
  /// Whether a value may be used.
  package let accepts: @Sendable (SettingValue) -> Bool
  /// Of a size, the value that takes the least memory; nil where memory hardly depends on it.
  package fileprivate(set) var smallest: SettingValue?
}

/// A setting together with the type of its value.
package struct Setting<Value: Sendable>: Sendable {
  package private(set) var description: SettingDescription
  let extract: @Sendable (SettingValue) -> Value?

  /// The same setting, known to decide how much memory is taken, and nothing of what a part needs.
  package func size(smallest: SettingValue) -> Setting {
    precondition(description.accepts(smallest), "\(smallest) is not \(description.expected)")
    var result = self
    result.description.smallest = smallest
    return result
  }
}

extension Setting where Value == Int {
  package static func integer(
    _ name: String, _ summary: String, default fallback: Int, in range: ClosedRange<Int>
  ) -> Setting<Int> {
    make(name, summary, .integer(fallback), "a whole number from \(range.lowerBound) to \(range.upperBound)")
    {
      if case .integer(let value) = $0, range.contains(value) { value } else { nil }
    }
  }
}

extension Setting where Value == Double {
  package static func number(
    _ name: String, _ summary: String, default fallback: Double, in range: ClosedRange<Double>
  ) -> Setting<Double> {
    make(name, summary, .number(fallback), "a number from \(range.lowerBound) to \(range.upperBound)") {
      switch $0 {
      case .number(let value) where range.contains(value): value
      case .integer(let value) where range.contains(Double(value)): Double(value)
      default: nil
      }
    }
  }
}

extension Setting where Value == Bool {
  package static func flag(_ name: String, _ summary: String, default fallback: Bool) -> Setting<Bool> {
    make(name, summary, .flag(fallback), "true or false") {
      if case .flag(let value) = $0 { value } else { nil }
    }
  }
}

extension Setting where Value == [Int] {
  package static func integers(
    _ name: String, _ summary: String, default fallback: [Int], count: ClosedRange<Int>,
    in range: ClosedRange<Int>
  ) -> Setting<[Int]> {
    let expected =
      "\(count.lowerBound) to \(count.upperBound) whole numbers from \(range.lowerBound) to \(range.upperBound), "
      + "separated by commas"
    return make(name, summary, .integers(fallback), expected) {
      let values: [Int]
      switch $0 {
      case .integers(let given): values = given
      case .integer(let given): values = [given]
      default: return nil
      }
      return count.contains(values.count) && values.allSatisfy(range.contains) ? values : nil
    }
  }
}

extension Setting where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  package static func choice(_ name: String, _ summary: String, default fallback: Value) -> Setting<Value> {
    let expected = "one of " + Value.allCases.map { $0.rawValue }.joined(separator: ", ")
    return make(name, summary, .text(fallback.rawValue), expected) {
      if case .text(let text) = $0 { Value(rawValue: text) } else { nil }
    }
  }
}

extension Setting {
  private static func make(
    _ name: String, _ summary: String, _ fallback: SettingValue, _ expected: String,
    _ extract: @escaping @Sendable (SettingValue) -> Value?
  ) -> Setting {
    precondition(extract(fallback) != nil, "the default \(fallback) of setting \(name) is not \(expected)")
    return Setting(
      description: SettingDescription(
        name: name, summary: summary, fallback: fallback, expected: expected, accepts: { extract($0) != nil }),
      extract: extract)
  }
}
