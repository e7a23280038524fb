import ArgumentParser
import FaultDiag
import Foundation
import Support

/// All trials of endurance in one run.
struct ReliabilityBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reliability",
    abstract: "What kill -9, full disks, bad files and long recordings do to fault-diag.",
    discussion: """
      Every trial starts the program beside this bench as a user would, in a folder of its own that is removed in the end. \
      Each prints its table; the figures come last, one a line: FIGURE name value goal ok|short. Figures that count faults \
      have the goal 0. What needs the right to mount file systems is skipped, and said, where that is missing.
      """)

  @Option(
    help: ArgumentHelp(
      "Only these trials, separated by commas: \(ReliabilityTrials.names.joined(separator: ", ")).",
      valueName: "names"))
  var only: String?

  @Option(help: "How many runs are killed.")
  var kills = 1000

  @Option(help: "Files of the large batch.")
  var files = 10_000

  @Option(help: "Hours of the long recording, which takes 346 MB of disk each.")
  var hours = 24.0

  @Option(help: "Decides when runs are killed and what is in the files.")
  var seed: UInt64 = 1

  @Option(help: "The folder to work in (default: the system's for temporary files).")
  var scratch = NSTemporaryDirectory()

  @Option(help: "Where to write the figures as JSON.")
  var json = ".build/bench-reliability.json"

  func validate() throws {
    try NameList.check(wanted, among: ReliabilityTrials.names, kind: "trial")
    guard kills > 0, files >= 100, hours > 0, hours <= 1000 else {
      throw ValidationError("expected at least one kill, 100 files, and 0 to 1000 hours.")
    }
  }

  func run() throws {
    let context = ReliabilityContext(kills: kills, files: files, hours: hours, seed: seed, scratch: scratch)
    var report: [String: [Figure]] = [:]
    for type in ReliabilityTrials.all where wanted.contains(type.name) {
      say("\(type.name.uppercased()): \(type.title)")
      let started = ContinuousClock.now
      report[type.name] = try type.init().run(context)
      let elapsed = (ContinuousClock.now - started) / .seconds(1)
      say("took \(Format.fixed(elapsed, digits: 1)) s\n")
    }
    for type in ReliabilityTrials.all {
      for figure in report[type.name] ?? [] { say(figure.line) }
    }
    try AtomicFile.write(ReportJSON.text(report), to: json)
  }

  private var wanted: [String] {
    NameList.names(only) ?? ReliabilityTrials.names
  }
}
