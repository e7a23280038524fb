import SignalIO

extension FuzzTarget {
  static let json = FuzzTarget("side-car-json") { try readSideCar($0, as: .json) }
  static let yaml = FuzzTarget("side-car-yaml") { try readSideCar($0, as: .yaml) }
  static let toml = FuzzTarget("side-car-toml") { try readSideCar($0, as: .toml) }

  /// As a side-car is read; what was understood is written as JSON, read again, and must be the same.
  private static func readSideCar(_ bytes: [UInt8], as format: ConfigurationFile.Format) throws {
    let entries = try MemoryFile.with(bytes) { try ConfigurationFile.table(path: $0, format: format) }
    let written = ConfigurationValue.table(entries).json()
    let again = try? ConfigurationFile.parse(written, format: .json, path: "written")
    // Deeper nesting than JSON may have is understood in TOML and YAML.
    if let again { precondition(again.json() == written, "\(written) came back as \(again.json())") }
    var table = MetadataTable(path: "rec.wav.\(format.rawValue)", source: .sideCar(path: "rec"))
    let metadata = try table.read(entries)
    for warning in table.warnings { precondition(!warning.description.isEmpty) }
    let text = SideCar.text(metadata)
    precondition((try? ConfigurationFile.parse(text, format: .json, path: "text")) != nil, "\(text)")
  }
}
