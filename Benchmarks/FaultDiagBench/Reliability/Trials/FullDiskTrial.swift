import FaultDiag
import Foundation
import NeuralNet

/// Lets the disk fill up at many places of every command that writes.
///
/// A command gets a file system in memory with room for a part of what it writes: none, one page, and ten parts up to
/// nearly all. Under every final name stands an older file. Afterwards each is the old one or the whole new one.
struct FullDiskTrial: ReliabilityTrial {
  static let name = "full-disk"
  static let title =
    "a disk that is full after every part of what a command writes, /dev/full, and full standard output"

  private static let parts = 10
  private static let old = Data("what was there before\n".utf8)

  func run(_ context: ReliabilityContext) throws -> [Figure] {
    let folder = try TrialFolder("full-disk", in: context.scratch)
    defer { folder.remove() }
    try folder.addEverything()
    guard let disk = try MountedFolder(folder["small"], kilobytes: 32 << 10) else {
      say("  " + MountedFolder.explanation)
      return []
    }
    var (faults, runs, refused) = (Faults(), 0, 0)
    say("  command                 KiB written  runs  refused with 73  ended well")
    for command in WritingCommand.all {
      var trial = FullDisk(folder: folder, disk: disk, command: command)
      try trial.measure()
      for part in [0, 4] + (1...Self.parts).map({ trial.kilobytes * $0 / (Self.parts + 1) }) {
        try trial.run(room: part, old: Self.old, faults: &faults)
      }
      runs += trial.refused + trial.ended
      refused += trial.refused
      say(trial.row)
    }
    let devices = try full(folder, &faults)
    say("  /dev/full: \(devices) command lines, to a file and to standard output")
    return [
      Figure(name: "full_disk_runs", value: Double(runs + devices), goal: .none),
      Figure(name: "full_disk_refused", value: Double(refused), goal: .none),
      Figure(name: "full_disk_faults", value: Double(faults.count), goal: .atMost(0)),
    ]
  }

  /// A device on which every write fails.
  private func full(_ folder: TrialFolder, _ faults: inout Faults) throws -> Int {
    var count = 0
    for command in WritingCommand.all {
      guard let toFile = command.toFile, let file = command.files.first ?? command.logs.first else {
        continue
      }
      // Some commands ask for an ending.
      let link = "full-" + file
      try? FileManager.default.createSymbolicLink(atPath: folder[link], withDestinationPath: "/dev/full")
      let outcome = try Launch.run(toFile(link), in: folder.path)
      faults.require(
        outcome.exitCode == (command.outlivesItsLog ? 0 : 73) && outcome.messages.contains("No space left"),
        "\(command.name) to /dev/full: \(outcome.exitCode), \(outcome.messages)")
      count += 1
    }
    for arguments in PrintingCommand.all {
      let outcome = try Launch.run(arguments, in: folder.path, output: "/dev/full")
      faults.require(
        outcome.exitCode == 73,
        "\(arguments.joined(separator: " ")) > /dev/full: \(outcome.exitCode), \(outcome.messages)")
      count += 1
    }
    return count
  }
}

/// One command on a disk with little room.
private struct FullDisk {
  let folder: TrialFolder
  let disk: MountedFolder
  let command: WritingCommand
  private(set) var refused = 0
  private(set) var ended = 0
  /// That it writes, in whole pages.
  private(set) var kilobytes = 0
  private var whole: [String: Data] = [:]

  init(folder: TrialFolder, disk: MountedFolder, command: WritingCommand) {
    self.folder = folder
    self.disk = disk
    self.command = command
  }

  var row: String {
    let numbers = [(kilobytes, 13), (refused + ended, 6), (refused, 17), (ended, 12)]
    return "  " + command.name.padding(toLength: 22, withPad: " ", startingAt: 0)
      + numbers.map { number, width in
        String(repeating: " ", count: max(0, width - "\(number)".count)) + "\(number)"
      }.joined()
  }

  private func start() throws {
    try? FileManager.default.removeItem(atPath: disk.path + "/filler")
    try? FileManager.default.removeItem(atPath: folder["small/out"])
    try folder.makeFolder("small/out")
    for arguments in command.preparations("small/out") { _ = try Launch.run(arguments, in: folder.path) }
  }

  /// What it writes where there is room.
  mutating func measure() throws {
    try start()
    let before = disk.freeKilobytes
    let outcome = try Launch.run(command.arguments("small/out"), in: folder.path)
    guard outcome.exitCode == 0 else { throw TrialFailure("\(command.name): \(outcome.messages)") }
    kilobytes = before - disk.freeKilobytes
    for name in command.files { whole[name] = folder.bytes("small/out/" + name) }
    guard whole.count == command.files.count else { throw TrialFailure("\(command.name) wrote other files") }
  }

  mutating func run(room: Int, old: Data, faults: inout Faults) throws {
    try start()
    for name in command.files { try old.write(to: URL(fileURLWithPath: folder["small/out/" + name])) }
    try disk.fill(leaving: room)
    let outcome = try Launch.run(command.arguments("small/out"), in: folder.path)
    let place = "\(command.name) with \(room) KiB"
    if outcome.exitCode == 73 {
      refused += 1
      faults.require(outcome.messages.contains("No space left"), "\(place) says \(outcome.messages)")
    } else {
      ended += 1
      faults.require(outcome.exitCode == 0, "\(place) ended with \(outcome.exitCode): \(outcome.messages)")
    }
    let temporary = folder.leftovers(in: "small/out")
    faults.require(temporary.isEmpty, "\(place) left \(temporary.joined(separator: ", "))")
    for name in command.files {
      let content = folder.bytes("small/out/" + name)
      let isWhole =
        content == whole[name] || content == old && outcome.exitCode != 0
        || name.hasSuffix("safetensors") && (try? Checkpoint.read(folder["small/out/" + name])) != nil
      faults.require(isWhole, "\(place): \(name) is neither old nor new, \(content?.count ?? -1) bytes")
    }
    let known = Set(command.files + command.logs)
    for name in folder.files(in: "small/out") where !known.contains(name) && !name.hasPrefix("events/") {
      if !temporary.contains(name) { faults.add("\(place) left \(name)") }
    }
  }
}
