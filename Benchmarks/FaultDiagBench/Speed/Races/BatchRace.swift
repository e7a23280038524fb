import FaultDiag
import Foundation

/// A thousand recordings of ten seconds with one processor and with two.
struct BatchRace: SpeedRace {
  static let name = "batch"
  static let title = "diagnosis of 1,000 recordings of 10 s"

  private static let count = 1000
  private static let seconds = 10.0

  func run(_ context: SpeedContext) throws -> RaceOutcome {
    let folder = try SimulatedFolder(recordings: Self.count, seconds: Self.seconds)
    defer { folder.remove() }
    var rows = [1, 2].map {
      RaceRow(work: "\(Self.count) files", side: "\($0) threads", values: [], unit: "s", peakMemory: 0)
    }
    for _ in 0..<context.pairs {
      for index in rows.indices {
        let result = try folder.program([
          "report", folder.path, "--out", folder.path + "-report-\(index)", "--threads", "\(index + 1)",
          "--quiet",
        ]).run()
        try FileManager.default.removeItem(atPath: folder.path + "-report-\(index)")
        rows[index].values.append(result.seconds)
        rows[index].peakMemory = max(rows[index].peakMemory ?? 0, result.peakMemory)
      }
    }
    let (one, two) = (rows[0].median, rows[1].median)
    return RaceOutcome(
      figures: [
        Figure(name: "batch_two_over_one", value: one / two, goal: .atLeast(1.9)),
        Figure(
          name: "batch_times_real_time", value: Double(Self.count) * Self.seconds / two, goal: .atLeast(2000)),
      ], rows: rows)
  }
}
