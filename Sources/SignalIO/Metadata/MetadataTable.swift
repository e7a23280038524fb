/// Turns a table of keys and values into metadata, each value checked for type and range.
///
/// Errors name file, key, what was found and what was expected; unknown keys become warnings.
package struct MetadataTable {
  let path: String
  /// Goes before key names in messages, for instance `files."IR*.mat".`.
  let prefix: String
  let source: MetadataSource
  private(set) package var warnings: [IngestWarning] = []

  package init(path: String, prefix: String = "", source: MetadataSource) {
    self.path = path
    self.prefix = prefix
    self.source = source
  }

  /// Reads every entry but those in `ignoring`; null values count as absent.
  package mutating func read(
    _ entries: [String: ConfigurationValue], ignoring: Set<String> = []
  ) throws(SignalIOError) -> RecordingMetadata {
    var metadata = RecordingMetadata()
    for name in entries.keys.sorted() where !ignoring.contains(name) {
      guard let value = entries[name], value != .null else { continue }
      guard let key = MetadataKey(spelling: name) else {
        warnings.append(.unknownKey(path: path, key: prefix + name, nearest: MetadataKey.nearest(to: name)))
        continue
      }
      try set(key, value, in: &metadata)
    }
    return metadata
  }

  private func set(
    _ key: MetadataKey, _ value: ConfigurationValue, in metadata: inout RecordingMetadata
  ) throws(SignalIOError) {
    let name = prefix + key.rawValue
    switch key {
    case .sampleRate:
      metadata.sampleRate = sourced(try number(value, name, MetadataRange.sampleRate))
    case .rpm:
      metadata.speed = sourced(try number(value, name, MetadataRange.rpm))
    case .sensitivity:
      metadata.sensitivity = sourced(try number(value, name, MetadataRange.sensitivity))
    case .geometry:
      metadata.geometry = sourced(try geometry(value, name))
    case .unit:
      metadata.unit = sourced(try unit(value, name))
    case .time:
      metadata.recordedAt = sourced(try time(value, name))
    case .pulsesPerTurn:
      metadata.pulsesPerTurn = sourced(try whole(value, name, MetadataRange.pulsesPerTurn))
    case .tacho: metadata.tacho = sourced(try text(value, name))
    case .bearing: metadata.bearing = sourced(try text(value, name))
    case .machineGroup: metadata.machineGroup = sourced(try text(value, name))
    case .mounting: metadata.mounting = sourced(try text(value, name))
    case .load: metadata.load = sourced(try text(value, name))
    case .machine: metadata.machine = sourced(try text(value, name))
    case .bearingID: metadata.bearingID = sourced(try text(value, name))
    case .label: metadata.label = sourced(try text(value, name))
    case .facts: break
    }
  }

  private func sourced<Value>(_ value: Value) -> Sourced<Value> { Sourced(value, from: source) }

  private func refusal(_ key: String, _ value: ConfigurationValue, _ expected: String) -> SignalIOError {
    .badMetadata(path: path, key: key, found: value.summary, expected: expected)
  }

  private func number(
    _ value: ConfigurationValue, _ key: String, _ range: MetadataRange
  ) throws(SignalIOError) -> Double {
    guard case .number(let number, _) = value, range.contains(number) else {
      throw refusal(key, value, range.words)
    }
    return number
  }

  private func whole(
    _ value: ConfigurationValue, _ key: String, _ range: MetadataRange
  ) throws(SignalIOError) -> Int {
    let number = try number(value, key, range)
    guard number == number.rounded() else { throw refusal(key, value, "a whole number") }
    return Int(number)
  }

  private func text(_ value: ConfigurationValue, _ key: String) throws(SignalIOError) -> String {
    let found: String? =
      switch value {
      case .text(let text): text
      case .number(_, let text): text
      default: nil
      }
    // Control characters would let a label write over a terminal or break a report.
    guard let found, !found.isEmpty, found.utf8.count <= 500,
      !found.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    else { throw refusal(key, value, "a text of 1 to 500 bytes without control characters") }
    return found
  }

  private func unit(_ value: ConfigurationValue, _ key: String) throws(SignalIOError) -> String {
    guard case .text(let text) = value, let unit = SignalUnit(spelling: text) else {
      throw refusal(key, value, "one of \(SignalUnit.allSymbols)")
    }
    return unit.rawValue
  }

  private func time(_ value: ConfigurationValue, _ key: String) throws(SignalIOError) -> Double {
    switch value {
    case .number(let seconds, _) where seconds.isFinite && abs(seconds) < 1e12: return seconds
    case .text(let text):
      if let seconds = ISO8601.seconds(text) { return seconds }
    default: break
    }
    throw refusal(
      key, value, "a time like 2026-01-31T12:00:00Z (UTC where no zone is given) or seconds since 1970")
  }

  private func geometry(
    _ value: ConfigurationValue, _ key: String
  ) throws(SignalIOError) -> BearingGeometry {
    let known = ["elements", "element_diameter_mm", "pitch_diameter_mm", "contact_angle_deg"]
    guard case .table(let entries) = value else {
      throw refusal(key, value, "a table with \(known.joined(separator: ", "))")
    }
    for name in entries.keys.sorted() where !known.contains(name) {
      throw refusal(
        "\(key).\(name)", entries[name] ?? .null, "one of the keys \(known.joined(separator: ", "))")
    }
    func entry(_ name: String, _ range: MetadataRange) throws(SignalIOError) -> Double {
      try number(entries[name] ?? .null, "\(key).\(name)", range)
    }
    let elements = try whole(entries["elements"] ?? .null, "\(key).elements", MetadataRange.elements)
    let diameter = try entry("element_diameter_mm", MetadataRange.diameter)
    let pitch = try entry("pitch_diameter_mm", MetadataRange.diameter)
    guard diameter < pitch else {
      throw refusal(
        "\(key).element_diameter_mm", entries["element_diameter_mm"] ?? .null,
        "less than pitch_diameter_mm (\(ConfigurationValue.spelling(of: pitch)))")
    }
    let angle = entries["contact_angle_deg"] == nil ? 0 : try entry("contact_angle_deg", MetadataRange.angle)
    return BearingGeometry(
      elementCount: elements, elementDiameter: diameter, pitchDiameter: pitch, contactAngle: angle)
  }
}

/// What a number may be, and how a message says so.
package struct MetadataRange: Sendable {
  let lowest: Double
  let highest: Double
  let includesLowest: Bool
  package let words: String

  package func contains(_ value: Double) -> Bool {
    (includesLowest ? value >= lowest : value > lowest) && value <= highest
  }

  /// From one sample every ten seconds to 100 MHz: beyond that a number is a slip, not a recorder.
  package static let sampleRate = MetadataRange(
    lowest: 0.1, highest: 1e8, includesLowest: true, words: "a rate in hertz from 0.1 to 100000000")
  package static let rpm = MetadataRange(
    lowest: 0, highest: 1e6, includesLowest: false,
    words: "revolutions a minute above 0 and at most 1000000")
  package static let sensitivity = MetadataRange(
    lowest: 0, highest: 1e6, includesLowest: false, words: "millivolts per g above 0 and at most 1000000")
  package static let pulsesPerTurn = MetadataRange(
    lowest: 1, highest: 10_000, includesLowest: true, words: "a number of pulses from 1 to 10000")
  static let elements = MetadataRange(
    lowest: 3, highest: 500, includesLowest: true, words: "a number of rolling elements from 3 to 500")
  static let diameter = MetadataRange(
    lowest: 0, highest: 1e5, includesLowest: false, words: "millimetres above 0 and at most 100000")
  static let angle = MetadataRange(
    lowest: 0, highest: 89.9, includesLowest: true, words: "degrees from 0 to 89.9")
}
