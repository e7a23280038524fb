import FaultDiag
import Foundation
import SignalIO

#if canImport(Glibc)
  import Glibc
#endif

/// One recording of a day at 48 kHz, and one of half an hour beside it: memory must not know the difference.
struct LongRecordingTrial: ReliabilityTrial {
  static let name = "long-recording"
  static let title = "a recording of a day at 48 kHz"

  private static let rate = 48_000.0
  /// What is repeated; the fault sets in at the middle of the recording.
  private static let blockSeconds = 60.0

  func run(_ context: ReliabilityContext) throws -> [Figure] {
    let folder = try TrialFolder("long-recording", in: context.scratch)
    defer { folder.remove() }
    let bytes = Int(context.hours * 3600 * Self.rate) * 2
    guard Self.freeBytes(at: folder.path) > bytes + 2 << 30 else {
      say("  skipped: \(bytes >> 20) MiB are needed, and 2 GiB beside them")
      return []
    }
    let short = min(0.5, context.hours / 2)
    try folder.makeFolder("short")
    try folder.makeFolder("long")
    let recording = try RepeatedRecording(
      faults: [nil, .outer], rate: Self.rate, blockSeconds: Self.blockSeconds)
    try recording.write(to: folder["short/day.wav"], seconds: short * 3600)
    try recording.write(to: folder["long/day.wav"], seconds: context.hours * 3600)
    let known = ["--rpm", "1797", "--bearing", "6205", "--threads", "2"]
    var (faults, figures) = (Faults(), [Figure]())
    say("  command    hours      s  times real time  peak MiB")
    for command in ["diagnose", "report"] {
      var peaks: [Double] = []
      for (name, hours) in [("short", short), ("long", context.hours)] {
        let arguments =
          command == "diagnose"
          ? ["diagnose", "\(name)/day.wav", "--json"] : ["report", name, "--out", "out-\(name)"]
        let outcome = try Launch.run(arguments + known, in: folder.path, limit: 24 * 3600)
        faults.require(outcome.exitCode == 0, "\(command) \(name): \(outcome.exitCode), \(outcome.messages)")
        if command == "diagnose" { try check(outcome.output, hours: hours, &faults) }
        peaks.append(outcome.peakMemory)
        say(
          "  \(command.padding(toLength: 9, withPad: " ", startingAt: 0))  \(Format.number(hours, digits: 2))  "
            + "\(Format.fixed(outcome.seconds, digits: 1))  \(Format.fixed(hours * 3600 / outcome.seconds, digits: 0))  "
            + Format.fixed(outcome.peakMemory, digits: 1))
        if name == "long" {
          figures.append(Figure(name: "long_\(command)_seconds", value: outcome.seconds, goal: .none))
          figures.append(
            Figure(name: "long_\(command)_peak_mib", value: outcome.peakMemory, goal: .atMost(512)))
        }
      }
      figures.append(
        Figure(name: "long_\(command)_memory_growth", value: peaks[1] / peaks[0], goal: .atMost(1.25)))
    }
    return figures + [Figure(name: "long_faults", value: Double(faults.count), goal: .atMost(0))]
  }

  /// All of it was listened to, and the scores over time show when the fault set in.
  private func check(_ output: String, hours: Double, _ faults: inout Faults) throws {
    struct Scores: Decodable {
      struct State: Decodable {
        var state: String
        var probabilities: [Double?]
      }
      var states: [State]
    }
    struct Heard: Decodable { var seconds: Double }
    struct Found: Decodable {
      var recording: Heard
      var windowScores: Scores?
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let found = try decoder.decode(Found.self, from: Data(output.utf8))
    faults.require(abs(found.recording.seconds - hours * 3600) < 1, "\(found.recording.seconds) s were heard")
    let outer =
      found.windowScores?.states.first { $0.state == "outer" }?.probabilities.compactMap(\.self) ?? []
    faults.require((50...100).contains(outer.count), "\(outer.count) points of scores")
    let (before, after) = (outer.prefix(outer.count / 2 - 1), outer.suffix(outer.count / 2 - 1))
    faults.require(
      before.allSatisfy { $0 < 0.5 } && after.allSatisfy { $0 > 0.5 },
      "the scores do not show when the fault set in")
  }

  private static func freeBytes(at path: String) -> Int {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return 0 }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }
}
