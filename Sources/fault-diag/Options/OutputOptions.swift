import ArgumentParser
import FaultDiag

/// How much is said and in which form; every command has these.
struct OutputOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Print results and errors only.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Say more about what is done.")
  var verbose = false

  @Flag(help: "Print results as JSON.")
  var json = false

  @Flag(name: .customLong("no-color"), help: "No colours (also: set NO_COLOR).")
  var noColor = false

  mutating func validate() throws {
    if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
  }

  var console: Console {
    Console(verbosity: quiet ? .quiet : verbose ? .verbose : .normal, noColor: noColor)
  }

  /// How results for people are laid out on `console`.
  func style(_ console: Console) -> TextStyle {
    TextStyle(width: console.width, color: console.colorsResults)
  }
}
