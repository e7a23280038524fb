import FaultDiag
import Foundation

/// The aligned envelope beside a NumPy program of the same definition and beside the transforms alone.
struct AlignedEnvelopeRace: SpeedRace {
  static let name = "aligned"
  static let title = "aligned envelope of a second at 12 kHz, one thread"

  private struct PeerLine: Decodable {
    var seconds: Double
  }

  /// The NumPy program, part of this repository.
  private static let program = "Tools/Reference/AlignedEnvelopeSpeed.py"

  func run(_ context: SpeedContext) throws -> RaceOutcome {
    var ours = RaceRow(work: "aligned envelope", side: "ours", values: [], unit: "s", peakMemory: 0)
    var limit = RaceRow(work: "13 inverse transforms", side: "FFTW", values: [], unit: "s")
    var theirs = RaceRow(work: "aligned envelope", side: "NumPy", values: [], unit: "s")
    for _ in 0..<context.pairs {
      let own = try Worker.measure(.alignedEnvelope)
      ours.values.append(own.value)
      ours.peakMemory = max(ours.peakMemory ?? 0, own.peakMemory)
      limit.values.append(try Worker.measure(.transforms).value)
      if let peer = context.peer {
        let result = try ChildProcess(
          program: peer.python, arguments: [Self.program],
          environment: ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"]
        ).run()
        theirs.values.append(
          try JSONDecoder().decode(PeerLine.self, from: Data(result.output.utf8)).seconds)
      }
    }
    var figures = [
      Figure(
        name: "aligned_transforms_share", value: limit.median / ours.median, goal: .atLeast(0.5))
    ]
    if !theirs.values.isEmpty {
      figures.insert(
        Figure(name: "aligned_over_numpy", value: theirs.median / ours.median, goal: .atLeast(10)), at: 0)
    }
    return RaceOutcome(figures: figures, rows: [ours, limit] + (theirs.values.isEmpty ? [] : [theirs]))
  }
}
