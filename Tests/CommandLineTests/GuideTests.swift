import Foundation
import TestSupport
import Testing

/// The user guide and the README are true: their commands are run in order, in a folder beside a copy of `data/`.
@Suite struct GuideTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ page: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
  }

  private static func blocks(_ page: String) throws -> [GuideBlock] {
    GuideBlock.all(of: page, try text(page))
  }

  /// The guide's pages in the order of its contents.
  static let guide = ["Documentation/UserGuide.md"] + chapters
  private static let chapters = [
    "FirstDiagnosis", "OwnRecordings", "FewLabels", "HealthyState", "ReadingResults", "EveryMorning",
    "Troubleshooting",
  ].map { "Documentation/UserGuide/\($0).md" }
  static let pages = guide + ["README.md"]

  /// What a reader has done who comes to the first chapter, or to the README.
  private static func prepared() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/data", withDestinationPath: root.appendingPathComponent("data").path)
    let first = try #require(try blocks(guide[0]).first { $0.isShell })
    let outcome = try run(first, in: folder)
    try #require(outcome.exitCode == 0, "\(outcome.output)")
    return folder
  }

  /// Results and messages in one, as on a terminal.
  private static func run(_ block: GuideBlock, in folder: TemporaryFolder) throws -> Program.Outcome {
    let programs = (Program.path as NSString).deletingLastPathComponent
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try Program.run(
      ["-e", "-c", "exec 2>&1\n" + block.text], in: folder, environment: ["PATH": "\(programs):\(path)"],
      executable: "/bin/sh")
  }

  @Test(.timeLimit(.minutes(10)), arguments: [Array(guide.dropFirst()), ["README.md"]])
  func everyCommandDoesWhatThePageSays(pages: [String]) throws {
    let folder = try Self.prepared()
    for page in pages {
      var last: Program.Outcome?
      for block in try Self.blocks(page) {
        if let name = block.fileName {
          try folder.write(block.text, to: name)
        } else if block.isShell, block.reasonNotRun == nil {
          let outcome = try Self.run(block, in: folder)
          #expect(outcome.exitCode == block.exitCode, "\(block.place): \(outcome.output)")
          last = outcome
        } else if block.info == "text", let outcome = last {
          #expect(block.shows(outcome.output), "\(block.place): found \(outcome.output)")
          last = nil
        }
      }
    }
  }

  @Test func whatCannotBeRunIsMarkedAndRare() throws {
    let all = try Self.pages.flatMap(Self.blocks)
    let run = all.filter { $0.isShell && $0.reasonNotRun == nil }
    let notRun = all.filter { $0.reasonNotRun != nil }
    #expect(notRun.count <= 5, "\(notRun.map(\.place))")
    #expect(notRun.allSatisfy { $0.isShell })
    #expect(run.count > 5 * notRun.count)
  }

  /// Indented blocks would pass by the test that runs commands.
  @Test(arguments: pages) func commandsStandInFences(page: String) throws {
    let indented = try Self.text(page).split(separator: "\n").filter {
      $0.hasPrefix("    ") && $0.drop { $0 == " " }.hasPrefix("fault-diag ")
    }
    #expect(indented.isEmpty)
  }

  @Test(arguments: pages) func linksLeadSomewhere(page: String) throws {
    let folder = Self.root.appendingPathComponent(page).deletingLastPathComponent()
    for match in try Self.text(page).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
      let target = folder.appendingPathComponent(String(match.output.1)).path
      #expect(FileManager.default.fileExists(atPath: target), "\(match.output.1)")
    }
  }

  /// Every message that the table of messages explains is one of the program's.
  @Test func theTroubleshootingKnowsTheProgramsMessages() throws {
    let sources = try Self.sources()
    let rows = try Self.text("Documentation/UserGuide/Troubleshooting.md").split(separator: "\n")
      .filter { $0.hasPrefix("| `") }
    #expect(rows.count > 30)
    for row in rows {
      let cell = row.prefix(upTo: try #require(row.range(of: " | ")).lowerBound)
      for message in cell.matches(of: /`([^`]+)`/) {
        for piece in message.output.1.split(separator: "...") {
          let words = piece.trimmingCharacters(in: [" ", "'"])
          #expect(words.isEmpty || sources.contains(words), "no message has the words: \(words)")
        }
      }
    }
  }

  /// All sources in one text, with strings that go on in the next line joined.
  private static func sources() throws -> String {
    let folder = root.appendingPathComponent("Sources")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var text = ""
    while let file = files?.nextObject() as? URL {
      if file.pathExtension == "swift" { text += try String(contentsOf: file, encoding: .utf8) }
    }
    return text.replacing(/"\s*\n\s*\+ "/, with: "")
  }
}
