import FaultDiag
import Foundation

/// Training the embedded model anew, simulation included.
struct DefaultModelRace: SpeedRace {
  static let name = "default-model"
  static let title = "fault-diag default-model: 16,000 simulated bearings, two threads"

  func run(_ context: SpeedContext) throws -> RaceOutcome {
    let out = NSTemporaryDirectory() + "/fault-diag-bench-model-\(getpid()).safetensors"
    defer { try? FileManager.default.removeItem(atPath: out) }
    let result = try ChildProcess(
      program: SimulatedFolder.programPath, arguments: ["default-model", "--out", out, "--threads", "2"]
    ).run()
    let row = RaceRow(
      work: "default-model", side: "ours", values: [result.seconds], unit: "s", peakMemory: result.peakMemory)
    return RaceOutcome(
      figures: [Figure(name: "default_model_s", value: result.seconds, goal: .atMost(30))], rows: [row])
  }
}
