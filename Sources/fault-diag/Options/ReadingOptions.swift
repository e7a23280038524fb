import ArgumentParser
import SignalIO

/// How files are read, where they do not say it themselves.
struct ReadingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Channel or variable to read, by name, by ending (DE) or by number from 1; may be repeated.",
      valueName: "name"))
  var channel: [String] = []

  @Option(help: ArgumentHelp("Read as this format instead of recognising it.", valueName: "format"))
  var format: String?

  @Option(
    name: .customLong("raw-encoding"),
    help: ArgumentHelp(
      "Samples of a headerless file; with --sample-rate and --raw-channels.", valueName: "encoding"))
  var rawEncoding: RawLayout.Encoding?

  @Option(
    name: .customLong("raw-channels"),
    help: ArgumentHelp("Channels of a headerless file.", valueName: "count"))
  var rawChannels: Int?

  mutating func validate() throws {
    if rawEncoding == nil && rawChannels != nil {
      throw ValidationError("--raw-channels needs --raw-encoding.")
    }
    if let rawChannels, !(1...1024).contains(rawChannels) {
      throw ValidationError("--raw-channels \(rawChannels): expected 1 to 1024.")
    }
  }

  /// The options that were given, as on a command line.
  var arguments: [String] {
    var result = OptionWords()
    for name in channel { result.add("--channel", name) }
    result.add("--format", format)
    result.add("--raw-encoding", rawEncoding?.rawValue)
    result.add("--raw-channels", rawChannels.map(Double.init))
    return result.words
  }

  /// The options of the readers; a headerless file needs `sampleRate`.
  func readOptions(sampleRate: Double?) throws -> ReadOptions {
    var options = ReadOptions(channels: channel, forcedFormat: format)
    if let rawEncoding {
      guard let sampleRate else { throw ValidationError("--raw-encoding needs --sample-rate.") }
      options.raw = RawLayout(encoding: rawEncoding, channelCount: rawChannels ?? 1, sampleRate: sampleRate)
    }
    return options
  }
}

extension RawLayout.Encoding: ExpressibleByArgument {}
