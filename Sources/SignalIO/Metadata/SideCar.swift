import Support

/// The file beside a recording that says what the recording itself cannot: `rec.wav.json`, `.yaml`, `.yml` or `.toml`.
///
/// `rec.json` beside `rec.wav` is accepted too, when at least one of its keys is ours: other programs use that name.
package struct SideCar: Sendable, Equatable {
  package let path: String
  package let metadata: RecordingMetadata
  /// The `facts` table, for instance the truth of a simulation.
  package let facts: ConfigurationValue?
  package let warnings: [IngestWarning]

  /// The side-car of the recording at `path`; nil when it has none.
  ///
  /// Throws ``SignalIOError/badMetadata(path:key:found:expected:)`` for a file that cannot be understood.
  package static func find(for path: String) throws(SignalIOError) -> SideCar? {
    let own = ConfigurationFile.Format.allCases.filter { FilePath.isRegularFile("\(path).\($0.rawValue)") }
    guard let format = own.first else { return try companion(of: path) }
    let used = "\(path).\(format.rawValue)"
    let entries = try ConfigurationFile.table(path: used, format: format)
    let ignored = own.dropFirst().map { "\(path).\($0.rawValue)" }
    let extra = ignored.isEmpty ? [] : [IngestWarning.severalSideCars(used: used, ignored: ignored)]
    return try SideCar(path: used, entries: entries, warnings: extra)
  }

  /// `rec.json` beside `rec.wav`.
  private static func companion(of path: String) throws(SignalIOError) -> SideCar? {
    let stem = FilePath.stem(of: path)
    guard stem != path else { return nil }
    for format in ConfigurationFile.Format.allCases {
      let candidate = "\(stem).\(format.rawValue)"
      guard candidate != path, FilePath.isRegularFile(candidate) else { continue }
      let entries: [String: ConfigurationValue]
      do {
        entries = try ConfigurationFile.table(path: candidate, format: format)
      } catch {
        let warning = IngestWarning.unreadableCompanion(path: candidate, reason: error.description)
        return SideCar(path: candidate, metadata: RecordingMetadata(), facts: nil, warnings: [warning])
      }
      guard entries.keys.contains(where: { MetadataKey(spelling: $0) != nil }) else { continue }
      let sideCar = try SideCar(path: candidate, entries: entries, warnings: [])
      // Of another program's keys only a likely slip of the pen is worth a word.
      let likely = sideCar.warnings.filter {
        if case .unknownKey(_, _, nil) = $0 { false } else { true }
      }
      return SideCar(path: candidate, metadata: sideCar.metadata, facts: sideCar.facts, warnings: likely)
    }
    return nil
  }

  private init(
    path: String, entries: [String: ConfigurationValue], warnings: [IngestWarning]
  ) throws(SignalIOError) {
    var table = MetadataTable(path: path, source: .sideCar(path: path))
    let metadata = try table.read(entries)
    self.init(
      path: path, metadata: metadata, facts: entries[MetadataKey.facts.rawValue],
      warnings: warnings + table.warnings)
  }

  private init(
    path: String, metadata: RecordingMetadata, facts: ConfigurationValue?, warnings: [IngestWarning]
  ) {
    self.path = path
    self.metadata = metadata
    self.facts = facts
    self.warnings = warnings
  }
}

// MARK: - Writing

extension SideCar {
  /// Writes `<recording>.json` with what is known in `metadata` and, under `facts`, whatever else should be remembered;
  /// reading it back gives the same values. Returns the path written.
  @discardableResult
  package static func write(
    _ metadata: RecordingMetadata, facts: [String: ConfigurationValue] = [:], to recording: String
  ) throws(SignalIOError) -> String {
    let path = recording + ".json"
    do {
      try AtomicFile.write(text(metadata, facts: facts), to: path)
    } catch {
      switch error {
      case .cannotCreate(_, let reason), .cannotWrite(_, let reason), .cannotReplace(_, let reason):
        throw .cannotWrite(path: path, reason: reason)
      }
    }
    return path
  }

  /// The text that ``write(_:facts:to:)`` writes: keys in the order of ``MetadataKey``.
  package static func text(_ metadata: RecordingMetadata, facts: [String: ConfigurationValue] = [:]) -> String
  {
    let entries = MetadataKey.allCases.compactMap { key in
      value(of: key, in: metadata, facts: facts).map { (key.rawValue, $0) }
    }
    return ConfigurationValue.object(entries) + "\n"
  }

  private static func value(
    of key: MetadataKey, in metadata: RecordingMetadata, facts: [String: ConfigurationValue]
  ) -> ConfigurationValue? {
    switch key {
    case .sampleRate: metadata.sampleRate.map { ConfigurationValue($0.value) }
    case .rpm: metadata.speed.map { ConfigurationValue($0.value) }
    case .tacho: metadata.tacho.map { .text($0.value) }
    case .pulsesPerTurn: metadata.pulsesPerTurn.map { ConfigurationValue(Double($0.value)) }
    case .bearing: metadata.bearing.map { .text($0.value) }
    case .geometry: metadata.geometry.map { table(of: $0.value) }
    case .unit: metadata.unit.map { .text($0.value) }
    case .sensitivity: metadata.sensitivity.map { ConfigurationValue($0.value) }
    case .machineGroup: metadata.machineGroup.map { .text($0.value) }
    case .mounting: metadata.mounting.map { .text($0.value) }
    case .load: metadata.load.map { .text($0.value) }
    case .machine: metadata.machine.map { .text($0.value) }
    case .bearingID: metadata.bearingID.map { .text($0.value) }
    case .label: metadata.label.map { .text($0.value) }
    case .time: metadata.recordedAt.map { ConfigurationValue($0.value) }
    case .facts: facts.isEmpty ? nil : .table(facts)
    }
  }

  private static func table(of geometry: BearingGeometry) -> ConfigurationValue {
    [
      "elements": ConfigurationValue(Double(geometry.elementCount)),
      "element_diameter_mm": ConfigurationValue(geometry.elementDiameter),
      "pitch_diameter_mm": ConfigurationValue(geometry.pitchDiameter),
      "contact_angle_deg": ConfigurationValue(geometry.contactAngle),
    ]
  }
}
