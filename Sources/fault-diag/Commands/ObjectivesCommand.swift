import ArgumentParser
import CPC
import FaultDiag

/// Lists what a representation can be learnt by.
struct ObjectivesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "objectives",
    abstract:
      "List the objectives that pretrain knows, with what they need, their settings and their sources.",
    discussion: """
      Encoders are listed by fault-diag pretrain --help, augmentations by fault-diag augment --list.

      Example: fault-diag objectives supcon
      """)

  @Argument(help: ArgumentHelp("Only this objective.", valueName: "one"))
  var name: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    try perform(console) {
      let families = try name.map { [try Objectives.named($0)] } ?? Objectives.all
      let entries = try families.map { try ObjectiveEntry($0) }
      console.result(
        output.json ? ReportJSON.text(entries) : entries.map { $0.text }.joined(separator: "\n\n"))
    }
  }
}

/// One objective as it is listed.
private struct ObjectiveEntry: Encodable {
  struct Setting: Encodable {
    var name: String
    var summary: String
    /// As it would be typed.
    var fallback: String
    var accepts: String

    enum CodingKeys: String, CodingKey {
      case name, summary, accepts
      case fallback = "default"
    }
  }

  var name: String
  var summary: String
  var citation: String
  /// What it needs with its default settings.
  var needs: Needs
  var settings: [Setting]

  struct Needs: Encodable {
    /// The least number of steps in a window.
    var steps: Int
    /// Views of each window.
    var views: Int
    var labels: Bool
  }

  init(_ family: any ObjectiveFamily) throws(CPCError) {
    let needs = try Objectives.needs(of: Choice(family.name))
    name = family.name
    summary = family.summary
    citation = family.citation
    self.needs = Needs(steps: needs.steps, views: needs.views.count, labels: needs.labels)
    settings = family.settings.map {
      Setting(name: $0.name, summary: $0.summary, fallback: "\($0.fallback)", accepts: $0.expected)
    }
  }

  var text: String {
    var demands: [String] = []
    if needs.steps > 1 { demands.append("a sequence of at least \(needs.steps) steps") }
    if needs.views > 1 { demands.append("\(needs.views) views of each window") }
    if needs.labels { demands.append("labels") }
    let width = settings.map { $0.name.count + $0.fallback.count + 1 }.max() ?? 0
    let rows = settings.map { setting in
      "  " + "\(setting.name)=\(setting.fallback)".rightPadded(to: width)
        + "  \(setting.summary); \(setting.accepts)"
    }
    return
      ([
        "\(name): \(summary)", "  needs \(demands.isEmpty ? "nothing" : demands.joined(separator: ", "))",
        "  \(citation)",
      ] + rows).joined(separator: "\n")
  }
}
