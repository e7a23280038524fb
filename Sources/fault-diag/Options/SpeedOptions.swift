import ArgumentParser
import FaultDiag
import SignalIO

/// Where the shaft speed may come from besides --rpm.
struct SpeedOptions: ParsableArguments {
  @Option(
    name: .customLong("rpm-tolerance"),
    help: ArgumentHelp(
      "The stated speed is nominal: use what tachometer or signal show within this many percent of it.",
      valueName: "percent"))
  var tolerance: Double?

  @Option(
    help: ArgumentHelp(
      "Channel that pulses with the shaft (default: one that is called so).", valueName: "channel"))
  var tacho: String?

  @Option(
    name: .customLong("pulses-per-turn"),
    help: ArgumentHelp("Pulses of the tachometer channel a revolution (default: 1).", valueName: "count"))
  var pulsesPerTurn: Int?

  mutating func validate() throws {
    if let tolerance, !(tolerance > 0 && tolerance <= 20) {
      throw ValidationError("--rpm-tolerance \(tolerance): expected more than 0 and at most 20 percent.")
    }
    if let pulsesPerTurn, !MetadataRange.pulsesPerTurn.contains(Double(pulsesPerTurn)) {
      throw ValidationError(
        "--pulses-per-turn \(pulsesPerTurn): expected \(MetadataRange.pulsesPerTurn.words).")
    }
  }

  var finder: SpeedFinder { SpeedFinder(tolerance: tolerance.map { $0 / 100 }) }

  /// The options that were given, as on a command line.
  var arguments: [String] {
    var result = OptionWords()
    result.add("--rpm-tolerance", tolerance)
    result.add("--tacho", tacho)
    result.add("--pulses-per-turn", pulsesPerTurn.map(Double.init))
    return result.words
  }

  /// The flags as metadata, each value remembering its flag.
  var metadata: RecordingMetadata {
    var result = RecordingMetadata()
    result.tacho = tacho.map { Sourced($0, from: .flag("--tacho")) }
    result.pulsesPerTurn = pulsesPerTurn.map { Sourced($0, from: .flag("--pulses-per-turn")) }
    return result
  }

  /// `reading` with the tachometer's channel among those that are read.
  func including(_ reading: ReadingOptions) -> ReadingOptions {
    var result = reading
    if let tacho, !result.channel.isEmpty { result.channel.append(tacho) }
    return result
  }
}
