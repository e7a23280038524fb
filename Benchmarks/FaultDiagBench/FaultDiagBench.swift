import ArgumentParser

/// Benches as commands: each prints a table for people, then one line a figure, and writes JSON.
@main
struct FaultDiagBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault-diag-bench",
    abstract: "Measures how good, how fast and how hard to break fault-diag is.",
    subcommands: [
      QualityBench.self, MethodsBench.self, ObjectivesBench.self, SpeedBench.self, ReliabilityBench.self,
      Worker.self, TrainingStepExample.self, PlanTransforms.self,
    ])
}
