import ArgumentParser
import FaultDiag
import SignalIO

/// Lists the catalogue.
struct BearingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bearings",
    abstract: "List the bearings known by name, with their fault frequencies in orders and their sources.",
    discussion: "Example: fault-diag bearings 6205")

  @Argument(help: "Only this bearing.")
  var name: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    try perform(console) {
      let entries = try name.map { [try BearingCatalogue.entry(named: $0)] } ?? BearingCatalogue.entries
      console.result(output.json ? ReportJSON.text(entries.map(Row.init)) : table(entries))
    }
  }

  /// One entry as JSON.
  private struct Row: Encodable {
    var name: String
    var bpfo: Double
    var bpfi: Double
    var twiceBsf: Double
    var ftf: Double
    var source: String

    init(_ entry: BearingEntry) {
      name = entry.name
      (bpfo, bpfi, twiceBsf, ftf) =
        (entry.orders.outer, entry.orders.inner, entry.orders.ball, entry.orders.cage)
      source = entry.source
    }
  }

  private func table(_ entries: [BearingEntry]) -> String {
    let width = entries.map { $0.name.count }.max() ?? 0
    let head = "name".rightPadded(to: width) + "     BPFO     BPFI    2xBSF      FTF  source"
    let rows = entries.map { entry in
      let orders = [entry.orders.outer, entry.orders.inner, entry.orders.ball, entry.orders.cage]
      let numbers = orders.map { Format.fixed($0, digits: 4).leftPadded(to: 9) }.joined()
      return entry.name.rightPadded(to: width) + numbers + "  " + entry.source
    }
    return ([head] + rows).joined(separator: "\n")
  }
}

extension String {
  /// Spaces behind the text until it is `width` characters wide.
  func rightPadded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
