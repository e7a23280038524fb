import FaultDiag
import Foundation

/// Sends every command that writes to places where nothing can be written.
struct BadOutputTrial: ReliabilityTrial {
  static let name = "bad-outputs"
  static let title = "outputs on a read-only disk, in a folder that is a file, under the name of a folder"

  func run(_ context: ReliabilityContext) throws -> [Figure] {
    let folder = try TrialFolder("bad-outputs", in: context.scratch)
    defer { folder.remove() }
    try folder.addEverything()
    try folder.write("a file\n", to: "file")
    try folder.makeFolder("taken")
    var (runs, faults) = (0, Faults())
    func expectRefusal(_ arguments: [String], _ what: String) throws {
      let outcome = try Launch.run(arguments, in: folder.path)
      runs += 1
      faults.require(
        outcome.exitCode == 73 && !outcome.messages.isEmpty,
        "\(what): \(outcome.exitCode), \(outcome.messages)")
    }
    // Permissions do not bind an administrator; a file system that is mounted for reading only does.
    if let disk = try MountedFolder(folder["fixed"], kilobytes: 8 << 10) {
      for command in WritingCommand.all {
        try folder.makeFolder("fixed/\(command.name)")
        for preparation in command.preparations("fixed/\(command.name)") {
          _ = try Launch.run(preparation, in: folder.path)
        }
      }
      let before = folder.files(in: "fixed")
      guard disk.makeReadOnly() else { throw TrialFailure("the disk cannot be made read-only") }
      for command in WritingCommand.all {
        try expectRefusal(command.arguments("fixed/\(command.name)"), "\(command.name) on a read-only disk")
      }
      faults.require(folder.files(in: "fixed") == before, "a read-only disk has changed")
    } else {
      say("  " + MountedFolder.explanation)
    }
    for command in WritingCommand.all where command.preparations("").isEmpty {
      try expectRefusal(command.arguments("file/out"), "\(command.name) below a file")
    }
    for command in WritingCommand.all {
      guard let toFile = command.toFile, let file = command.files.first ?? command.logs.first else {
        continue
      }
      try folder.makeFolder("taken/" + file)
      try expectRefusal(toFile("taken/" + file), "\(command.name) to a folder")
      try expectRefusal(toFile("missing/" + file), "\(command.name) into a folder that is not there")
    }
    faults.require(!FileManager.default.fileExists(atPath: folder["missing"]), "a folder was made")
    say("  \(runs) command lines, \(faults.count) faults")
    return [
      Figure(name: "bad_output_runs", value: Double(runs), goal: .none),
      Figure(name: "bad_output_faults", value: Double(faults.count), goal: .atMost(0)),
    ]
  }
}
