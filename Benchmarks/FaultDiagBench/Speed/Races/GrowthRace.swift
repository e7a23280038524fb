import FaultDiag
import Foundation
import Support

/// How the cost grows with the size of the work: of a step of training, of a folder and of a recording.
struct GrowthRace: SpeedRace {
  static let name = "growth"
  static let title = "how cost grows with batch, steps, channels, negatives, files and length"

  /// The cost of a unit of the largest size over that of the smallest. A part of the cost is there whatever the size, so
  /// less than 1 is usual; more is growth beyond proportion.
  private static let proportionGoal = 1.5

  func run(_ context: SpeedContext) throws -> RaceOutcome {
    var rows: [RaceRow] = []
    var figures: [Figure] = []
    for growth in Growth.all {
      let curve = try growth.curve(pairs: context.pairs)
      rows += curve.map { $0.row }
      let costs = curve.map { $0.row.median / $0.size }
      figures.append(
        Figure(
          name: "growth_\(growth.name)", value: costs[costs.count - 1] / costs[0],
          goal: .atMost(Self.proportionGoal)))
    }
    return RaceOutcome(figures: figures, rows: rows)
  }
}

/// One size that grows while the others stay.
private struct Growth {
  var name: String
  var sizes: [Int]
  /// Seconds of the work of one size, and its peak memory in MiB.
  var measure: @Sendable (Int) throws -> (value: Double, peakMemory: Double)

  static let all = [
    step("batch", "spectral-shared", [16, 32, 64, 128]),
    step("steps", "spectral-shared", [32, 64, 128]),
    step("negatives", "spectral-shared", [16, 64, 256]),
    step("channels", "raw-shared", [32, 64, 128]),
    Growth(name: "files", sizes: [10, 100, 1000, 10_000], measure: secondsOfReport),
    Growth(name: "seconds", sizes: [1, 10, 100, 1000, 10_000, 86_400], measure: secondsOfDiagnosis),
  ]

  private static func step(_ setting: String, _ name: String, _ sizes: [Int]) -> Growth {
    Growth(name: setting, sizes: sizes) { size in
      try Worker.measure(
        .trainingStep, ["--configuration-name", "\(name):\(setting)=\(size)", "--steps", "5"])
    }
  }

  /// One row a size, measured in turns.
  func curve(pairs: Int) throws -> [(size: Double, row: RaceRow)] {
    var curve = sizes.map { size in
      (
        size: Double(size),
        row: RaceRow(work: "\(name) \(size)", side: "ours", values: [], unit: "s", peakMemory: 0)
      )
    }
    for _ in 0..<pairs {
      for index in curve.indices {
        let measured = try measure(sizes[index])
        curve[index].row.values.append(measured.value)
        curve[index].row.peakMemory = max(curve[index].row.peakMemory ?? 0, measured.peakMemory)
      }
    }
    return curve
  }

  private static func secondsOfReport(files: Int) throws -> (value: Double, peakMemory: Double) {
    let folder = try SimulatedFolder(recordings: files, seconds: 2)
    defer { folder.remove() }
    let out = folder.path + "-report"
    defer { try? FileManager.default.removeItem(atPath: out) }
    let result = try folder.program(["report", folder.path, "--out", out, "--threads", "1", "--quiet"]).run()
    return (result.seconds, result.peakMemory)
  }

  private static func secondsOfDiagnosis(length: Int) throws -> (value: Double, peakMemory: Double) {
    let folder = try SimulatedFolder(recordings: 1, seconds: 1)
    defer { folder.remove() }
    try RepeatedRecording(faults: [.outer], rate: 12_000, blockSeconds: 10)
      .write(to: folder.files[0], seconds: Double(length))
    let result = try folder.program(["diagnose", folder.files[0], "--threads", "1", "--json"]).run()
    return (result.seconds, result.peakMemory)
  }
}
