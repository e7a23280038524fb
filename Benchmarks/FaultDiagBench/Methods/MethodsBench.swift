import ArgumentParser
import CPC
import FaultDiag
import Foundation
import NeuralNet
import Support

/// Every objective on the same tasks with the same budget.
struct MethodsBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods",
    abstract:
      "Every objective with one budget, beside no training, training from scratch and the default model.",
    discussion: """
      Encoder, recordings, augmentations, batch size and steps are the same for all; every objective has its own \
      default settings, and none is tuned. Cells are means over seeds with their standard deviation. AUROC and AUC: \
      higher is better. Identity: how often a linear classifier names the bearing of a second, lower is better.

      Example: fault-diag-bench methods --tasks p1,identity --only cpc,simclr,untrained --steps 300 --folds 20
      """)

  @Option(
    help: ArgumentHelp("Only these methods: \(Methods.names.joined(separator: ", ")).", valueName: "names"))
  var only: String?

  @Option(
    help: ArgumentHelp(
      "Tasks, separated by commas: \(MethodTask.allCases.map { $0.rawValue }.joined(separator: ", ")).",
      valueName: "names"))
  var tasks: String?

  @Option(help: "Seeds, from 1.")
  var seeds = 3

  @Option(help: "Steps of every training; the plan's own without it.")
  var steps: Int?

  @Option(help: "Windows a step; the plan's own without it.")
  var batch: Int?

  @Option(help: "Simulated recordings to pretrain on.")
  var simulations = DefaultRepresentation.simulations

  @Option(help: "Folds of P1 and P5, spread evenly over the 100.")
  var folds = 100

  @Option(help: "Folds of P4 for each type of machine.")
  var soundFolds = MachineSounds.foldCount

  @Option(help: "Threads.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Where to write all values as JSON, after every row.")
  var json = ".build/bench-methods.json"

  func validate() throws {
    try NameList.check(NameList.names(only), among: Methods.names, kind: "method")
    try NameList.check(NameList.names(tasks), among: MethodTask.allCases.map { $0.rawValue }, kind: "task")
    for (name, value, range) in [
      ("seeds", seeds, 1...1000), ("steps", steps ?? 1, 1...1_000_000), ("batch", batch ?? 2, 2...65_536),
      ("simulations", simulations, 4...100_000), ("folds", folds, 2...100),
      ("sound-folds", soundFolds, 1...MachineSounds.foldCount), ("threads", threads, 1...1024),
    ] where !range.contains(value) {
      throw ValidationError("--\(name) \(value): expected \(range.lowerBound) to \(range.upperBound).")
    }
  }

  func run() throws {
    guard let data = BenchData() else { return print(BenchData.explanation) }
    let tasks = MethodTask.allCases.filter { NameList.names(self.tasks)?.contains($0.rawValue) ?? true }
    let budget = MethodsContext.Budget(
      seeds: seeds, steps: steps, batch: batch, simulations: simulations, folds: folds,
      soundFolds: soundFolds)
    let context = try MethodsContext(data, budget: budget, tasks: tasks, threads: threads)
    show("\(budgetText)\n\n" + MethodRow.heading(tasks))
    var report = Report(blasCore: BLAS.coreName, threads: threads, budget: budget, rows: [])
    for method in Methods.all where NameList.names(only)?.contains(method.name) ?? true {
      var row = MethodRow(name: method.name)
      var failures: [String] = []
      for seed in 1...UInt64(method.isSeeded ? seeds : 1) {
        failures += row.add(method.measure(tasks, seed: seed, context), seed: seed)
      }
      show(([row.line(tasks)] + failures.map { "  " + $0 }).joined(separator: "\n"))
      report.rows.append(row)
      try AtomicFile.write(ReportJSON.text(report), to: json)
    }
    let isFullLength =
      context.plan(for: .vibration, objective: nil, seed: 1, threads: 1).steps
      >= TrainingPlan.preset(for: .vibration).steps
    print("")
    for figure in report.rows.flatMap({ $0.figures(isFullLength: isFullLength) }) { print(figure.line) }
  }

  private var budgetText: String {
    "\(seeds) seeds; \(steps.map { "\($0)" } ?? "the plan's") steps of "
      + "\(batch.map { "\($0)" } ?? "the plan's") windows; \(simulations) simulated recordings; \(folds) of 100 "
      + "folds of P1 and P5, \(soundFolds) of \(MachineSounds.foldCount) of P4; \(threads) threads"
  }

  /// Prints at once, also into a pipe: rows take minutes.
  private func show(_ text: String) {
    print(text)
    fflush(nil)
  }

  private struct Report: Encodable {
    var blasCore: String
    var threads: Int
    var budget: MethodsContext.Budget
    var rows: [MethodRow]
  }
}
