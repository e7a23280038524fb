import ArgumentParser
import SignalIO

/// Shows what is in recordings.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract:
      "Show what is in a recording: channels, rate, length, metadata with sources, quality, statistics.",
    discussion: """
      The file is read once, as a stream: an hour-long recording needs no more memory than a short one. Kurtosis is the \
      excess: normal noise has 0.

      Example: fault-diag inspect outer.wav
      """)

  @Argument(help: "Recordings, folders of recordings, or - for standard input.")
  var files: [String]

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    try perform(console) {
      let inputs = try RecordingInput.expand(files, metadata: metadata, reading: reading, console: console)
      try FileBatch(console: console, json: output.json).run(inputs) { try Inspection($0.open()) }
    }
  }
}
