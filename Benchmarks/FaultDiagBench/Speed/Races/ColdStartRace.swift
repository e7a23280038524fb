import FaultDiag
import Foundation

/// A diagnosis from the start of the process to its exit, beside the time that PyTorch takes to be imported.
struct ColdStartRace: SpeedRace {
  static let name = "cold"
  static let title = "fault-diag diagnose of one WAV of 10 s, from start to exit"

  func run(_ context: SpeedContext) throws -> RaceOutcome {
    let folder = try SimulatedFolder(recordings: 1, seconds: 10)
    defer { folder.remove() }
    var ours = RaceRow(work: "diagnose", side: "ours", values: [], unit: "s", peakMemory: 0)
    var theirs = RaceRow(work: "import torch", side: "PyTorch", values: [], unit: "s", peakMemory: 0)
    for _ in 0..<max(9, context.pairs) {
      let result = try folder.program(["diagnose", folder.files[0], "--json"]).run()
      ours.values.append(result.seconds)
      ours.peakMemory = max(ours.peakMemory ?? 0, result.peakMemory)
    }
    for _ in 0..<context.pairs {
      guard let peer = context.peer else { break }
      let result = try ChildProcess(program: peer.python, arguments: ["-c", "import torch"]).run()
      theirs.values.append(result.seconds)
      theirs.peakMemory = max(theirs.peakMemory ?? 0, result.peakMemory)
    }
    let figures = [
      Figure(name: "cold_diagnose_ms", value: ours.median * 1000, goal: .atMost(50)),
      Figure(name: "cold_diagnose_mib", value: ours.peakMemory ?? .nan, goal: .atMost(40)),
    ]
    return RaceOutcome(figures: figures, rows: [ours] + (theirs.values.isEmpty ? [] : [theirs]))
  }
}
