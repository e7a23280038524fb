import ArgumentParser
import SignalIO

/// What a user states about recordings on the command line; stronger than side-cars, files and folders.
struct MetadataOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Shaft speed in revolutions a minute.", valueName: "rpm"))
  var rpm: Double?

  @Option(
    help: ArgumentHelp(
      "Bearing by its catalogue name, such as 6205 (list: fault-diag bearings).", valueName: "name"))
  var bearing: String?

  @Option(
    help: ArgumentHelp(
      "Bearing by its dimensions: elements, element and pitch diameter in mm, contact angle in degrees.",
      valueName: "n,d,D[,angle]"))
  var geometry: BearingGeometry?

  @Option(
    name: .customLong("sample-rate"),
    help: ArgumentHelp("Sample rate, where the file does not state it or states it wrongly.", valueName: "Hz")
  )
  var sampleRate: Double?

  @Option(help: ArgumentHelp("Unit of the samples: g, m/s2, mm/s, V, mV, Pa.", valueName: "unit"))
  var unit: String?

  @Option(help: ArgumentHelp("Sensor sensitivity in mV/g, where samples are volts.", valueName: "mV/g"))
  var sensitivity: Double?

  @Option(
    help: ArgumentHelp(
      "Group of machines that limits of vibration are for: 1 or 2 of ISO 20816-3.", valueName: "group"))
  var machineGroup: String?

  @Option(help: ArgumentHelp("How the machine stands: rigid or flexible.", valueName: "word"))
  var mounting: String?

  @Option(help: ArgumentHelp("Load, in words.", valueName: "text"))
  var load: String?

  @Option(help: ArgumentHelp("Identity of the machine.", valueName: "id"))
  var machine: String?

  mutating func validate() throws {
    if let rpm, !(rpm > 0 && rpm <= 1_000_000) {
      throw ValidationError(
        "--rpm \(rpm): expected a speed above 0 and at most 1000000 revolutions a minute.")
    }
    if let sampleRate, !(sampleRate > 0 && sampleRate <= 1e8) {
      throw ValidationError("--sample-rate \(sampleRate): expected a rate above 0 and at most 1e8 Hz.")
    }
    // A name that nobody knows is a slip of the pen; the lines of a bearing by its dimensions need no name.
    if let bearing, geometry == nil {
      do { _ = try BearingCatalogue.entry(named: bearing) } catch { throw ValidationError("\(error)") }
    }
    if let sensitivity, !(sensitivity > 0 && sensitivity.isFinite) {
      throw ValidationError("--sensitivity \(sensitivity): expected millivolts per g above 0.")
    }
  }

  /// The options that were given, as on a command line.
  var arguments: [String] {
    var result = OptionWords()
    result.add("--rpm", rpm)
    result.add("--bearing", bearing)
    result.add("--geometry", geometry?.argument)
    result.add("--sample-rate", sampleRate)
    result.add("--unit", unit)
    result.add("--sensitivity", sensitivity)
    result.add("--machine-group", machineGroup)
    result.add("--mounting", mounting)
    result.add("--load", load)
    result.add("--machine", machine)
    return result.words
  }

  /// The flags as metadata, each value remembering its flag.
  var metadata: RecordingMetadata {
    var result = RecordingMetadata()
    result.speed = rpm.map { Sourced($0, from: .flag("--rpm")) }
    result.bearing = bearing.map { Sourced($0, from: .flag("--bearing")) }
    result.geometry = geometry.map { Sourced($0, from: .flag("--geometry")) }
    result.sampleRate = sampleRate.map { Sourced($0, from: .flag("--sample-rate")) }
    result.unit = unit.map { Sourced($0, from: .flag("--unit")) }
    result.sensitivity = sensitivity.map { Sourced($0, from: .flag("--sensitivity")) }
    result.machineGroup = machineGroup.map { Sourced($0, from: .flag("--machine-group")) }
    result.mounting = mounting.map { Sourced($0, from: .flag("--mounting")) }
    result.load = load.map { Sourced($0, from: .flag("--load")) }
    result.machine = machine.map { Sourced($0, from: .flag("--machine")) }
    return result
  }
}

extension BearingGeometry: ExpressibleByArgument {
  /// What ``init(argument:)`` reads back.
  var argument: String {
    ([Double(elementCount), elementDiameter, pitchDiameter, contactAngle])
      .map(ConfigurationValue.spelling).joined(separator: ",")
  }

  /// Reads `n,d,D[,angle]`; values are checked where the frequencies are computed.
  public init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 3 || parts.count == 4, let count = Int(parts[0]),
      let element = Double(parts[1]), let pitch = Double(parts[2]),
      let angle = parts.count == 4 ? Double(parts[3]) : 0
    else { return nil }
    self.init(elementCount: count, elementDiameter: element, pitchDiameter: pitch, contactAngle: angle)
  }
}
