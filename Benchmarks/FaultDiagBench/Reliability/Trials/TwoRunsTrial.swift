import FaultDiag
import Foundation
import Support

#if canImport(Glibc)
  import Glibc
#endif

/// Starts two runs that write to one place: a second report is refused, and of two trainings one whole file stays.
struct TwoRunsTrial: ReliabilityTrial {
  static let name = "two-runs"
  static let title = "two runs into one place at once"

  private static let rounds = 20
  /// Trainings take longer than reports.
  private static let trainings = 4

  func run(_ context: ReliabilityContext) throws -> [Figure] {
    let folder = try TrialFolder("two-runs", in: context.scratch)
    defer { folder.remove() }
    try folder.addEverything()
    var (faults, refused) = (Faults(), 0)
    for arguments in [TrialCommands.report(out: "whole"), TrialCommands.pretrain(out: "whole.safetensors")] {
      let alone = try Launch.run(arguments, in: folder.path)
      guard alone.exitCode == 0 else { throw TrialFailure(alone.messages) }
    }
    var random = RandomSource(seed: context.seed)
    for round in 0..<Self.rounds {
      refused += try reports(folder, "out-\(round)", after: random.uniform(in: 0...0.3), &faults)
      if round < Self.trainings { try trainings(folder, round, &faults) }
    }
    say(
      "  report: \(Self.rounds) pairs, \(refused) times one of them was refused; its folder as from one run")
    say("  pretrain, fit: \(Self.trainings) pairs each, one whole file stays")
    return [
      Figure(name: "two_runs_refused", value: Double(refused), goal: .atLeast(1)),
      Figure(name: "two_runs_faults", value: Double(faults.count), goal: .atMost(0)),
    ]
  }

  /// - Returns: 1 where one of the two was refused.
  private func reports(_ folder: TrialFolder, _ out: String, after seconds: Double, _ faults: inout Faults)
    throws -> Int
  {
    let first = try Launch(TrialCommands.report(out: out), in: folder.path)
    usleep(UInt32(1e6 * seconds))
    let second = try Launch(TrialCommands.report(out: out), in: folder.path)
    let outcomes = [second.wait(limit: 300), first.wait(limit: 300)]
    let losers = outcomes.filter { $0.exitCode != 0 }
    faults.require(losers.count <= 1, "both reports failed: \(outcomes[1].messages)")
    for loser in losers {
      faults.require(
        loser.exitCode == 73 && loser.messages.contains("another run that writes there"),
        "a second report ended with \(loser.exitCode): \(loser.messages)")
    }
    for name in ["report.json", "report.csv", "report.html"] {
      faults.require(
        folder.bytes("\(out)/\(name)") == folder.bytes("whole/\(name)"),
        "\(name) of two reports at once differs")
    }
    faults.require(folder.leftovers(in: out).isEmpty, "two reports left temporary files")
    return losers.count
  }

  private func trainings(_ folder: TrialFolder, _ round: Int, _ faults: inout Faults) throws {
    for (arguments, whole) in [
      (
        TrialCommands.pretrain(out: "twice/\(round)/whole.safetensors") + ["--overwrite"],
        "whole.safetensors"
      ),
      // A model's name is that of its file, and stands in it.
      (TrialCommands.fit(out: "twice/\(round)/diag.safetensors"), "diag.safetensors"),
    ] {
      try folder.makeFolder("twice/\(round)")
      let runs = try [0, 1].map { _ in try Launch(arguments, in: folder.path) }
      for run in runs {
        let outcome = run.wait(limit: 300)
        faults.require(
          outcome.exitCode == 0, "\(arguments[0]) ended with \(outcome.exitCode): \(outcome.messages)")
      }
      let out = arguments[arguments.firstIndex(of: "--out")! + 1]
      faults.require(folder.bytes(out) == folder.bytes(whole), "\(arguments[0]), twice at once, differs")
    }
    faults.require(folder.leftovers(in: "twice").isEmpty, "two trainings left temporary files")
  }
}
