import ArgumentParser
import Support

/// The root: parses, and hands over to a command of `Commands/`.
@main
struct FaultDiagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault-diag",
    abstract:
      "Listens to machines: learns from unlabelled recordings and says what is wrong, how sure it is, and why.",
    discussion: FaultDiagExit.documentation,
    version: ProgramVersion.text,
    groupedSubcommands: [
      CommandGroup(name: "Look", subcommands: [InspectCommand.self]),
      CommandGroup(
        name: "More",
        subcommands: [
          SimulateCommand.self, BearingsCommand.self, DefaultModelCommand.self, CompletionsCommand.self,
        ]),
    ])
}
