import ArgumentParser
import FaultDiag
import Support

/// Prints pages for `man`, made from the help.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Print a page of the manual, or write all of them, for man.",
    usage: "fault-diag manual [<options>] [<command>]",
    discussion: """
      Without a command the page is about the program. With --out a folder gets every page, as make install wants them.

      Example: fault-diag manual report | man -l -
      All pages: fault-diag manual --out ~/.local/share/man/man1
      """)

  @Argument(help: "The command that the page is about.")
  var command: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write every page into this folder; made where it is missing.", valueName: "folder"))
  var out: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    let known = FaultDiagCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    if let command, !known.contains(command) {
      throw ValidationError("no command \(command): expected one of \(known.joined(separator: ", ")).")
    }
    if command != nil, out != nil { throw ValidationError("A command and --out exclude each other.") }
  }

  func run() throws {
    let console = output.console
    try perform(console) {
      let program = try CommandDescription.program()
      let commands = (program.subcommands ?? []).filter { $0.commandName != "help" }
      guard let out else {
        let page = ManualPage(program: program, command: commands.first { $0.commandName == command })
        return console.result(String(page.source.dropLast()))
      }
      try OutputFolder.make(out)
      let pages = ([nil] + commands.map(Optional.some)).map { ManualPage(program: program, command: $0) }
      for page in pages { try AtomicFile.write(page.source, to: "\(out)/\(page.name).1") }
      console.note("wrote \(Discovery.number(pages.count, "page")) to \(Format.harmless(out))")
    }
  }
}
