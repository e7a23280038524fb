import ArgumentParser
import NeuralNet
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
      CommandGroup(
        name: "Listening",
        subcommands: [
          DiagnoseCommand.self, InspectCommand.self, DoctorCommand.self, BearingsCommand.self,
        ]),
      CommandGroup(
        name: "Reporting",
        subcommands: [ReportCommand.self, MergeCommand.self, VerifyCommand.self, PlotCommand.self]),
      CommandGroup(
        name: "Learning",
        subcommands: [
          BaselineCommand.self, PretrainCommand.self, ObjectivesCommand.self, FitCommand.self,
          EvaluateCommand.self, EmbedCommand.self, ClusterCommand.self, RunsCommand.self, AugmentCommand.self,
        ]),
      CommandGroup(
        name: "Making",
        subcommands: [
          SimulateCommand.self, DefaultModelCommand.self, CompletionsCommand.self, ManualCommand.self,
        ]),
    ])

  static func main() {
    // Before anything else, as it ends threads that slow down whatever comes first.
    BLAS.configure()
    main(nil)
  }
}
