import ArgumentParser

@main
struct FaultDiagCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault-diag",
    abstract:
      "Listens to machines: learns from unlabelled recordings and says what is wrong, how sure it is, and why."
  )
}
