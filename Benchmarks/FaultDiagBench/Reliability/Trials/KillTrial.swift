import FaultDiag
import Foundation
import NeuralNet
import Support

#if canImport(Glibc)
  import Glibc
#endif

/// Kills runs at random moments, goes on with them, kills them again, and compares what comes out in the end with a run
/// that nobody disturbed.
///
/// Three of four moments are spread evenly over a run's time; the others are those at which a temporary file is there.
struct KillTrial: ReliabilityTrial {
  static let name = "kills"
  static let title = "kill -9 at random moments of pretrain, fit and report, and of going on"

  /// A run is killed so often at most before it may end.
  private static let killsPerRun = 8

  func run(_ context: ReliabilityContext) throws -> [Figure] {
    let folder = try TrialFolder("kills", in: context.scratch)
    defer { folder.remove() }
    try folder.addRecordings()
    try folder.addModels()
    var (kills, faults, swept) = (0, Faults(), 0)
    say("  command    kills  in writing  goings-on  ended runs  seconds alone")
    for (index, work) in KilledWork.all.enumerated() {
      let isLast = index + 1 == KilledWork.all.count
      let share = isLast ? context.kills - kills : Int(work.share * Double(context.kills))
      var series = KillSeries(
        folder: folder, work: work, random: RandomSource(seed: context.seed, path: [UInt64(index)]))
      try series.prepare()
      while series.kills < share { try series.killSome(most: Self.killsPerRun, faults: &faults) }
      kills += series.kills
      swept += series.leftovers
      say(series.row)
    }
    say("  \(swept) temporary files of killed runs, all removed by the runs that came after")
    return [
      Figure(name: "kills", value: Double(kills), goal: .atLeast(Double(context.kills))),
      Figure(name: "kill_faults", value: Double(faults.count), goal: .atMost(0)),
    ]
  }
}

/// A command that is killed, how it goes on, and what it must come to.
struct KilledWork: Sendable {
  let name: String
  /// Of all kills.
  let share: Double
  /// The first time.
  let arguments: [String]
  /// The command that goes on, where files are there already.
  let goingOn: @Sendable (_ folder: TrialFolder) -> [String]
  /// Files in `part` that must equal those in `whole`.
  let finals: [String]
  /// Files that grow by lines, of which the last may be cut.
  let logs: [String]

  static let all = [
    KilledWork(
      name: "pretrain", share: 0.4, arguments: TrialCommands.pretrain(out: "part/model.safetensors"),
      goingOn: { folder in
        // Before its first checkpoint there is nothing to resume.
        TrialCommands.pretrain(out: "part/model.safetensors")
          + (folder.bytes("part/model.safetensors") == nil ? [] : ["--resume"])
      }, finals: ["model.safetensors"], logs: []),
    KilledWork(
      name: "fit", share: 0.2, arguments: TrialCommands.fit(out: "part/diag.safetensors"),
      goingOn: { _ in TrialCommands.fit(out: "part/diag.safetensors") }, finals: ["diag.safetensors"],
      logs: []),
    KilledWork(
      name: "report", share: 0.4, arguments: TrialCommands.report(out: "part"),
      goingOn: { _ in TrialCommands.report(out: "part") + ["--skip-done"] },
      finals: ["report.json", "report.csv", "report.html"], logs: ["rows.jsonl"]),
  ]
}

/// The kills of one command.
struct KillSeries {
  let folder: TrialFolder
  let work: KilledWork
  var random: RandomSource
  private(set) var kills = 0
  private(set) var leftovers = 0
  private var killsInWriting = 0
  private var goingsOn = 0
  private var ends = 0
  private var seconds = 0.0
  private var whole: [String: Data] = [:]

  init(folder: TrialFolder, work: KilledWork, random: RandomSource) {
    self.folder = folder
    self.work = work
    self.random = random
  }

  var row: String {
    func right(_ value: Int, _ width: Int) -> String {
      let text = "\(value)"
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return "  " + work.name.padding(toLength: 9, withPad: " ", startingAt: 0) + right(kills, 7)
      + right(killsInWriting, 12) + right(goingsOn, 11) + right(ends, 12) + "  "
      + Format.fixed(seconds, digits: 2)
  }

  /// Runs it undisturbed, twice: the second time must give the same bytes, and is its time.
  mutating func prepare() throws {
    for _ in 0..<2 {
      try clear()
      let outcome = try Launch.run(work.arguments, in: folder.path)
      guard outcome.exitCode == 0 else { throw TrialFailure("\(work.name): \(outcome.firstMessage)") }
      seconds = outcome.seconds
      let found = finals()
      guard found.count == work.finals.count, whole.isEmpty || whole == found else {
        throw TrialFailure("\(work.name) does not repeat its bytes undisturbed")
      }
      whole = found
    }
  }

  private func finals() -> [String: Data] {
    var result: [String: Data] = [:]
    for name in work.finals { result[name] = folder.bytes("part/" + name) }
    return result
  }

  private func clear() throws {
    try? FileManager.default.removeItem(atPath: folder["part"])
    try folder.makeFolder("part")
  }

  /// Begins anew, kills up to `most` times, then lets it end and compares.
  mutating func killSome(most: Int, faults: inout Faults) throws {
    try clear()
    let planned = 1 + random.integer(below: most)
    var killed = 0
    while true {
      let arguments = killed == 0 ? work.arguments : work.goingOn(folder)
      if killed > 0 { goingsOn += 1 }
      let launch = try Launch(arguments, in: folder.path)
      if killed < planned { waitForMoment(launch) }
      let outcome = launch.wait(limit: 1800)
      guard outcome.wasKilled else {
        faults.require(
          outcome.exitCode == 0, "\(work.name) ended with \(outcome.exitCode): \(outcome.messages)")
        return checkEnd(&faults)
      }
      guard killed < planned else { return faults.add("\(work.name) hung") }
      killed += 1
      kills += 1
      checkKilled(&faults)
    }
  }

  /// Waits, and kills.
  private mutating func waitForMoment(_ launch: Launch) {
    if random.integer(below: 4) == 0 {
      while !launch.hasEnded, folder.leftovers(in: "part").isEmpty { usleep(300) }
      usleep(UInt32(random.integer(below: 3000)))
    } else {
      usleep(UInt32(1e6 * seconds * random.uniform()))
    }
    launch.kill()
  }

  /// What stands under a final name is whole, and beside it are only temporary files and lines.
  private mutating func checkKilled(_ faults: inout Faults) {
    let temporary = folder.leftovers(in: "part")
    leftovers += temporary.count
    if !temporary.isEmpty { killsInWriting += 1 }
    for name in folder.files(in: "part") where !temporary.contains(name) {
      let content = folder.bytes("part/" + name) ?? Data()
      if work.logs.contains(name) {
        faults.require(Self.hasWholeLines(content), "\(name) has a cut line that is not its last")
      } else {
        faults.require(work.finals.contains(name), "\(work.name) left \(name)")
        let isWhole = content == whole[name] || isWholeModel(name)
        faults.require(isWhole, "\(name) is half-written: \(content.count) bytes")
      }
    }
  }

  private mutating func checkEnd(_ faults: inout Faults) {
    ends += 1
    for name in work.finals {
      faults.require(
        folder.bytes("part/" + name) == whole[name], "\(name) differs from that of an undisturbed run")
    }
    let temporary = folder.leftovers(in: "part")
    faults.require(temporary.isEmpty, "\(work.name) left \(temporary.joined(separator: ", ")) behind")
  }

  /// By the strict reading of the program itself: every byte belongs to a tensor.
  private func isWholeModel(_ name: String) -> Bool {
    name.hasSuffix("safetensors") && (try? Checkpoint.read(folder["part/" + name])) != nil
  }

  private static func hasWholeLines(_ content: Data) -> Bool {
    let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.dropLast().allSatisfy { (try? JSONSerialization.jsonObject(with: $0)) != nil }
  }
}
