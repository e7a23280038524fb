/// Values of settings that have been checked against their descriptions; what was not given has its default.
package struct Settings: Sendable, Equatable {
  private let values: [String: SettingValue]

  /// Checks `given` against `known`.
  ///
  /// - `owner`: what the settings belong to, for messages, for instance `encoder raw`.
  /// - Throws: ``CPCError/unknownSetting(owner:name:available:)`` or ``CPCError/badSetting(name:found:expected:)``.
  package init(
    _ given: [String: SettingValue], of owner: String, known: [SettingDescription]
  ) throws(CPCError) {
    for name in given.keys.sorted() where !known.contains(where: { $0.name == name }) {
      throw .unknownSetting(owner: owner, name: name, available: known.map { $0.name })
    }
    var values: [String: SettingValue] = [:]
    for description in known {
      let value = given[description.name] ?? description.fallback
      guard description.accepts(value) else {
        throw .badSetting(
          name: "\(owner): \(description.name)", found: "\(value)", expected: description.expected)
      }
      values[description.name] = value
    }
    self.values = values
  }

  /// With every size at its smallest.
  package func smallest(known: [SettingDescription]) -> Settings {
    let sizes = known.compactMap { known in known.smallest.map { (known.name, $0) } }
    return Settings(values: values.merging(sizes) { $1 })
  }

  private init(values: [String: SettingValue]) { self.values = values }

  package subscript<Value>(_ setting: Setting<Value>) -> Value {
    guard let value = values[setting.description.name].flatMap({ setting.extract($0) }) else {
      preconditionFailure(
        "setting \(setting.description.name) is not among those these settings were made with")
    }
    return value
  }
}

/// A part chosen from a registry by name, with what was set on it; the rest has its default.
package struct Choice: Codable, Sendable, Equatable {
  package var name: String
  package var settings: [String: SettingValue]

  package init(_ name: String, _ settings: [String: SettingValue] = [:]) {
    self.name = name
    self.settings = settings
  }
}
