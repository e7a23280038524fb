import ArgumentParser
import Support

/// The page of the manual about one command, or about the program, made from what `--help` is made from.
struct ManualPage {
  let program: CommandDescription
  /// Nil on the page about the program.
  let command: CommandDescription?

  /// Of the page, without its section: `fault-diag-report`.
  var name: String {
    ([program.commandName] + (command.map { [$0.commandName] } ?? [])).joined(separator: "-")
  }

  /// The page in the `man` macros.
  var source: String {
    var page = Roff()
    // No date: the same version gives the same bytes.
    page.macro("TH", name.uppercased(), "1", "", ProgramVersion.text, "User Commands")
    page.macro("SH", "NAME")
    page.line("\(Roff.escaped(name)) \\- \(Roff.escaped(firstSentence))")
    page.macro("SH", "SYNOPSIS")
    page.line(synopsis)
    if let command {
      writeDescription(of: command, to: &page)
      writeArguments(of: command, to: &page)
    } else {
      writeCommands(to: &page)
      writeFiles(to: &page)
    }
    writeExitStatus(to: &page)
    page.macro("SH", "SEE ALSO")
    page.line(related.map { "\(Roff.bold($0))(1)" }.joined(separator: ", "))
    return page.text
  }

  /// As `whatis` lists it: without the full stop.
  private var firstSentence: String {
    let abstract = (command ?? program).abstract ?? ""
    return abstract.hasSuffix(".") ? String(abstract.dropLast()) : abstract
  }

  private var synopsis: String {
    guard let command else { return "\(Roff.bold(program.commandName)) \(Roff.italic("command")) [options]" }
    let needed = command.shownArguments.filter { $0.kind == .option && !$0.isOptional }.map { option in
      "\(Roff.bold(option.longName)) \(Roff.italic(option.valueName ?? "value"))"
    }
    let inputs = command.shownArguments.filter { $0.kind == .positional }.map { input in
      let name = Roff.italic(input.valueName ?? "input") + (input.isRepeating ? " ..." : "")
      return input.isOptional ? "[\(name)]" : name
    }
    return ([Roff.bold("\(program.commandName) \(command.commandName)"), "[options]"] + needed + inputs)
      .joined(separator: " ")
  }

  /// Paragraphs of the help; lines that end in a command line are examples.
  private func writeDescription(of command: CommandDescription, to page: inout Roff) {
    let paragraphs = (command.discussion ?? "").split(separator: "\n\n").map { $0.split(separator: "\n") }
    let examples = paragraphs.flatMap(\.self).compactMap { Example(line: String($0)) }
    let prose = paragraphs.filter { $0.allSatisfy { Example(line: String($0)) == nil } }
    page.macro("SH", "DESCRIPTION")
    page.words(command.abstract ?? "")
    for paragraph in prose {
      page.macro("PP")
      for line in paragraph { page.words(String(line)) }
    }
    guard !examples.isEmpty else { return }
    page.macro("SH", "EXAMPLES")
    for example in examples {
      page.macro("PP")
      if example.words != "Example" { page.words(example.words + ":") }
      page.example([example.commandLine])
    }
  }

  private func writeArguments(of command: CommandDescription, to page: inout Roff) {
    let inputs = command.shownArguments.filter { $0.kind == .positional }
    if !inputs.isEmpty { page.macro("SH", "ARGUMENTS") }
    for input in inputs { writeItem(Roff.italic(input.valueName ?? "input"), input.explanation, to: &page) }
    page.macro("SH", "OPTIONS")
    var section: String?
    // The parser lists options without a section after the others.
    let options = command.shownArguments.filter { $0.kind != .positional }
    let ordered = options.filter { $0.sectionTitle == nil } + options.filter { $0.sectionTitle != nil }
    for option in ordered {
      if let title = option.sectionTitle, title != section { page.macro("SS", title) }
      section = option.sectionTitle
      let names = (option.names ?? []).map { Roff.bold($0.text) }.sorted { $0.count < $1.count }
      let value = option.kind == .option ? " " + Roff.italic(option.valueName ?? "value") : ""
      writeItem(names.joined(separator: ", ") + value, option.explanation, to: &page)
    }
  }

  private func writeCommands(to page: inout Roff) {
    page.macro("SH", "DESCRIPTION")
    page.words(program.abstract ?? "")
    page.macro("SH", "COMMANDS")
    for group in FaultDiagCommand.configuration.groupedSubcommands {
      page.macro("SS", group.name)
      for command in group.subcommands {
        let configuration = command.configuration
        let name = "\(program.commandName)-\(configuration.commandName ?? "")"
        writeItem("\(Roff.bold(name))(1)", configuration.abstract, to: &page)
      }
    }
  }

  private func writeFiles(to page: inout Roff) {
    page.macro("SH", "FILES")
    let files = [
      (
        "recording.json, .yaml, .yml, .toml",
        "Side-car of a recording: its speed, bearing, machine, unit, label and whatever else is known of it."
      ),
      ("fault-diag.toml", "The same for all recordings of a folder and of those below it."),
      ("labels.csv", "Table of labels of a folder, with the columns file and label."),
    ]
    for (name, words) in files { writeItem(Roff.italic(name), words, to: &page) }
    page.macro("SH", "ENVIRONMENT")
    let variables = [
      ("NO_COLOR", "Where it is set and not empty, results have no colours."),
      (
        "SLURM_ARRAY_TASK_ID",
        "Of a Slurm array job: report diagnoses the share of this task, as with --shard."
      ),
    ]
    for (name, words) in variables { writeItem(Roff.bold(name), words, to: &page) }
  }

  private func writeExitStatus(to page: inout Roff) {
    page.macro("SH", "EXIT STATUS")
    for (code, meaning) in FaultDiagExit.meanings {
      writeItem(Roff.bold("\(code.rawValue)"), meaning, to: &page)
    }
  }

  private func writeItem(_ tag: String, _ words: String, to page: inout Roff) {
    page.macro("TP")
    page.line(tag)
    page.words(words)
  }

  /// The program's page, and on it those of what most begin with.
  private var related: [String] {
    command == nil
      ? ["diagnose", "report", "fit"].map { "\(program.commandName)-\($0)" } : [program.commandName]
  }
}

extension ManualPage {
  /// A line such as `For Nagios: fault-diag report recordings/ --nagios`.
  private struct Example {
    var words: String
    var commandLine: String

    init?(line: String) {
      guard let colon = line.range(of: ": fault-diag ") else { return nil }
      words = String(line[..<colon.lowerBound])
      commandLine = String(line[colon.lowerBound...].dropFirst(2))
    }
  }
}

extension CommandDescription.Argument {
  fileprivate var longName: String { (names ?? []).map(\.text).max { $0.count < $1.count } ?? "" }

  /// What it is for, with its values and its default.
  fileprivate var explanation: String {
    var notes: [String] = []
    if let allValues, !allValues.isEmpty { notes.append("values: \(allValues.joined(separator: ", "))") }
    if let defaultValue { notes.append("default: \(defaultValue)") }
    return (abstract ?? "") + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
  }
}
