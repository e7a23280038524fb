import FaultDiag

/// Kernels and layers beside what bounds them: memory for loops over elements, `sgemm` for products.
struct KernelRace: SpeedRace {
  static let name = "kernels"
  static let title = "kernels and layers, in times of copying their elements, or of sgemm of their operations"

  func run(_ context: SpeedContext) throws -> RaceOutcome {
    var rows: [RaceRow] = []
    var figures: [Figure] = []
    for kernel in KernelTask.all {
      var row = RaceRow(
        work: kernel.name, side: kernel.bound.rawValue, values: [], unit: "times", peakMemory: nil)
      for _ in 0..<context.pairs {
        row.values.append(
          try Worker.measure(.kernel, ["--configuration-name", kernel.name]).value)
      }
      figures.append(
        Figure(name: "kernel_\(kernel.name)", value: row.median, goal: .atMost(kernel.threshold)))
      rows.append(row)
    }
    return RaceOutcome(figures: figures, rows: rows)
  }
}
