import ArgumentParser
import FaultDiag
import Foundation
import NeuralNet
import Support

/// All races of speed in one run.
struct SpeedBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed", abstract: "How fast, beside PyTorch, SciPy and the limits of the machine.",
    discussion: """
      Every measurement is a process of its own; ours and the peer's take turns, and medians are compared. Only ratios \
      within one run mean something, and below 1.3 nothing does. Both sides run with OpenBLAS's own choice of kernels. \
      Run it on a quiet machine: the load that others put on it is printed beside each race.
      """)

  @Option(
    help: ArgumentHelp(
      "Only these races, separated by commas: \(SpeedRaces.names.joined(separator: ", ")).",
      valueName: "names"))
  var only: String?

  @Option(help: "Turns of each side.")
  var pairs = 3

  @Option(help: "The folder of the peer's programs; FAULT_DIAG_PEER, else ../shared/peer.")
  var peer: String?

  @Option(help: "Where to write every measurement as JSON.")
  var json = ".build/bench-speed.json"

  func validate() throws {
    try NameList.check(wanted, among: SpeedRaces.names, kind: "race")
    guard pairs > 0 else { throw ValidationError("--pairs \(pairs): expected at least 1.") }
  }

  func run() throws {
    let peer = try Peer(folder: peer)
    if peer == nil { print(Peer.explanation) }
    let context = SpeedContext(peer: peer, pairs: pairs)
    var report = Report(pairs: pairs, races: [:])
    for type in SpeedRaces.all where wanted.contains(type.name) {
      print("\(type.name.uppercased()): \(type.title)")
      let load = MachineLoad()
      let outcome = try type.init().run(context)
      let others = load.othersShare()
      print("others used \(Format.percent(others)) of the machine\n")
      report.races[type.name] = Report.Entry(
        figures: outcome.figures, rows: outcome.rows, othersShare: others)
    }
    for type in SpeedRaces.all {
      for figure in report.races[type.name]?.figures ?? [] { print(figure.line) }
    }
    try AtomicFile.write(ReportJSON.text(report), to: json)
  }

  private var wanted: [String] {
    NameList.names(only) ?? SpeedRaces.names
  }

  private struct Report: Encodable {
    struct Entry: Encodable {
      var figures: [Figure]
      var rows: [RaceRow]
      /// Of the machine's processors, what neither side used.
      var othersShare: Double
    }

    var pairs: Int
    var races: [String: Entry]
  }
}
