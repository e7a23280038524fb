import SignalIO

extension MetadataEntry {
  /// Everything known of a recording, with its source, in the order a reader looks for it.
  ///
  /// - `speed`: how the speed among `metadata` was found; it knows the uncertainty.
  package static func entries(
    _ metadata: RecordingMetadata, speed: ShaftSpeedNote? = nil
  ) -> [MetadataEntry] {
    var result: [MetadataEntry] = []
    func add<Value>(_ name: String, _ sourced: Sourced<Value>?, _ text: (Value) -> String) {
      guard let sourced else { return }
      result.append(MetadataEntry(name: name, value: text(sourced.value), source: "\(sourced.source)"))
    }
    add("speed", metadata.speed) { speed?.text ?? "\(Format.number($0, digits: 2)) rpm" }
    add("bearing", metadata.bearing) { $0 }
    add("geometry", metadata.geometry) {
      "\($0.elementCount) elements of \(Format.number($0.elementDiameter, digits: 3)) mm on "
        + "\(Format.number($0.pitchDiameter, digits: 3)) mm, \(Format.number($0.contactAngle, digits: 1)) degrees"
    }
    add("rate", metadata.sampleRate) { "\(Format.number($0, digits: 3)) Hz" }
    add("unit", metadata.unit) { $0 }
    add("sensitivity", metadata.sensitivity) { "\(Format.number($0, digits: 3)) mV/g" }
    add("machine_group", metadata.machineGroup) { $0 }
    add("mounting", metadata.mounting) { $0 }
    add("load", metadata.load) { $0 }
    add("machine", metadata.machine) { $0 }
    add("bearing_id", metadata.bearingID) { $0 }
    add("label", metadata.label) { $0 }
    add("recorded", metadata.recordedAt) {
      ISO8601.text($0) ?? "\(Format.number($0, digits: 0)) s since 1970"
    }
    return result
  }
}
