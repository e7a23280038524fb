/// A value together with where it came from: no number in a report is without its source.
package struct Sourced<Value: Sendable & Equatable>: Sendable, Equatable {
  package var value: Value
  package var source: MetadataSource

  package init(_ value: Value, from source: MetadataSource) {
    self.value = value
    self.source = source
  }
}

/// Where a metadata value came from, strongest first: a command-line flag, the recording's side-car, the file's
/// own chunks or variables, the folder's `fault-diag.toml`, an estimate from the signal.
package enum MetadataSource: Sendable, Equatable {
  case flag(String)
  case sideCar(path: String)
  case file(detail: String)
  case folder(path: String)
  case estimate(detail: String)
}

/// What is known about a recording besides its samples. Every field is optional and remembers its source.
package struct RecordingMetadata: Sendable, Equatable {
  /// Sample rate in hertz, where stated outside the file's own header (overrides it).
  package var sampleRate: Sourced<Double>?
  /// Shaft speed in revolutions a minute.
  package var speed: Sourced<Double>?
  /// The channel that pulses with the shaft, named or numbered as ``ReadOptions/channels``.
  package var tacho: Sourced<String>?
  /// Pulses of ``tacho`` a revolution; one where nothing is said.
  package var pulsesPerTurn: Sourced<Int>?
  /// Name of the bearing in the catalogue, for instance `6205`.
  package var bearing: Sourced<String>?
  /// Geometry where stated as numbers; takes precedence over the catalogue's entry for ``bearing``.
  package var geometry: Sourced<BearingGeometry>?
  /// Unit of the samples: `g`, `m/s2`, `mm/s`, `V`, `Pa`, ...
  package var unit: Sourced<String>?
  /// Sensor sensitivity in millivolts per g.
  package var sensitivity: Sourced<Double>?
  /// Group of machines by size, as tables of vibration limits have it: `1` or `2` of ISO 20816-3, or one's own.
  package var machineGroup: Sourced<String>?
  /// How the machine stands: `rigid` or `flexible`, or a word of one's own table.
  package var mounting: Sourced<String>?
  /// Load in words, for instance `2 hp`.
  package var load: Sourced<String>?
  /// Identity of the machine; splits never separate a machine's recordings.
  package var machine: Sourced<String>?
  /// Identity of the physical bearing; splits never separate a bearing's recordings.
  package var bearingID: Sourced<String>?
  /// The known state, for instance `normal` or `inner`.
  package var label: Sourced<String>?
  /// When the recording began, in seconds since 1970-01-01T00:00:00Z.
  package var recordedAt: Sourced<Double>?

  package init() {}

  /// Fills what is missing here from `weaker`.
  package func merged(over weaker: RecordingMetadata) -> RecordingMetadata {
    var result = self
    result.sampleRate = sampleRate ?? weaker.sampleRate
    result.speed = speed ?? weaker.speed
    result.tacho = tacho ?? weaker.tacho
    result.pulsesPerTurn = pulsesPerTurn ?? weaker.pulsesPerTurn
    result.bearing = bearing ?? weaker.bearing
    result.geometry = geometry ?? weaker.geometry
    result.unit = unit ?? weaker.unit
    result.sensitivity = sensitivity ?? weaker.sensitivity
    result.machineGroup = machineGroup ?? weaker.machineGroup
    result.mounting = mounting ?? weaker.mounting
    result.load = load ?? weaker.load
    result.machine = machine ?? weaker.machine
    result.bearingID = bearingID ?? weaker.bearingID
    result.label = label ?? weaker.label
    result.recordedAt = recordedAt ?? weaker.recordedAt
    return result
  }
}
